"""Counting what a list holds, no further than a page needs."""

from typing import Any

from django.db.models import QuerySet

CAP = 1000  # counts stop here: a page never counts a million rows


def capped_count(rows: QuerySet[Any], cap: int = CAP) -> tuple[int, bool]:
    """How many rows, counting no further than `cap`; the flag says that there are more."""
    found = rows.order_by()[: cap + 1].count()
    return min(found, cap), found > cap
