"""What a form can ask of a register while it is filled in: is there such a parcel, which are mine, how does this line divide it.

    provide("parcel", Source(find=..., own=..., cut=..., title=..., given=..., fills=...))     # in a sector: forms name it by `of: parcel`

Everything that a source answers is what the asker may see; it never names other people. Imported by sectors (which provide) and by
the forms themselves (which ask).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sonha.foundation.access.actor import Actor


@dataclass(frozen=True)
class Asker:
    """Who asks, and whose dossier it is (the key of a party) where that is known."""

    actor: Actor
    owner_id: int | None = None


@dataclass(frozen=True)
class Answer:
    """What the register holds, in one sentence. `warn`: worth a second look; it never stops anybody.

    `values`: what may be offered to the form, by the source's own names. `shape` and `around`: GeoJSON in EPSG:4326.
    """

    sentence: str
    warn: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    shape: Mapping[str, Any] | None = None
    around: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Own:
    """One thing of the asker's own, to be chosen. `values` as in `Answer`."""

    key: str
    label: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """What a line cuts off: GeoJSON in EPSG:4326, area in m² as the register will write it."""

    geometry: Mapping[str, Any]
    area: float


@dataclass(frozen=True)
class Cut:
    """How a drawn line divides what was found; `warn` with a sentence and no parts when it does not."""

    sentence: str
    warn: bool = False
    parts: Sequence[Part] = ()


Given = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """`find` gives None while too little is given to look for anything; `cut` when there is nothing to cut.

    `title` is what an editor of forms calls it; `given` (what it asks with) and `fills` (what else it offers) put its names into words.
    """

    find: Callable[[Asker, Given], Answer | None]
    own: Callable[[Asker], Sequence[Own]] = lambda asker: ()
    cut: Callable[[Asker, Given, Mapping[str, Any]], Cut | None] = lambda asker, given, line: None
    title: Any = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    fills: Mapping[str, Any] = field(default_factory=dict)

    def names(self, which: str) -> Mapping[str, Any]:
        """The names that a form may use under `given` or `fills`: where to look may be offered too."""
        return self.given if which == "given" else {**self.fills, **self.given}


def digest(sentence: str) -> str:
    """By which a page says which sentence it has shown."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


_sources: dict[str, Source] = {}


def provide(name: str, source: Source) -> None:
    _sources[name] = source


def source(name: str) -> Source | None:
    return _sources.get(name)


def known() -> Mapping[str, Source]:
    return dict(_sources)
