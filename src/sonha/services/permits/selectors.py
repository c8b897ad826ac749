"""Reading the permits register. The register of permits is public without personal data; holders and officials see more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Self

from django.contrib.gis.db.models.functions import Centroid, SnapToGrid
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.files.models import StoredFile
from sonha.foundation.organisations.models import AdminUnit, Unit
from sonha.foundation.search.expressions import Words
from sonha.foundation.search.folding import fold
from sonha.services.permits.models import Permit, PermitEvent, PermitState

READERS = frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.CLERK, Role.RECEPTIONIST, Role.AUDITOR})
KINDS = [
    ("permit", _("Giấy phép")),
    ("certificate", _("Giấy chứng nhận, chứng chỉ")),
    ("decision", _("Quyết định")),
    ("confirmation", _("Giấy xác nhận")),
]
EXPIRING = (30, 90, 180, 365)
"""Days ahead that the register offers to look."""
SORTS = ("", "valid_to", "number")


def permits(actor: Actor) -> QuerySet[Permit]:
    """Permits the actor may read in full: its own, and for officials those that their agency keeps or issued."""
    rows = Permit.objects.select_related("holder", "issuer", "keeper", "dossier")
    if actor.is_system:
        return rows
    mine = Q(holder_id__in=actor.party_ids)
    agencies = agencies_of(actor, READERS)
    if agencies:
        mine |= Q(keeper_id__in=agencies) | Q(issuer_id__in=agencies)
    return rows.filter(mine)


def places_in_force() -> list[tuple[float, float, int]]:
    """(longitude, latitude, number) of permits in force, gathered on a grid of about two kilometres, without holders."""
    rows = (
        Permit.objects.filter(state=PermitState.IN_FORCE, geometry__isnull=False)
        .annotate(cell=SnapToGrid(Centroid("geometry"), 0.02))
        .values("cell")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return [(row["cell"].x, row["cell"].y, row["number"]) for row in rows]


def agencies_of(actor: Actor, roles: Collection[str]) -> list[int]:
    """The nearest agency at or above each post with one of the roles."""
    posts = [post for post in actor.posts if post.role in roles]
    codes = {code for post in posts for code in post.unit_path.split("/") if code}
    if not codes:
        return []
    agencies = dict(Unit.objects.filter(code__in=codes, is_agency=True).values_list("code", "pk"))
    above = [[agencies[code] for code in post.unit_path.split("/") if code in agencies] for post in posts]
    return [chain[-1] for chain in above if chain]


@dataclass(frozen=True)
class PermitFilters:
    """What the register is narrowed by; an empty condition does not narrow."""

    words: str = ""  # number, holder, title, or a place
    permit_type: str = ""
    kind: str = ""
    state: str = ""
    agency: str = ""  # keeps or issued it
    commune: str = ""
    expiring: str = ""  # days from today
    start: date | None = None  # issued from … to …
    end: date | None = None
    sort: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """From the parameters of an address; a value that makes no sense is no filter."""
        values: dict[str, Any] = {name: parameters.get(PARAMETERS[name], "").strip() for name in PARAMETERS}
        values["start"], values["end"] = _day(values["start"]), _day(values["end"])
        values["expiring"] = values["expiring"] if values["expiring"].isdecimal() and len(values["expiring"]) < 5 else ""
        values["sort"] = values["sort"] if values["sort"] in SORTS else ""
        return cls(**values)

    def parameters(self) -> dict[str, str]:
        values = {PARAMETERS[each.name]: getattr(self, each.name) for each in fields(self)}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items() if value}


PARAMETERS = {
    "words": "q", "permit_type": "type", "kind": "kind", "state": "state", "agency": "agency", "commune": "commune",
    "expiring": "expiring", "start": "from", "end": "to", "sort": "sort",
}  # fmt: skip

ORDER: dict[str, tuple[Any, ...]] = {
    "": ("-pk",),
    "valid_to": (F("valid_to").asc(nulls_last=True), "pk"),
    "number": ("number", "pk"),
}


def permits_matching(actor: Actor, filters: PermitFilters) -> QuerySet[Permit]:
    """The actor's permits that match, newest first unless asked otherwise."""
    rows = permits(actor).filter(_words(filters.words))
    exact = {"permit_type": filters.permit_type, "kind": filters.kind, "state": filters.state, "commune_code": filters.commune}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.agency:
        rows = rows.filter(Q(keeper__code=filters.agency) | Q(issuer__code=filters.agency))
    if filters.expiring:
        rows = rows.filter(expiring_within(int(filters.expiring)))
    if filters.start:
        rows = rows.filter(issued_on__gte=filters.start)
    if filters.end:
        rows = rows.filter(issued_on__lte=filters.end)
    return rows.order_by(*ORDER[filters.sort])


def place_of(permit: Permit, sort: str) -> str:
    """Where a permit stands in that order, for the address of what comes after it."""
    first = {"valid_to": permit.valid_to.isoformat() if permit.valid_to else "", "number": permit.number}.get(sort, "")
    return f"{first}_{permit.pk}"


def beyond(rows: QuerySet[Permit], sort: str, place: str) -> QuerySet[Permit]:
    """The rows after a place; all of them when the place cannot be read."""
    first, _line, number = place.rpartition("_")
    if not number.isdecimal() or len(number) > 18:
        return rows
    pk = int(number)
    if sort == "number":
        return rows.filter(Q(number__gt=first) | Q(number=first, pk__gt=pk))
    if sort != "valid_to":
        return rows.filter(pk__lt=pk)
    day = _day(first)
    if day is None:
        return rows.filter(valid_to=None, pk__gt=pk)
    return rows.filter(Q(valid_to__gt=day) | Q(valid_to=day, pk__gt=pk) | Q(valid_to=None))


def expiring_within(days: int, today: date | None = None) -> Q:
    """In force, and the last day comes within so many days."""
    today = today or timezone.localdate()
    return Q(state=PermitState.IN_FORCE, valid_to__gte=today, valid_to__lte=today + timedelta(days=days))


def find_permits(actor: Actor, words: str = "", *, permit_type: str = "", state: str = "") -> QuerySet[Permit]:
    """Permits by number, holder, title or place (no diacritics needed), newest first."""
    return permits_matching(actor, PermitFilters(words=words, permit_type=permit_type, state=state))


def _words(text: str) -> Q:
    text = text.strip()
    if not text:
        return Q()
    found = Q(search=Words(text)) | Q(number__istartswith=text)
    named = [code for code, name in AdminUnit.objects.values_list("code", "name") if fold(text) in fold(name)] if len(text) > 2 else []
    return found | Q(commune_code__in=named) if named else found


def permit_types(actor: Actor) -> list[tuple[str, str]]:
    """Types that the actor's permits have, each by the title of its newest."""
    rows = permits(actor).select_related(None).order_by("permit_type", "-pk").distinct("permit_type")
    return sorted(((kind, title) for kind, title in rows.values_list("permit_type", "title")), key=lambda each: each[1])


def type_title(permit_type: str) -> str:
    if not permit_type:
        return ""
    return str(Permit.objects.filter(permit_type=permit_type).order_by("-pk").values_list("title", flat=True).first() or permit_type)


def permit_agencies(actor: Actor) -> QuerySet[Unit]:
    """Agencies that keep or issued the actor's permits."""
    seen = permits(actor).select_related(None).order_by()
    return Unit.objects.filter(Q(pk__in=seen.values("keeper")) | Q(pk__in=seen.values("issuer"))).order_by("name")


def history(actor: Actor, of: Permit) -> QuerySet[PermitEvent]:
    """Everything that happened to a permit, oldest first; the caller got `of` from `permits(actor)`."""
    return of.events.select_related("dossier", "recorded_by", "document")


def may_read_document(actor: Actor, file: StoredFile) -> bool:
    """Whoever reads a permit reads the documents of its acts."""
    return PermitEvent.objects.filter(document=file, permit__in=permits(actor).select_related(None)).exists()


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
