"""What operations take and give, of any register. The published document has them once more for each register, typed."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Header, Path, Schema
from pydantic import BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from sonha.foundation.rest.paging import Page
from sonha.foundation.rest.values import LARGEST_ID, Day, Key, Words, enumeration
from sonha.registry.records.models import Change

Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="Code of the register.", examples=["wells"])]
Kind = Annotated[Change.Basis, enumeration(Change.Basis)]
Commune = Annotated[str, StringConstraints(pattern=r"^([0-9]{5})?$")]
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})")


def _of_our_time(value: object) -> object:
    """Only RFC 3339 with its zone: the schema library would also take numbers of seconds and local times."""
    if isinstance(value, str) and not (MOMENT.fullmatch(value) and "1945" <= value[:4] <= "2200"):
        raise PydanticCustomError("moment", "not a moment of our time")
    return value


Moment = Annotated[datetime, BeforeValidator(_of_our_time)]
Reason = Annotated[str, StringConstraints(max_length=2000)]
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_.:\-]{8,100}$",
        description="Chosen by the client, 8 to 100 letters and digits. The same key writes once, however often it is sent.",
    ),
]


class FieldShape(Schema):
    """A field of a register."""

    name: str
    title: str
    kind: str = Field(description="text, line, integer, decimal, date, moment, boolean, choice, code, reference, json or geometry.")
    unit: str
    code_list: str = Field(description="Code of the catalogue that its values are from.")
    choices: dict[str, str] = Field(description="Its values with their words.")
    required: bool
    crs: str = Field(description="Coordinate system in which places are kept.")
    exchange_name: str = Field(description="Its name in the exchange structure that the law prescribes.")


class RightsHeld(Schema):
    """What the caller may do."""

    reads_everywhere: bool = Field(description="Whether it reads in the whole province.")
    downloads: bool
    edits: bool


class RegisterShape(Schema):
    """A register as the caller sees it."""

    code: str
    slug: str = Field(description="In addresses of pages.")
    title: str
    description: str
    database: str
    source: str = Field(description="The legal document that orders it.")
    filters: list[str] = Field(description="Fields that narrow the list: the value itself, or `_from` and `_to` of numbers and days.")
    sorts: list[str] = Field(description="Fields by which the list can be put in order; with a minus downwards.")
    layers: list[str] = Field(description="Names of its layers in map services.")
    fields: list[FieldShape]
    rights: RightsHeld


class Registers(Schema):
    """All registers that the caller may read."""

    items: list[RegisterShape]


class Record(Schema):
    """A record, as it is or was."""

    id: int
    uid: UUID = Field(description="Stays the same in exports and in other systems.")
    commune_code: str
    valid_from: date = Field(description="So since this day.")
    valid_to: date | None = Field(description="So up to and with this day; null: still.")
    recorded_at: datetime = Field(description="When the register said so first.")
    origin: str = Field(description="Where the data came from.")
    is_demo: bool
    is_secret: bool = Field(False, description="Told to those who may read secret records.")
    values: dict[str, Any] = Field(description="Fields that the caller may see. Decimals are numbers, references ids, places GeoJSON.")


class Records(Page):
    """A page of records."""

    items: list[Record]


class ChangeMade(Schema):
    """The act behind a version, with its basis."""

    id: int
    kind: str
    basis: Kind
    number: str
    dated: date | None
    dossier_code: str
    made_at: datetime


class RecordVersion(Record):
    """A version of a record."""

    change: ChangeMade
    closed_at: datetime | None = Field(description="When the register ceased to say so; null: it still says so.")


class RecordVersions(Schema):
    """Every version of a record, newest belief first."""

    items: list[RecordVersion]


class ChangeEvent(Schema):
    """What one change did to one record, and what the register says of it since: replace all that you keep of it by `versions`."""

    act: Literal["added", "amended", "ended", "withdrawn"]
    id: int
    uid: UUID
    change: ChangeMade
    versions: list[Record] = Field(description="All days of the record as believed after the change, oldest first; empty when withdrawn.")


class ChangeEvents(Schema):
    """A piece of the change stream."""

    items: list[ChangeEvent]
    next: str = Field(description="The bookmark: give it as `after` to go on from here, now or another day.")
    more: bool = Field(description="Whether there is more to fetch at once.")


class RecordFilters(Schema):
    """Every register adds its own filters."""

    q: Words = Field("", description="Words with or without diacritics, or the beginning of a number.")
    commune: Commune = Field("", description="Code of the commune.")
    ended: bool = Field(False, description="Whether records that have ended are listed too.")
    day: Day | None = Field(None, description="What was so on this day.")
    known_at: Moment | None = Field(None, description="As the register said at this moment.")
    bbox: Annotated[str, StringConstraints(max_length=200)] = Field("", description="west,south,east,north in degrees, or in `crs`.")
    crs: int = Field(4326, ge=1000, le=999999, description="EPSG number of `bbox` and of places in the answer.")
    sort: Key = Field("", description="A field of `sorts`, with a minus downwards; newest first without it.")
    after: Annotated[str, StringConstraints(max_length=600)] = Field("", description="`next` of the page before.")
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class AsOf(Schema):
    """When a record is read."""

    day: Day | None = Field(None, description="What was so on this day.")
    known_at: Moment | None = Field(None, description="As the register said at this moment.")
    crs: int = Field(4326, ge=1000, le=999999, description="EPSG number of places in the answer.")


class FromBookmark(Schema):
    after: Annotated[str, StringConstraints(pattern=r"^([0-9]{1,19}-[0-9]{1,19}-[0-9]{1,19})?$")] = Field(
        "", description="The bookmark; empty to begin at the beginning."
    )
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class BasisGiven(Schema):
    """What a change rests on. A number or a dossier's code is needed; a correction may give its reason instead."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    number: Key = ""
    dated: Day | None = None
    dossier_code: Annotated[str, StringConstraints(max_length=50)] = ""
    note: Reason = ""


class NewRecord(Schema):
    """A record to be entered."""

    model_config = ConfigDict(extra="forbid")

    basis: BasisGiven
    values: dict[str, Any]
    valid_from: Day | None = Field(None, description="So since this day; today when left out.")
    commune_code: Commune = ""
    is_secret: bool | None = None
    crs: int = Field(4326, description="EPSG number of the places in `values`.", ge=1000, le=999999)


class Amendment(Schema):
    """What becomes different. Fields that are not named stay as they are."""

    model_config = ConfigDict(extra="forbid")

    basis: BasisGiven
    values: dict[str, Any] = Field(default_factory=dict)
    valid_from: Day | None = Field(None, description="So since this day; today when left out.")
    correct: bool = Field(False, description="The present version was wrong from its first day.")
    seen: Moment | None = Field(None, description="`recorded_at` of the version you read: 409 when somebody changed it since.")
    commune_code: Commune | None = None
    is_secret: bool | None = None
    crs: int = Field(4326, description="EPSG number of the places in `values`.", ge=1000, le=999999)


class RecordEnding(Schema):
    """A record is so no longer."""

    model_config = ConfigDict(extra="forbid")

    basis: BasisGiven
    day: Day | None = Field(None, description="So no longer from this day on; today when left out.")


class RecordWithdrawal(Schema):
    """A record was entered in error."""

    model_config = ConfigDict(extra="forbid")

    basis: BasisGiven


RecordId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
