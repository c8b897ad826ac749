"""Counting what a list holds, no further than a page needs."""

from typing import Any

from django.db.models import QuerySet

CAP = 1000  # counts stop here: a page never counts a million rows


def capped_count(rows: QuerySet[Any], cap: int = CAP) -> tuple[int, bool]:
    """How many rows, counting no further than `cap`; the flag says that there are more."""
    found = rows.order_by()[: cap + 1].count()
    return min(found, cap), found > cap


def found_first(rows: QuerySet[Any], cap: int = CAP) -> tuple[QuerySet[Any], int, bool]:
    """The rows to page through, how many they are, no further than `cap`, and whether there are more.

    What a search finds is found by its own index first and put in order after. Else the planner, hoping to meet a page's rows early,
    walks the whole table in the order that the page wants.
    """
    keys = list(rows.order_by().values_list("pk", flat=True)[: cap + 1])
    if len(keys) > cap:
        return rows, cap, True
    return rows.filter(pk__in=keys), len(keys), False
