"""Why a file was not taken."""


class FileRefused(Exception):
    """The file cannot be taken; the text is one sentence that tells the sender what to do."""


class FileDamaged(Exception):
    """The bytes on disk are missing or are no longer those that were stored: an operator must restore them from the backup."""
