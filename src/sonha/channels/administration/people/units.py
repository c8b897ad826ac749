"""Units of the state as of a day: the tree, the codes in both notations, and what became of what."""

from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sonha.channels.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.organisations.models import Unit, UnitSuccession
from sonha.foundation.search.folding import fold

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


def _matches(unit: Unit, said: str) -> bool:
    codes = (unit.code, unit.code_qd20, unit.code_102)
    return fold(said) in fold(unit.name) or any(said.upper() in code for code in codes)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
