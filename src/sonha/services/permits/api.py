"""/api/v1/permits: the register of permits, as far as the caller may read it."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from sonha.foundation.rest.paging import Page, page
from sonha.foundation.rest.values import LARGEST_ID, Key, Limit, PathId, Words, enumeration
from sonha.foundation.search.counting import capped_count
from sonha.services.permits import selectors
from sonha.services.permits.models import Permit, PermitEvent, PermitState

router = Router(tags=["permits"])
State = Annotated[PermitState, enumeration(PermitState)]
EventKind = Annotated[PermitEvent.Kind, enumeration(PermitEvent.Kind)]
NAMES = ("number", "permit_type", "kind", "title", "state", "holder_name", "issued_on", "valid_from", "valid_to", "commune_code")


class PermitRow(Schema):
    """A permit in a list (giấy phép)."""

    id: int
    number: str = Field(description="Number and symbol; unique only together with issuer and date.", examples=["01/GP-UBND"])
    permit_type: str
    kind: str = Field(description="permit, certificate, decision or confirmation.")
    title: str
    state: State
    holder_name: str
    issuer: str = Field(description="Code of the unit that issued it.")
    issued_on: date
    valid_from: date
    valid_to: date | None
    commune_code: str
    dossier: str | None = Field(description="Code of the dossier that led to it.")


class Permits(Page):
    """A page of permits."""

    items: list[PermitRow]


class PermitAct(Schema):
    """An act in the life of a permit."""

    kind: EventKind
    on_date: date
    basis: str
    recorded_at: datetime


class PermitDetail(PermitRow):
    """A permit with its life."""

    details: dict[str, Any] = Field(description="What the register keeps of this type.")
    geometry: dict[str, Any] | None = Field(description="GeoJSON geometry, EPSG:4326.")
    check_code: str = Field(description="For checking the signed document.")
    events: list[PermitAct]


class PermitFilters(Schema):
    q: Words = Field("", description="Number, holder or title, with or without diacritics.")
    type: Key = Field("", description="Type of permit.", examples=["groundwater_abstraction"])
    state: State | None = None
    after: int | None = Field(None, ge=1, le=LARGEST_ID, description="`next` of the page before.")
    limit: Limit = 20


@router.get("", response=Permits, operation_id="list_permits", summary="Permits that the caller may read")
def list_permits(request: HttpRequest, filters: Query[PermitFilters]) -> dict[str, Any]:
    """One's own permits; officials those that their agency keeps. Newest first."""
    rows = selectors.find_permits(request.actor, filters.q, permit_type=filters.type, state=filters.state or "")  # type: ignore[attr-defined]
    fetched = list((rows.filter(pk__lt=filters.after) if filters.after else rows)[: filters.limit + 1])
    shown = fetched[: filters.limit]
    more = shown[-1].pk if len(fetched) > filters.limit else None
    return page([_row(each) for each in shown], following=more, count=capped_count(rows))


@router.get("/{permit_id}", response=PermitDetail, operation_id="get_permit", summary="One permit")
def get_permit(request: HttpRequest, permit_id: PathId) -> dict[str, Any]:
    """A permit with everything that happened to it."""
    found = get_object_or_404(selectors.permits(request.actor), pk=permit_id)  # type: ignore[attr-defined]
    return {
        **_row(found),
        "details": found.details,
        "geometry": {"type": found.geometry.geom_type, "coordinates": found.geometry.coords} if found.geometry else None,
        "check_code": found.check_code,
        "events": list(found.events.values("kind", "on_date", "basis", "recorded_at")),
    }


def _row(permit: Permit) -> dict[str, Any]:
    code = permit.dossier.code if permit.dossier else None
    return {"id": permit.pk, **{name: getattr(permit, name) for name in NAMES}, "issuer": permit.issuer.code, "dossier": code}
