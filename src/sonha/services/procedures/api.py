"""/api/v1/procedures: the catalogue for machines. Public facts; everybody may read them."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Path, Query, Router, Schema

from sonha.foundation.organisations.models import Unit
from sonha.foundation.rest.paging import Page, cut, page
from sonha.foundation.rest.problems import ProblemError
from sonha.foundation.rest.security import PUBLIC
from sonha.foundation.rest.values import LARGEST_INTEGER, Day, Key, Limit, Words, enumeration
from sonha.process.bpmn.export import to_bpmn
from sonha.process.cases.clock import limit_of
from sonha.process.deadlines import limit_words
from sonha.services.procedures import selectors
from sonha.services.procedures.models import Procedure, ProcedureVersion
from sonha.services.procedures.quality import DEFECTS
from sonha.services.procedures.unit_names import unit_names

router = Router(tags=["procedures"], auth=PUBLIC)
CAP = 1000
STT = Annotated[
    int, Path(ge=1, le=LARGEST_INTEGER, description="Number in the province's catalogue, the key of a procedure.", examples=[860])
]
Level = Annotated[Unit.Level, enumeration(Unit.Level, "Who handles it:")]
VersionState = Annotated[ProcedureVersion.State, enumeration(ProcedureVersion.State)]
BPMN_TYPE = "application/xml"


class UnitRef(Schema):
    """An organisational unit."""

    code: str
    name: str


class FieldRef(Schema):
    """A field of procedures (lĩnh vực)."""

    slug: str
    name: str


class ProcedureRow(Schema):
    """A procedure in a list."""

    stt: int = Field(description="Number in the province's catalogue.", examples=[860])
    code: str = Field(description="Code as the catalogue prints it; may be empty, malformed or repeated: never a key.")
    name: str
    agency: UnitRef | None = Field(description="The agency that handles it; null where it is the district or commune of the place.")
    level: Level
    field: FieldRef | None
    fully_modelled: bool = Field(description="Own form, papers, fee and flow, rather than the defaults of its family.")
    open_for_filing: bool
    defects: list[str] = Field(description=f"Defects of the catalogue's row: {', '.join(DEFECTS)}.")
    url: str = Field(description="The page for people.")


class Procedures(Page):
    """A page of the catalogue."""

    items: list[ProcedureRow]


class PaperRow(Schema):
    """A paper that the procedure asks for (thành phần hồ sơ)."""

    code: str = Field(description="Name it as `requirement` when filing.")
    title: str
    title_en: str
    required: bool | dict[str, Any] = Field(description="true, false, or the condition under which it is required (docs/api.md).")
    form: str = Field(description="original, certified_copy, copy or electronic (part of the form, nothing to upload).")
    copies: int
    reuse: str = Field(description="A paper of the same kind given once need not be given again.")
    help: str


class VersionRef(Schema):
    """A published version of a procedure's content."""

    number: int
    state: VersionState
    valid_from: date | None
    valid_to: date | None


class Version(VersionRef):
    """What a procedure asks, costs and does."""

    is_family_default: bool = Field(description="The content is the default of its family, not the procedure's own.")
    published_at: datetime | None
    summary: str
    audience: list[str]
    channels: list[str]
    time_limit: dict[str, Any] | None = Field(description="`amount` and `unit`: working_days, working_hours or calendar_days.")
    time_limit_words: str = Field(description="The time limit in words.", examples=["45 ngày làm việc"])
    form: dict[str, Any] = Field(description="The form's declaration: sections of fields. `answers` are checked against it.")
    papers: list[PaperRow]
    fees: dict[str, Any] = Field(description="Decision table: the first or all `rules` whose `when` holds; amounts in đồng.")
    steps: list[dict[str, Any]] = Field(description="Steps of the flow: who acts, and within which limit.")
    transitions: list[dict[str, Any]] = Field(description="From which step an action leads to which.")
    outcome: dict[str, Any] = Field(description="What is issued in the end.")
    legal_basis: list[dict[str, Any]] = Field(description="Citations; `assumption: true` marks what the province still has to confirm.")


class Source(Schema):
    """The row of the province's catalogue as printed."""

    agency: str
    field: str
    resolution: str
    note: str
    line: int | None


class ProcedureDetail(ProcedureRow):
    """A procedure with the content that applies."""

    family: str
    life_events: list[str]
    source: Source
    bpmn_url: str
    versions: list[VersionRef]
    version: Version | None = Field(description="The version that applies on the day asked for; null when none was published.")


class ProcedureFilters(Schema):
    q: Words = Field("", description="Words of the name, with or without diacritics, or a code.", examples=["khai thac nuoc"])
    field: Key = Field("", description="Slug of a field.")
    agency: Key = Field("", description="Code of an agency.", examples=["STNMT"])
    level: Level | None = None
    life_event: Key = Field("", description="Key of a life event.")
    modelled: bool = Field(False, description="Only fully modelled ones.")
    defect: Key = Field("", description="Only rows with this defect.")
    after: int | None = Field(None, ge=1, le=LARGEST_INTEGER, description="`next` of the page before.")
    limit: Limit = 20


@router.get("", response=Procedures, operation_id="list_procedures", summary="Look procedures up")
def list_procedures(request: HttpRequest, filters: Query[ProcedureFilters]) -> dict[str, Any]:
    """The catalogue (danh mục thủ tục hành chính): fully modelled procedures first, with words the best matches first."""
    found = selectors.find_procedures(
        request.actor,  # type: ignore[attr-defined]
        filters.q,
        field=filters.field,
        agency=filters.agency,
        level=filters.level or "",
        life_event=filters.life_event,
        defect=filters.defect,
        modelled=filters.modelled,
    )
    order = list(found.values_list("stt", flat=True))  # the catalogue is small: the order of all of it is cheaper than a rank to page by
    if filters.after is not None and filters.after not in order:
        raise ProblemError("invalid", _("Trang sau không còn; xin tải lại từ đầu."), {"after": _("Số này không có trong danh sách.")})
    start = order.index(filters.after) + 1 if filters.after is not None else 0
    wanted, more = cut(order[start : start + filters.limit + 1], filters.limit)
    rows = {each.stt: each for each in selectors.procedures(request.actor).filter(stt__in=wanted)}  # type: ignore[attr-defined]
    items = [row_of(rows[stt]) for stt in wanted]
    return page(items, following=wanted[-1] if more else None, count=(min(len(order), CAP), len(order) > CAP))


class OnDay(Schema):
    on: Day | None = Field(None, description="The day whose version is wanted (yyyy-mm-dd); today when left out.")


@router.get("/{stt}", response=ProcedureDetail, operation_id="get_procedure", summary="One procedure")
def get_procedure(request: HttpRequest, stt: STT, query: Query[OnDay]) -> dict[str, Any]:
    """Identity, source, and the content of the version that applies: form, papers, fees, deadline, steps."""
    found = _procedure(request, stt)
    version = selectors.current_version(found, query.on)
    return {
        **row_of(found),
        "family": found.family,
        "life_events": [event.key for event in found.life_events.all()],
        "source": {
            "agency": found.agency_raw,
            "field": found.field_raw,
            "resolution": found.resolution,
            "note": found.source_note,
            "line": found.source_line,
        },
        "bpmn_url": reverse("api:get_procedure_bpmn", args=[stt]),
        "versions": [_ref(each) for each in found.versions.exclude(state=ProcedureVersion.State.DRAFT)],
        "version": _version(version) if version else None,
    }


@router.get(
    "/{stt}/bpmn",
    operation_id="get_procedure_bpmn",
    summary="The flow of a procedure as BPMN",
    openapi_extra={"responses": {200: {"description": "BPMN 2.0 XML", "content": {BPMN_TYPE: {"schema": {"type": "string"}}}}}},
)
def get_procedure_bpmn(request: HttpRequest, stt: STT) -> HttpResponse:
    """BPMN 2.0 XML with its diagram."""
    found = _procedure(request, stt)
    version = selectors.current_version(found)
    if version is None or version.flow_version is None:
        raise Http404
    xml = to_bpmn(version.flow_version.definition, name=found.name, units=unit_names(version.content, found))
    response = HttpResponse(xml, content_type=BPMN_TYPE)
    response["Content-Disposition"] = f'attachment; filename="thu-tuc-{stt}.bpmn"'
    return response


def _procedure(request: HttpRequest, stt: int) -> Procedure:
    rows = selectors.procedures(request.actor)  # type: ignore[attr-defined]
    found: Procedure = get_object_or_404(rows, stt=stt)
    return found


def row_of(procedure: Procedure) -> dict[str, Any]:
    """A procedure as lists show it."""
    agency, field = procedure.agency, procedure.field
    return {
        "stt": procedure.stt,
        "code": procedure.code,
        "name": procedure.name,
        "agency": {"code": agency.code, "name": agency.name} if agency else None,
        "level": procedure.level,
        "field": {"slug": field.slug, "name": field.name} if field else None,
        "fully_modelled": procedure.fully_modelled,
        "open_for_filing": procedure.open_for_filing,
        "defects": procedure.defects,
        "url": reverse("procedure", args=[procedure.stt]),
    }


def _ref(version: ProcedureVersion) -> dict[str, Any]:
    names = ("number", "state", "valid_from", "valid_to")
    return {name: getattr(version, name) for name in names}


def _version(version: ProcedureVersion) -> dict[str, Any]:
    content = version.content
    limit = limit_of(content.get("time_limit"))
    flow = version.flow_version.definition if version.flow_version else {}
    return {
        **_ref(version),
        "is_family_default": version.is_family_default,
        "published_at": version.published_at,
        "summary": content.get("summary", ""),
        "audience": content.get("audience", []),
        "channels": content.get("channels", []),
        "time_limit": content.get("time_limit"),
        "time_limit_words": limit_words(limit) if limit else "",
        "form": version.form_version.schema if version.form_version else {},
        "papers": [_paper(paper) for paper in version.papers.all()],
        "fees": content.get("fees") or {"rules": []},
        "steps": flow.get("steps", []),
        "transitions": flow.get("transitions", []),
        "outcome": content.get("outcome") or {},
        "legal_basis": content.get("legal_basis", []),
    }


def _paper(paper: Any) -> dict[str, Any]:
    names = ("code", "title", "title_en", "required", "form", "copies", "reuse", "help")
    return {name: getattr(paper, name) for name in names}
