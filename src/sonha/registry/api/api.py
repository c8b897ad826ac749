"""/api/v1/registers: the registers, their records, and what changed in them, as far as the caller may read and write."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from sonha.foundation.access.actor import Actor
from sonha.foundation.rest.paging import page
from sonha.foundation.rest.problems import ProblemError
from sonha.foundation.rest.security import PUBLIC
from sonha.foundation.search.counting import found_first
from sonha.registry.declarations import Register, registers
from sonha.registry.declarations import register as declared
from sonha.registry.declarations.fields import Field
from sonha.registry.declarations.known import layers_of
from sonha.registry.grants.rights import Rights, all_rights, rights
from sonha.registry.pages.asking import Asked, When, reader
from sonha.registry.pages.narrowing import Narrowing
from sonha.registry.pages.places import WGS84, ZONES
from sonha.registry.pages.typed import editable_fields
from sonha.registry.records.selectors import versions as all_versions

from . import shapes, values
from .boxes import narrowed_by_box
from .feed import bookmark, piece, place_of
from .filters import checked
from .writing import told, written

router = Router(tags=["registers"])
SYSTEMS = frozenset({WGS84, 3857, *ZONES})
Key = shapes.KeyHeader
CLASHES: dict[str, Any] = {"responses": {409: {"description": ""}}}


def asked_for(request: HttpRequest, code: str, *, edits: bool = False) -> Asked:
    """Http404 for a register that the caller does not read; ProblemError when it writes nowhere in it."""
    if "Authorization" in request.headers and getattr(request, "api_token", None) is None:
        raise ProblemError("unauthenticated", _("Hãy đăng nhập hoặc gửi mã truy cập còn hiệu lực (Authorization: Bearer …)."))
    try:
        register = declared(code)
    except LookupError:
        raise Http404 from None
    actor = reader(request)
    held = rights(actor, register)
    if not held.reads or register.code != code:
        raise Http404
    if edits and not held.edits:
        raise ProblemError("forbidden", _("Ông/bà không được giao cập nhật «%(register)s».") % {"register": register.title})
    return Asked(actor, register, held)


def _system(srid: int) -> int:
    if srid not in SYSTEMS:
        raise ProblemError("invalid", _("Hệ toạ độ này không được hỗ trợ."), {"crs": _("Hệ toạ độ này không được hỗ trợ.")})
    return srid


@router.get("", response=shapes.Registers, auth=PUBLIC, operation_id="list_registers", summary="Registers that the caller may read")
def list_registers(request: HttpRequest) -> dict[str, Any]:
    """Every register with its fields and what the caller may do in it."""
    held = all_rights(reader(request))
    return {"items": [_shape(each, held[each.code]) for each in registers() if held[each.code].reads]}


@router.get("/{code}/schema", response=shapes.RegisterShape, auth=PUBLIC, operation_id="get_register", summary="One register")
def get_register(request: HttpRequest, code: shapes.Code) -> dict[str, Any]:
    """Fields, filters and rights."""
    asked = asked_for(request, code)
    return _shape(asked.register, asked.rights)


@router.get("/{code}/changes", response=shapes.ChangeEvents, operation_id="list_changes", summary="What changed, for warehouses")
def list_changes(request: HttpRequest, code: shapes.Code, query: Query[shapes.FromBookmark]) -> dict[str, Any]:
    """A stream in an order that never changes: nothing is lost or doubled, however many write meanwhile. Newest changes come with a
    delay of seconds while others are still being written."""
    found = piece(asked_for(request, code), place_of(query.after), query.limit)
    return {"items": found.events, "next": bookmark(found.place), "more": found.more}


@router.get("/{code}", response=shapes.Records, auth=PUBLIC, operation_id="list_records", summary="Search")
def list_records(request: HttpRequest, code: shapes.Code, filters: Query[shapes.RecordFilters]) -> dict[str, Any]:
    """Records that match, newest first or by `sort`."""
    asked = asked_for(request, code)
    srid, when = _system(filters.crs), When(filters.day, filters.known_at)
    narrowing = Narrowing(asked, checked(asked, request.GET))
    rows = narrowing.narrowed(asked.rows(when, ended=filters.ended))
    rows, count, more = found_first(narrowed_by_box(asked, rows, filters.bbox, srid))
    fetched = list(narrowing.beyond(rows)[: filters.limit + 1])
    shown = fetched[: filters.limit]
    following = narrowing.place_of(shown[-1]) if len(fetched) > filters.limit else None
    return page(values.told(asked, shown, srid), following=following, count=(count, more))


@router.get("/{code}/{record_id}", response=shapes.Record, auth=PUBLIC, operation_id="get_record", summary="One record")
def get_record(request: HttpRequest, code: shapes.Code, record_id: shapes.RecordId, when: Query[shapes.AsOf]) -> dict[str, Any]:
    """As it is, or was on a day, as known at a moment."""
    asked = asked_for(request, code)
    return values.told(asked, [asked.row(record_id, When(when.day, when.known_at))], _system(when.crs))[0]


@router.get("/{code}/{record_id}/versions", response=shapes.RecordVersions, operation_id="list_versions", summary="History of a record")
def list_versions(request: HttpRequest, code: shapes.Code, record_id: shapes.RecordId) -> dict[str, Any]:
    """Every version with the change that made it, newest belief first."""
    asked = asked_for(request, code)
    asked.row(record_id)
    rows = list(all_versions(asked.register, record_id).filter(asked.rights.condition()))
    items = [{**said, "change": row.change, "closed_at": row.closed_at} for said, row in zip(values.told(asked, rows), rows, strict=True)]
    return {"items": items}


@router.post(
    "/{code}", response={201: shapes.Record, 200: shapes.Record}, operation_id="add_record", summary="A new record", openapi_extra=CLASHES
)
def add_record(
    request: HttpRequest, response: HttpResponse, code: shapes.Code, payload: shapes.NewRecord, idempotency_key: Key = None
) -> Status[Any]:
    """Checked by the register's rules. 201 for a new record, 200 when the key was known."""
    asked = asked_for(request, code, edits=True)
    with told(asked):
        given = values.read(asked, payload.values, shown=asked.rights.inside | asked.rights.outside, srid=_system(payload.crs))
    given |= _engine_values(asked, payload)
    model = asked.register.model
    pk, new = written(asked, payload, "add", idempotency_key, "add", lambda change: change.add(model, day=payload.valid_from, **given).pk)
    response["Location"] = reverse("api:get_record", args=[code, pk])
    return Status(201 if new else 200, values.told(asked, [asked.row(pk)], payload.crs)[0])


@router.patch("/{code}/{record_id}", response=shapes.Record, operation_id="amend_record", summary="Amend or correct", openapi_extra=CLASHES)
def amend_record(
    request: HttpRequest, code: shapes.Code, record_id: shapes.RecordId, payload: shapes.Amendment, idempotency_key: Key = None
) -> dict[str, Any]:
    """What becomes different since a day; with `correct`, what was wrong from the version's first day. Nothing is written when nothing
    differs."""
    asked = asked_for(request, code, edits=True)
    row = asked.row(record_id)
    seen = asked.rights.fields_of(row)
    with told(asked):
        given = values.read(asked, payload.values, shown=seen, srid=_system(payload.crs)) | _engine_values(asked, payload)

    def write(change: Any) -> int:
        locked = type(row)._default_manager.select_for_update(of=("self",)).get(pk=record_id)
        if payload.seen and locked.recorded_at != payload.seen:
            raise ProblemError("already-done", _("Bản ghi đã được người khác sửa từ lúc ông/bà đọc; xin đọc lại."))
        if payload.correct:
            return int(change.correct(locked, **given).pk)
        return int(change.amend(locked, day=payload.valid_from, **given).pk)

    written(asked, payload, "correct" if payload.correct else "amend", idempotency_key, f"amend:{record_id}", write)
    return values.told(asked, [asked.row(record_id)], payload.crs)[0]


@router.post("/{code}/{record_id}/end", response=shapes.Record, operation_id="end_record", summary="End a record", openapi_extra=CLASHES)
def end_record(
    request: HttpRequest, code: shapes.Code, record_id: shapes.RecordId, payload: shapes.RecordEnding, idempotency_key: Key = None
) -> dict[str, Any]:
    """It is so no longer; it stays readable as of earlier days."""
    asked = asked_for(request, code, edits=True)
    row = asked.row(record_id)
    written(asked, payload, "end", idempotency_key, f"end:{record_id}", lambda change: change.end(row, day=payload.day).pk)
    return values.told(asked, [asked.row(record_id)])[0]


@router.post(
    "/{code}/{record_id}/withdraw", response={204: None}, operation_id="withdraw_record", summary="Withdraw a record", openapi_extra=CLASHES
)
def withdraw_record(
    request: HttpRequest,
    code: shapes.Code,
    record_id: shapes.RecordId,
    payload: shapes.RecordWithdrawal,
    idempotency_key: Key = None,
) -> Status[Any]:
    """It was entered in error and leaves the register; what was believed stays in its history."""
    asked = asked_for(request, code, edits=True)

    def write(change: Any) -> int:
        change.withdraw(asked.row(record_id))
        return record_id

    written(asked, payload, "withdraw", idempotency_key, f"withdraw:{record_id}", write)
    return Status(204, None)


def _engine_values(asked: Asked, payload: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if payload.commune_code is not None:
        found["commune_code"] = payload.commune_code
    if payload.is_secret is not None:
        if not asked.rights.secret_rows:
            said = _("Ông/bà không được ghi dấu mật.")
            raise ProblemError("invalid", said, {"is_secret": said})
        found["is_secret"] = payload.is_secret
    return found


def _shape(register: type[Register], held: Rights) -> dict[str, Any]:
    seen = held.fields()
    narrowing = Narrowing(Asked(Actor.anonymous(), register, held), {})
    return {
        "code": register.code,
        "slug": register.slug,
        "title": str(register.title),
        "description": str(register.description),
        "database": register.database.code,
        "source": register.source,
        "filters": narrowing.filter_names(),
        "sorts": narrowing.sort_names(),
        "layers": [name for name, layer in layers_of(register) if layer.geometry in seen],
        "fields": [_field(register, each) for each in register.fields() if each.name in seen],
        "rights": {"reads_everywhere": held.areas is None or bool(held.outside), "downloads": held.downloads, "edits": held.edits},
    }


def _field(register: type[Register], field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "title": str(field.title),
        "kind": field.kind,
        "unit": field.unit,
        "code_list": field.catalogue,
        "choices": {value: str(label) for value, label in field.choices},
        "required": field.required and bool(editable_fields(register, [field.name])),
        "crs": f"EPSG:{field.srid}" if field.srid else "",
        "exchange_name": register.exchange_names.get(field.name, ""),
    }
