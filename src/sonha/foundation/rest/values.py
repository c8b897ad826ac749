"""Kinds of values that operations share."""

import re
from datetime import date
from typing import Annotated

from django.db.models import Choices
from ninja import Path
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

LARGEST_ID = 2**63 - 1
LARGEST_INTEGER = 2**31 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2200
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, Field(ge=1, le=100, description="How many at most.")]
Words = Annotated[str, StringConstraints(max_length=200)]
Key = Annotated[str, StringConstraints(max_length=120)]


def _written_out(value: object) -> object:
    """Only yyyy-mm-dd: the schema library would also take numbers of seconds and whole timestamps."""
    if isinstance(value, str) and not ISO_DAY.fullmatch(value):
        raise PydanticCustomError("date_parsing", "not a day")
    return value


def _of_our_time(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("out of range")
    return day


Day = Annotated[date, BeforeValidator(_written_out), AfterValidator(_of_our_time)]


def enumeration(choices: type[Choices], description: str = "") -> WithJsonSchema:
    """For `Annotated[State, enumeration(State)]`: Django choices as an enumeration in the OpenAPI document, with the words of each value.

    Written out in place, because ninja would merge the `State` of one app with the `State` of another.
    """
    words = "; ".join(f"`{value}` {label}" for value, label in choices.choices)
    return WithJsonSchema({"type": "string", "enum": list(choices.values), "description": f"{description} {words}".strip()})
