"""The Register class: everything that the platform must be told about one kind of record, and nothing that it can find out itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, cast

from django.db import models
from django.utils.functional import Promise

from sonha.foundation.access.roles import HANDLING, Role

from .fields import Field, field_of
from .layers import Layer
from .rules import Rule


@dataclass(frozen=True, slots=True)
class Database:
    """A specialised database - CSDL chuyên ngành: registers that belong together. `system` is its number in the architecture (S03)."""

    code: str
    slug: str
    title: str | Promise
    system: str = ""
    owner: str = ""  # code of the unit that keeps it
    order: int = 100


@dataclass(frozen=True, slots=True)
class Statistic:
    """A table of the statistical report: records grouped `by` fields, counted, with sums of numeric fields."""

    title: str | Promise
    by: tuple[str, ...]
    sums: tuple[str, ...] = ()


class Register:
    """One kind of record with everything that follows from it. Never instantiated: a declaration.

    Names of fields are those of the model. What a role may do by default is said here and kept as rows in `registry.grants`, where an
    administrator changes it.
    """

    code: ClassVar[str]  # in machine addresses, layers and data sets: lower case English plural, never changed
    slug: ClassVar[str]  # in addresses of pages
    database: ClassVar[Database]
    model: ClassVar[type[models.Model]]
    title: ClassVar[str | Promise]
    description: ClassVar[str | Promise] = ""
    source: ClassVar[str]  # the legal document that orders the register and its content
    order: ClassVar[int] = 100

    identity: ClassVar[tuple[str, ...]] = ()  # the natural key: two rows of an import with the same values are the same record
    name: ClassVar[str] = ""  # the field that names a record on pages; default: the first of `identity`
    columns: ClassVar[tuple[str, ...]] = ()  # of the list; default: the first six fields
    numbers: ClassVar[tuple[str, ...]] = ()  # codes and numbers found by how they begin
    filters: ClassVar[tuple[str, ...]] = ()
    sorts: ClassVar[tuple[str, ...]] = ()
    groups: ClassVar[tuple[tuple[str | Promise, tuple[str, ...]], ...]] = ()  # sections of detail and form; default: one with all fields
    computed: ClassVar[frozenset[str]] = frozenset()  # shown, never typed: only the sector's own transactions write them
    code_lists: ClassVar[Mapping[str, str]] = {}  # field -> code of the catalogue
    units: ClassVar[Mapping[str, str]] = {}  # field -> unit of measure as written: m², m³/ngày
    exchange_names: ClassVar[Mapping[str, str]] = {}  # field -> name in the circular's exchange structure
    layers: ClassVar[tuple[Layer, ...]] = ()
    rules: ClassVar[tuple[Rule, ...]] = ()
    statistics: ClassVar[tuple[Statistic, ...]] = ()

    public: ClassVar[bool] = False  # whether everybody may read `open_fields`
    open_fields: ClassVar[tuple[str, ...]] = ()
    personal: ClassVar[frozenset[str]] = frozenset()  # personal data: only for `personal_readers` and the person itself
    secret: ClassVar[frozenset[str]] = frozenset()  # fields that never leave by a service and are shown to `secret_readers` only
    holder: ClassVar[str] = ""  # path to the Party whose own the record is, which may read it in full
    readers: ClassVar[frozenset[str]] = HANDLING | {Role.AUDITOR}
    editors: ClassVar[frozenset[str]] = frozenset({Role.SPECIALIST, Role.HEAD})
    personal_readers: ClassVar[frozenset[str]] = frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.AUDITOR})
    secret_readers: ClassVar[frozenset[str]] = frozenset({Role.LEADER})

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """Every declared field in the order of the model, without the engine's own."""
        return _fields(cls)

    @classmethod
    def field(cls, name: str) -> Field:
        """LookupError when the register has no such field."""
        for each in cls.fields():
            if each.name == name:
                return each
        raise LookupError(f"{cls.code} has no field {name!r}")

    @classmethod
    def geometry(cls) -> str:
        """Name of the main geometry field; empty when records have no place."""
        return next((layer.geometry for layer in cls.layers), next((each.name for each in cls.fields() if each.kind == "geometry"), ""))

    @classmethod
    def list_columns(cls) -> tuple[str, ...]:
        return cls.columns or tuple(each.name for each in cls.fields() if each.kind != "geometry")[:6]

    @classmethod
    def sections(cls) -> tuple[tuple[str | Promise, tuple[str, ...]], ...]:
        """Sections with their fields; fields that no section names follow in a last one without a title."""
        named = {name for _title, names in cls.groups for name in names}
        rest = tuple(each.name for each in cls.fields() if each.name not in named)
        return (*cls.groups, ("", rest)) if rest else cls.groups

    @classmethod
    def naming(cls) -> str:
        return cls.name or next(iter(cls.identity), "pk")

    @classmethod
    def searchable(cls) -> bool:
        return any(each.name == "search" for each in cls.model._meta.local_fields)

    @classmethod
    def named(cls, row: Any) -> str:
        """What a record is called on a page."""
        return str(getattr(row, cls.naming()) or row.pk)


ENGINE = frozenset(
    {"id", "uid", "commune_code", "is_secret", "origin", "is_demo", "valid_from", "valid_to", "recorded_at", "change", "search"}
)
"""Fields that every kept record has; the engine shows and writes them itself."""


def is_content(field: Any) -> bool:
    return field.name not in ENGINE and not field.generated


def _read(register: type[Register]) -> tuple[Field, ...]:
    return tuple(field_of(register, each) for each in register.model._meta.local_concrete_fields if is_content(each))


_fields = cast("Callable[[type[Register]], tuple[Field, ...]]", cache(_read))
"""Declarations do not change while the site runs: read off the model once."""
