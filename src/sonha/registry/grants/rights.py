"""What an actor may do with a register: rows, fields, acts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from sonha.foundation.access.actor import Actor, Post
from sonha.foundation.organisations.models import Unit
from sonha.registry.declarations import Register, registers

from .areas import Areas, areas_of
from .models import EVERYBODY, SIGNED_IN, RegisterGrant

Level = RegisterGrant.Level
NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rights:
    """`outside` are the fields that the actor sees of every row, `inside` those of rows in its `areas` (None: everywhere).

    Rows outside its areas are listed only when `outside` is not empty. Its own rows (by the register's `holder`) show all but secrets.
    """

    register: type[Register]
    areas: Areas = NOWHERE
    edit_areas: Areas = NOWHERE
    inside: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    downloads: bool = False
    secret_rows: bool = False
    party_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def reads(self) -> bool:
        return bool(self.inside or self.outside or (self.register.holder and self.party_ids))

    @property
    def edits(self) -> bool:
        """Somewhere at least."""
        return self.edit_areas is None or bool(self.edit_areas)

    def condition(self) -> Q:
        """Of the rows that the actor may read."""
        rows = Q(pk__in=[])
        if self.outside or (self.inside and self.areas is None):
            rows = Q()
        else:
            if self.inside and self.areas:
                rows |= Q(commune_code__in=self.areas)
            if self.register.holder and self.party_ids:
                rows |= Q(**{f"{self.register.holder}__in": self.party_ids})
        if not self.secret_rows:
            return rows & Q(is_secret=False)
        return rows if self.areas is None else rows & (Q(is_secret=False) | Q(commune_code__in=self.areas))

    def is_inside(self, commune_code: str) -> bool:
        return self.areas is None or commune_code in self.areas

    def fields_of(self, row: Any) -> frozenset[str]:
        """Names of the fields of this row that may be shown; `row` was read through `condition`."""
        if self.is_inside(row.commune_code):
            return self.inside | self.outside
        if self._own(row):
            return content_fields(self.register) - self.register.secret
        return self.outside

    def fields(self) -> frozenset[str]:
        """Names of the fields that may be shown of some row."""
        own = content_fields(self.register) - self.register.secret if self.register.holder and self.party_ids else frozenset()
        return self.inside | self.outside | own

    def where_shown(self, names: Iterable[str]) -> Q:
        """Of the rows, among those readable, in which all these fields may be shown.

        Whoever searches, filters, sorts, groups or sums by a field narrows the rows so: what is masked must not be found out by asking.
        """
        wanted = frozenset(names)
        if wanted <= self.outside or (self.areas is None and wanted <= self.inside | self.outside):
            return Q()
        rows = Q(pk__in=[])
        if self.areas and wanted <= self.inside | self.outside:
            rows |= Q(commune_code__in=self.areas)
        if self.register.holder and self.party_ids and not wanted & self.register.secret:
            rows |= Q(**{f"{self.register.holder}__in": self.party_ids})
        return rows

    def always_shown(self) -> frozenset[str]:
        """Names of the fields that may be shown of every row that the actor reads: those by which a list may be put in order."""
        if self.areas is None:
            return self.inside | self.outside
        kinds = [self.outside] if self.outside else []
        if self.inside and self.areas:
            kinds.append(self.inside | self.outside)
        if self.register.holder and self.party_ids:
            kinds.append(content_fields(self.register) - self.register.secret)
        return frozenset.intersection(*kinds) if kinds else NOWHERE

    def may_edit(self, row: Any) -> bool:
        return self.edit_areas is None or row.commune_code in self.edit_areas

    def _own(self, row: Any) -> bool:
        if not self.register.holder or not self.party_ids:
            return False
        value: Any = row
        for part in self.register.holder.split("__"):
            value = getattr(value, part, None)
        return (getattr(value, "pk", value)) in self.party_ids


def _content_fields(register: type[Register]) -> frozenset[str]:
    return frozenset(each.name for each in register.fields())


content_fields = cast("Callable[[type[Register]], frozenset[str]]", cache(_content_fields))
"""Names of a register's fields; declarations do not change while the site runs."""


def rights(actor: Actor, register: type[Register]) -> Rights:
    return all_rights(actor, [register])[register.code]


def all_rights(actor: Actor, of: Iterable[type[Register]] | None = None) -> dict[str, Rights]:
    """Rights by register's code, in at most three statements however many registers there are."""
    wanted = list(registers() if of is None else of)
    if actor.is_system:
        return {each.code: _everything(each) for each in wanted}
    grants: dict[str, list[RegisterGrant]] = {each.code: [] for each in wanted}
    for grant in _grants(actor, wanted):
        grants[grant.register].append(grant)
    areas = _Areas()
    paths = _unit_paths(grants)
    return {each.code: _joined(actor, each, grants[each.code], areas, paths) for each in wanted}


def _grants(actor: Actor, wanted: list[type[Register]]) -> Iterable[RegisterGrant]:
    audiences = {EVERYBODY, *(post.role for post in actor.posts)} | ({SIGNED_IN} if actor.is_authenticated else set())
    codes = {each.code for each in wanted}
    own = actor.user_id if actor.personal else None
    if connection.in_atomic_block:  # what this transaction wrote counts too
        return RegisterGrant.objects.on(timezone.localdate()).filter(
            Q(user=None) | Q(user_id=own), audience__in=audiences, register__in=codes
        )
    return [each for each in _in_force() if each.audience in audiences and each.register in codes and each.user_id in (None, own)]


def _in_force() -> list[RegisterGrant]:
    """Grants of today, remembered for some seconds: every request of a map asks for them."""
    global _remembered
    key, asked = (connection.settings_dict["NAME"], timezone.localdate()), monotonic()
    if not _remembered or _remembered[0] != key or asked - _remembered[1] >= settings.SONHA_GRANTS_KEPT:
        _remembered = (key, asked, list(RegisterGrant.objects.on(key[1])))
    return _remembered[2]


_remembered: tuple[Any, float, list[RegisterGrant]] | None = None


class _Areas:
    """Areas of a set of posts, looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Post, ...], Areas] = {}

    def of(self, posts: tuple[Post, ...]) -> Areas:
        if posts not in self._known:
            self._known[posts] = areas_of(posts)
        return self._known[posts]


def _unit_paths(grants: dict[str, list[RegisterGrant]]) -> dict[int, str]:
    units = {grant.unit_id for held in grants.values() for grant in held if grant.unit_id}
    return dict(Unit.objects.filter(pk__in=units).values_list("pk", "path")) if units else {}


def _joined(actor: Actor, register: type[Register], grants: list[RegisterGrant], areas: _Areas, paths: dict[int, str]) -> Rights:
    outside: set[str] = set()
    by_area: dict[Areas, set[str]] = {}
    secret_in: list[Areas] = []
    editing: Areas = NOWHERE
    downloads = False
    for grant in grants:
        posts = tuple(post for post in actor.posts if post.role == grant.audience)
        if grant.unit_id:
            posts = tuple(post for post in posts if post.unit_path.startswith(paths[grant.unit_id]))
        if grant.audience not in (EVERYBODY, SIGNED_IN) and not posts:
            continue
        shown = _fields(register, grant)
        where: Areas = None if grant.everywhere else areas.of(posts) if posts else NOWHERE
        if grant.everywhere and grant.audience in (EVERYBODY, SIGNED_IN):
            outside |= shown
        elif where is None or where:
            by_area.setdefault(where, set()).update(shown)
            if grant.secret:
                secret_in.append(where)
            if grant.level >= Level.EDIT and not actor.reads_only:
                editing = _either(editing, where)
        downloads |= grant.level >= Level.DOWNLOAD
    reading: Areas = NOWHERE
    for where in by_area:
        reading = _either(reading, where)
    secret = any(_covers(where, reading) for where in secret_in) if by_area else False
    return Rights(register, reading, editing, _everywhere_within(by_area), frozenset(outside), downloads, secret, actor.party_ids)


def _everywhere_within(by_area: dict[Areas, set[str]]) -> frozenset[str]:
    """The fields that are granted in every one of the areas together. Grants of different reach are not mixed: personal data that one post
    shows in its commune do not show in the whole province because another post reads there without them.
    """
    held = [set().union(*(fields for wider, fields in by_area.items() if _covers(wider, area))) for area in by_area]
    return frozenset(set.intersection(*held)) if held else frozenset()


def _either(one: Areas, other: Areas) -> Areas:
    return None if one is None or other is None else one | other


def _covers(wider: Areas, area: Areas) -> bool:
    return wider is None or (area is not None and area <= wider)


def _fields(register: type[Register], grant: RegisterGrant) -> set[str]:
    shown = set(content_fields(register))
    if grant.fields:
        shown &= set(grant.fields)
    if not grant.personal:
        shown -= register.personal
    if not grant.secret:
        shown -= register.secret
    return shown


def _everything(register: type[Register]) -> Rights:
    return Rights(register, None, None, content_fields(register), frozenset(), True, True)
