"""Lists page by keyset: a page costs the same wherever it is, and counts stop at a cap."""

from typing import Any, TypeVar

from ninja import Field, Schema

Item = TypeVar("Item")

NEXT = Field(description="Give it as `after` to get the page that follows; null on the last page.")
COUNT = Field(description="How many there are in all, counted no further than 1,000.")
CAPPED = Field(description="Whether there are more than `count` says.")


class Page(Schema):
    """What every list answers with; `items` is declared by each."""

    next: str | None = NEXT
    count: int = COUNT
    count_is_capped: bool = CAPPED


def cut(rows: list[Item], limit: int) -> tuple[list[Item], bool]:
    """The page out of `limit + 1` fetched rows, and whether something follows."""
    return rows[:limit], len(rows) > limit


def page(items: list[Any], *, following: str | int | None, count: tuple[int, bool]) -> dict[str, Any]:
    return {"items": items, "next": None if following is None else str(following), "count": count[0], "count_is_capped": count[1]}
