"""The page of a draft: which section is open, which element's sheet, what was typed, what is wrong and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.channels.administration.procedures import sheet
from sonha.channels.administration.procedures.elements import kind_of, scope_of, thing_at, variety_of
from sonha.channels.administration.procedures.places import Declaration, parts_of
from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.models import Unit
from sonha.process.flows.models import Flow
from sonha.process.flows.services import digest_of
from sonha.services.procedures import selectors
from sonha.services.procedures.checking import Finding, check_declaration
from sonha.services.procedures.models import Procedure, ProcedureVersion
from sonha.services.procedures.services import as_declaration


@dataclass(frozen=True)
class Section:
    """A page of the editor: its word in the address, its title, and the parts of the declaration that it edits."""

    slug: str
    title: Any
    roots: tuple[str, ...]


SECTIONS = (
    Section("thong-tin", gettext_lazy("Thông tin"), ("about", "legal_basis")),
    Section("giay-to", gettext_lazy("Giấy tờ"), ("papers",)),
    Section("to-khai", gettext_lazy("Tờ khai"), ("form",)),
    Section("cac-buoc", gettext_lazy("Các bước"), ("flow",)),
    Section("thoi-han", gettext_lazy("Thời hạn"), ("time_limit",)),
    Section("phi", gettext_lazy("Phí, lệ phí"), ("fees",)),
    Section("phan-cong", gettext_lazy("Phân công"), ("routing",)),
    Section("ket-qua", gettext_lazy("Kết quả"), ("outcome",)),
    Section("cong-bo", gettext_lazy("Kiểm tra, công bố"), ()),
)
BY_SLUG = {section.slug: section for section in SECTIONS}


@dataclass(frozen=True)
class Told:
    """A finding with the address of the page that repairs it."""

    finding: Finding
    url: str
    section: str


@dataclass
class Page:
    """One request to a draft's section. `opened` is the place whose sheet is shown; `typed` what was typed into it when it was refused."""

    request: HttpRequest
    procedure: Procedure
    draft: ProcedureVersion
    section: Section
    declaration: Declaration
    opened: str = ""
    form_of: str = ""
    typed: Mapping[str, Any] | None = None
    errors: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return self.request.actor  # type: ignore[attr-defined,no-any-return]

    @property
    def form_root(self) -> str:
        """Where the form on the form page stands: the citizen's, or the one of the step `form_of`."""
        if not self.form_of:
            return "form"
        steps = (self.declaration.get("flow") or {}).get("steps") or []
        for place, step in enumerate(steps):
            if step.get("key") == self.form_of:
                return f"flow/steps/{place}/form"
        raise Http404

    def url(self, opened: str = "", section: str = "") -> str:
        return section_url(self.procedure, section or self.section.slug, opened, self.form_of if not section else "")

    def findings(self) -> list[Finding]:
        return check_draft(self.declaration)

    def sheet(self) -> dict[str, Any] | None:
        """The open sheet for the template; None when nothing is open or it no longer exists."""
        if not self.opened:
            return None
        try:
            kind = kind_of(self.opened)
            thing = thing_at(self.declaration, self.opened)
            scope = scope_of(self.declaration, self.opened)
        except LookupError:
            return None
        typed = self.typed if self.typed is not None else sheet.shown(kind.properties, thing)
        variety = variety_of(kind, thing, typed)
        properties = [each for each in kind.properties if kind.variety == "type" or each.fits(variety)]
        return {
            "place": self.opened,
            "title": kind.title,
            "is_new": self.opened.endswith("new"),
            "variety": variety,
            "varying": kind.variety,
            "widgets": sheet.widgets(properties, typed, self.errors, scope, variety),
            "errors": self.errors,
            "refusal": self.refusal,
        }


def load_page(request: HttpRequest, stt: int, slug: str, *, lock: bool = False) -> Page:
    """The draft of a procedure on one of its pages. 404 when there is no draft or no such page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if slug not in BY_SLUG:
        raise Http404
    procedure = get_object_or_404(selectors.procedures(actor), stt=stt)
    drafts = ProcedureVersion.objects.filter(procedure=procedure, state=ProcedureVersion.State.DRAFT)
    draft = get_object_or_404(drafts.select_for_update() if lock else drafts)
    draft.procedure = procedure
    opened = request.GET.get("muc", "") or ("outcome" if slug == "ket-qua" else "")
    return Page(request, procedure, draft, BY_SLUG[slug], as_declaration(draft), opened, request.GET.get("cua", ""))


def render_page(page: Page, *, status: int = 200) -> HttpResponse:
    """The page with its tabs, what is wrong on it, and the section's own content."""
    from sonha.channels.administration.procedures.sections import content_of

    told = [tell(page.procedure, page.declaration, finding) for finding in page.findings()]
    wrong = [each for each in told if each.finding.level == "error"]
    context = {
        "procedure": page.procedure,
        "draft": page.draft,
        "page": page,
        "section": page.section,
        "tabs": [
            (section, section_url(page.procedure, section.slug), sum(each.section == section.slug for each in wrong))
            for section in SECTIONS
        ],
        "told": told,
        "here": [each for each in told if each.section == page.section.slug],
        "wrong": len(wrong),
        "marks": _marks(told),
        "sheet": page.sheet(),
        "revision": revision(page),
        **content_of(page),
        **page.extra,
    }
    return render(page.request, f"administration/procedures/{page.section.slug.replace('-', '_')}.html", context, status=status)


def check_draft(declaration: Mapping[str, Any]) -> list[Finding]:
    """Everything wrong in a declaration, checked against today's units and the published flows."""
    units = set(Unit.objects.on(timezone.localdate()).values_list("code", flat=True))
    return check_declaration(declaration, units=units, flows=set(Flow.objects.values_list("key", flat=True)))


def revision(page: Page) -> str:
    """A mark of what the page's section holds now; a form that comes back with another mark was overtaken by somebody else."""
    if page.form_of:
        held: Any = page.declaration.get("flow")
    elif page.section.slug == "thong-tin":
        held = {name: value for name, value in page.declaration.items() if name not in _OTHERS}
    elif page.section.slug == "thoi-han":
        held = [page.declaration.get("time_limit"), page.declaration.get("flow")]
    else:
        held = [page.declaration.get(root) for root in page.section.roots]
    return digest_of({"held": held})[:16]


_OTHERS = {root for section in SECTIONS[1:] for root in section.roots}


def section_url(procedure: Procedure, slug: str, opened: str = "", form_of: str = "") -> str:
    """The address of a section, with an element opened."""
    address = reverse("administration:procedure_draft", args=[procedure.stt, slug])
    query = urlencode({name: value for name, value in (("cua", form_of), ("muc", opened)) if value}, safe="/")
    return address + (f"?{query}" if query else "") + ("#muc" if opened else "")


def tell(procedure: Procedure, declaration: Mapping[str, Any], finding: Finding) -> Told:
    """Where a person repairs what was found."""
    parts = parts_of(finding.place)
    if len(parts) > 3 and parts[0] == "flow" and parts[3] == "form":
        step = declaration["flow"]["steps"][int(parts[2])]
        opened = finding.place if "sections" in parts else ""
        return Told(finding, section_url(procedure, "to-khai", opened, str(step.get("key"))), "to-khai")
    slug = next((section.slug for section in SECTIONS if parts and parts[0] in section.roots), "thong-tin")
    opened = "" if slug == "thoi-han" or finding.place in {"form", "flow"} else finding.place
    return Told(finding, section_url(procedure, slug, opened), slug)


def _marks(told: list[Told]) -> dict[str, str]:
    """The worst level found at each place, for the marks in lists."""
    marks: dict[str, str] = {}
    for each in told:
        if marks.get(each.finding.place) != "error":
            marks[each.finding.place] = each.finding.level
    return marks


def overtaken() -> str:
    return _("Phần này vừa được sửa ở nơi khác. Nội dung ông/bà gõ vẫn còn dưới đây; hãy xem lại rồi lưu lần nữa.")
