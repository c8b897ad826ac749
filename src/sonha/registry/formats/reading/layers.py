"""What every kind of file is read as."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. `kind`: text, integer, decimal, date, moment or boolean as the file types it; `samples` in words."""

    name: str
    kind: str = "text"
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """A sheet of a spreadsheet or a layer of a map. `srid` 0: the file does not say; `bounds` in its own coordinates."""

    name: str
    columns: tuple[Column, ...]
    count: int
    has_shapes: bool = False
    geometry_type: str = ""
    srid: int = 0
    bounds: tuple[float, float, float, float] | None = None
    encoding: str = ""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Batch:
    """Some rows: values by column, shapes (a numpy array of shapely geometries) when the layer has them, the number of the first row.

    Rows are numbered as a person finds them in the file: in a sheet by its own row numbers, in a layer from 1.
    """

    first: int
    count: int
    columns: dict[str, list[Any]]
    shapes: Any = None


@dataclass(slots=True)
class Source:
    kind: str
    layers: tuple[Layer, ...]
    read: Callable[[Layer], Iterator[Batch]] = field(repr=False)

    def layer(self, name: str) -> Layer:
        """LookupError when the file has no such layer."""
        for each in self.layers:
            if each.name == name:
                return each
        raise LookupError(name)

    def batches(self, layer: Layer) -> Iterator[Batch]:
        return self.read(layer)


def samples(values: Any) -> tuple[str, ...]:
    """The first different values, in words."""
    found: dict[str, None] = {}
    for value in values:
        words = "" if value is None else str(value).strip()
        if words:
            found[words[:60]] = None
        if len(found) >= SAMPLES:
            break
    return tuple(found)
