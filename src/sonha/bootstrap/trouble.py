"""Trouble a person can act on: one sentence in Vietnamese, the same in English, no traceback."""


class Trouble(Exception):
    """What went wrong and what to do about it, in both languages; ends the command with `code`."""

    def __init__(self, vietnamese: str, english: str, *, code: int = 1, detail: str = "") -> None:
        super().__init__(english)
        self.vietnamese = vietnamese
        self.english = english
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        lines = [f"✗ {self.vietnamese}", f"  {self.english}"]
        lines += [f"  │ {line}" for line in self.detail.strip().splitlines()[-12:]]
        return "\n".join(lines)
