"""Why a file was not taken."""


class FileRefused(Exception):
    """The file cannot be taken; the text is one sentence that tells the sender what to do."""


class StorageFull(FileRefused):
    """Nothing is wrong with the file: the disk has no room for it now. Whoever sends it again later loses nothing."""


class FileDamaged(Exception):
    """The bytes on disk are missing or are no longer those that were stored: an operator must restore them from the backup."""
