"""Units of the state as of a day: the tree, the codes in both notations, and what became of what."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.channels.administration.changes import telling
from sonha.channels.administration.people.forms import NewUnitForm, UnitForm
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.foundation.organisations import units
from sonha.foundation.organisations.models import Unit, UnitSuccession
from sonha.foundation.search.folding import fold

KEY = "don-vi"
LEVELS = (Unit.Level.PROVINCE, Unit.Level.DISTRICT, Unit.Level.COMMUNE)


@dataclass
class Node:
    """A unit in the tree."""

    unit: Unit
    below: list["Node"] = field(default_factory=list)
    successions: list[UnitSuccession] = field(default_factory=list)
    predecessions: list[UnitSuccession] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many units lie below."""
        return len(self.below) + sum(node.size for node in self.below)


@officials_only(Role.ADMINISTRATOR, Role.AUDITOR)
def tree(request: HttpRequest) -> HttpResponse:
    """`?ngay=yyyy-mm-dd` the day (default today), `?q=` a part of a name or code: then a flat list."""
    today = timezone.localdate()
    day, said = _day(request.GET.get("ngay", "")) or today, request.GET.get("q", "").strip()
    standing = sorted(Unit.objects.on(day).order_by("-is_agency", "name"), key=lambda unit: LEVELS.index(unit.level))
    nodes = {unit.pk: Node(unit) for unit in standing}
    for row in UnitSuccession.objects.select_related("old", "new").order_by("on_date"):
        if row.old_id in nodes:
            nodes[row.old_id].successions.append(row)
        if row.new_id in nodes:
            nodes[row.new_id].predecessions.append(row)
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.unit.parent_id) if node.unit.parent_id else None
        (above.below if above else roots).append(node)
    found = [node for node in nodes.values() if _matches(node.unit, said)] if said else []
    roots.sort(key=lambda node: -node.size)
    context = {"roots": roots, "found": found[:200], "said": said, "day": day, "count": len(nodes), "today": today}
    return render(request, "administration/people/units.html", context)


@officials_only(Role.ADMINISTRATOR, Role.AUDITOR)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said of a unit, and its last changes. Posting changes it."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    form = UnitForm(request.POST or None, initial={name: getattr(unit, name) for name in units.SAID})
    if request.method == "POST" and not actor.is_administrator:
        raise PermissionDenied
    title = _("Sửa đơn vị %(name)s") % {"name": unit.name}
    page = previews.sent(
        request, KEY, form, lambda: units.change_unit(actor, unit, form.cleaned_data), title=title,
        then=lambda: (_("Đã lưu thông tin đơn vị."), reverse("administration:unit", args=[pk])),
    )  # fmt: skip
    if page:
        return page
    context = {
        "unit": unit,
        "form": form,
        "below": unit.children.order_by("name"),
        "changes": telling.of_row(actor, KEY, pk, limit=5),
        "may_write": actor.is_administrator,
    }
    return render(request, "administration/people/unit_detail.html", context, status=422 if form.errors else 200)


@officials_only(Role.ADMINISTRATOR)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new unit below another."""
    parent = get_object_or_404(Unit, pk=pk)
    form: Form = NewUnitForm(request.POST or None, initial={"valid_from": timezone.localdate(), "kind": Unit.Kind.DIVISION})

    def work() -> None:
        said, actor = form.cleaned_data, request.actor  # type: ignore[attr-defined]
        units.add_unit(actor, parent, said["code"], said["kind"], said, valid_from=said["valid_from"])

    def then() -> tuple[str, str]:
        unit = parent.children.get(code=f"{parent.code}.{form.cleaned_data['code'].strip().upper()}")
        return _("Đã thêm đơn vị %(code)s.") % {"code": unit.code}, reverse("administration:unit", args=[unit.pk])

    title = _("Thêm đơn vị dưới %(name)s") % {"name": parent.name}
    if page := previews.sent(request, KEY, form, work, title=title, then=then):
        return page
    context = {"parent": parent, "form": form}
    return render(request, "administration/people/unit_add.html", context, status=422 if form.errors else 200)


def _matches(unit: Unit, said: str) -> bool:
    codes = (unit.code, unit.code_qd20, unit.code_102)
    return fold(said) in fold(unit.name) or any(said.upper() in code for code in codes)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
