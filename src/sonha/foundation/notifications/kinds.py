"""Kinds of notification, declared by apps in their `notices.py`:

    register("dossier.accepted", label=_("Hồ sơ được tiếp nhận"), title=_("Hồ sơ {code} đã được tiếp nhận"),
             body=_("Ngày hẹn trả kết quả: {due_date}. Xem tình trạng hồ sơ tại liên kết bên dưới."))

The names in braces are all that a message of this kind may contain. Ask for the least: a mail box is not a safe place, so a code and a
link rather than names, addresses or the content of a decision.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise

APP, EMAIL = "app", "email"
CHANNELS = (APP, EMAIL)
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """`title_en`, `body_en`: only for texts that are data and have no entry in the message catalogue."""

    name: str
    label: Text
    title: Text
    body: Text
    default_channels: tuple[str, ...]
    title_en: str = ""
    body_en: str = ""
    for_officials: bool = False

    @property
    def placeholders(self) -> frozenset[str]:
        with translation.override("vi"):
            texts = f"{self.title} {self.body}"
        return frozenset(name for _, name, _, _ in string.Formatter().parse(texts) if name)

    def text(self, context: Mapping[str, object], language: str) -> tuple[str, str]:
        """(title, body) in `language`."""
        values = {key: str(value) for key, value in context.items()}
        with translation.override(language):
            english = language.startswith("en")
            title = self.title_en if english and self.title_en else str(self.title)
            body = self.body_en if english and self.body_en else str(self.body)
        return title.format_map(values), body.format_map(values)


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    *,
    label: Text,
    title: Text,
    body: Text,
    default_channels: tuple[str, ...] = CHANNELS,
    title_en: str = "",
    body_en: str = "",
    for_officials: bool = False,
) -> Kind:
    """Declares a kind of notification. ValueError when a channel is unknown or the kind is already declared differently."""
    unknown = set(default_channels) - set(CHANNELS)
    if unknown:
        raise ValueError(f"{name}: unknown channels {sorted(unknown)}; there are {CHANNELS}")
    kind = Kind(name, label, title, body, default_channels, title_en, body_en, for_officials)
    if _kinds.setdefault(name, kind) != kind:
        raise ValueError(f"the notification {name} is already declared differently")
    return kind


def kind(name: str) -> Kind:
    """LookupError when it was never declared."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no notification is named {name!r}: declare it in the app's notices.py") from None


def all_kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]
