"""The communes in which a post works: those of its unit's area, with the communes that went into them. None is the whole province."""

from collections.abc import Iterable

from django.db.models import Q

from sonha.foundation.access.actor import Post
from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession, Unit

Areas = frozenset[str] | None


def areas_of(posts: Iterable[Post]) -> Areas:
    """All communes of the posts together; None when one of them works in the whole province."""
    codes = {code for post in posts for code in post.unit_path.split("/") if code}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes).select_related("area")}
    found: set[str] = set()
    for post in posts:
        chain = [units[code] for code in post.unit_path.split("/") if code in units]
        placed = next((unit for unit in reversed(chain) if unit.area_id or unit.level == Unit.Level.PROVINCE), None)
        if placed is None:
            continue
        if placed.area is None or placed.area.kind == AdminUnit.Kind.PROVINCE:
            return None
        found |= communes_within(placed.area.code)
    return frozenset(found)


def communes_within(code: str) -> set[str]:
    """Codes of a commune or of a district's communes, and of the communes that became part of them."""
    inside = {code, *AdminUnit.objects.filter(parent__code=code).values_list("code", flat=True)}
    while True:
        former = AdminUnitSuccession.objects.filter(new__code__in=inside).filter(~Q(old__code__in=inside))
        more = set(former.values_list("old__code", flat=True))
        if not more:
            return inside
        inside |= more
