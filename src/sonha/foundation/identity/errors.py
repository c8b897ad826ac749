"""Why a service of the foundation does not do what it was asked."""


class Refused(ValueError):
    """What was asked does not fit; the text says why. `field` is where a form should show it."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class NotAllowed(PermissionError):
    """The actor may not do this."""
