"""Answers to any declared form, as a fictional but sensible person or official would give them.

What is written comes from answers.yaml by field key; what that file does not name falls back on the field's type and limits.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from pyproj import Transformer

from sonha.foundation.identity.models import Party
from sonha.process.forms.schema import UNASKED_TYPES
from sonha.process.rules.conditions import holds
from sonha.provinces.demonstration import people
from sonha.provinces.demonstration.people import Place
from sonha.provinces.profiles import read_yaml

OPTIONAL = 0.55
"""Share of optional fields that are filled in."""
ALWAYS = frozenset({"boolean", "point", "polygon"})
DRAWN = frozenset({"admin_unit", "point", "line", "polygon"})
METRES_PER_DEGREE = 110_800
MINERALS = {"đá vôi": "limestone", "cát sỏi": "sand_gravel", "sét": "clay", "san lấp": "fill"}
TRUE_BY_DEFAULT = frozenset({"truthful", "no_transfer", "filling"})


@cache
def _written() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(Path(__file__).with_name("answers.yaml"))
    return loaded


@dataclass
class Writer:
    """Who fills in: the dossier's owner at a place, for one declaration. `refusing`: an official who proposes to refuse."""

    owner: Party
    place: Place
    declaration: str
    chance: random.Random
    refusing: bool = False
    attach: Callable[[Mapping[str, Any]], str] | None = None
    chosen: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    site: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        east, north = self.place.point
        self.site = (round(east + self.chance.uniform(-0.02, 0.02), 6), round(north + self.chance.uniform(-0.02, 0.02), 6))

    def fill(self, form: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Answers to every field that is asked and required, and to some that are not. `context`: what conditions read beside them."""
        answers: dict[str, Any] = {}
        for section in form["sections"]:
            if _holds(section.get("when", True), answers, context or {}):
                self._fields(section["fields"], answers, context or {}, "")
        return reconciled(self.declaration, answers)

    def _fields(self, fields: list[Mapping[str, Any]], into: dict[str, Any], context: Mapping[str, Any], group: str, row: int = 0) -> None:
        for each in fields:
            if each["type"] in UNASKED_TYPES or not _holds(each.get("when", True), into, context):
                continue
            needed = _holds(each.get("required", False), into, context)
            if each["type"] == "file" and (self.attach is None or not needed):
                continue
            if needed or each["type"] in ALWAYS or (each["key"] in self.chosen and not group) or self.chance.random() < OPTIONAL:
                value = self._value(each, {**context, **into}, group, row)
                if value not in (None, "", []):
                    into[each["key"]] = value

    def _value(self, each: Mapping[str, Any], context: Mapping[str, Any], group: str, row: int) -> Any:
        key, kind = each["key"], each["type"]
        if not group and key in self.chosen:
            return self.chosen[key]
        if kind == "repeat":
            return self._rows(each, context)
        if (own := self._of_owner(key)) is not None and kind not in DRAWN:
            return own
        if self.refusing and "refuse" in _options(each):
            return "refuse"
        if self.refusing and key == "opinion":
            return self.chance.choice(_written()["refusing_opinion"])
        if self.asked and key.endswith("_proposed") and key.removesuffix("_proposed") in self.asked:
            return self.asked[key.removesuffix("_proposed")]
        said = self._said(key, group)
        value = self._drawn(said, each, row) if said is not None else None
        return self._by_type(each, row) if value is None or not _fits(value, each) else value

    def _rows(self, each: Mapping[str, Any], context: Mapping[str, Any]) -> list[dict[str, Any]]:
        said = self._said(each["key"], "")
        least, most = said["rows"] if isinstance(said, dict) and "rows" in said else (1, 2)
        count = max(each.get("min_items", 0), min(self.chance.randint(least, most), each.get("max_items", most)))
        rows = []
        for number in range(1, count + 1):
            row: dict[str, Any] = {}
            self._fields(each["fields"], row, context, each["key"], number)
            rows.append(row)
        return rows

    def _of_owner(self, key: str) -> Any:
        """What the form asks of the owner is what the register of parties says of it."""
        owner = self.owner
        return {
            "owner_name": owner.name,
            "personal_id": owner.personal_id or None,
            "tax_code": owner.tax_code or None,
            "address": owner.address or None,
            "phone": owner.phone or None,
            "email": owner.email or None,
            "representative": people.person_name(self.chance, "male") if owner.tax_code else None,
        }.get(key)

    def _said(self, key: str, group: str) -> Any:
        path = f"{group}.{key}" if group else key
        names = (f"{self.declaration}/{path}", path, f"{self.declaration}/{key}", key)
        return next((_written()[name] for name in names if name in _written()), None)

    def _drawn(self, said: Any, each: Mapping[str, Any], row: int) -> Any:
        if isinstance(said, list):
            if not said:
                return None
            aligned = row and isinstance(said[0], list) and each["type"] != "checkboxes"
            return self._text(said[0][(row - 1) % len(said[0])] if aligned else self.chance.choice(said), row)
        if isinstance(said, dict) and "days" in said:
            return (timezone.localdate() + timedelta(days=self.chance.randint(*said["days"]))).isoformat()
        if isinstance(said, dict) and "from" in said:
            return self._number(said["from"], said["to"], said.get("round", 0))
        return None if isinstance(said, dict) else self._text(said, row)

    def _text(self, said: Any, row: int) -> Any:
        if not isinstance(said, str) or "{" not in said:
            return said
        return said.format(
            person=people.person_name(self.chance, self.chance.choice(["male", "female"])),
            company=people.company_name(self.chance),
            place=self.place.name[0].lower() + self.place.name[1:],
            village=people.village(self.chance),
            phone=people.phone(self.chance),
            number=f"{self.chance.randrange(10**5, 10**6)}",
            year=timezone.localdate().year,
            row=row or 1,
        )

    def _number(self, low: float, high: float, digits: int) -> float | int:
        drawn = round(self.chance.uniform(low, high), digits)
        return int(drawn) if digits <= 0 else drawn

    def _by_type(self, each: Mapping[str, Any], row: int) -> Any:
        return getattr(self, f"make_{each['type']}", self.make_text)(each, row)

    def make_number(self, each: Mapping[str, Any], row: int) -> float:
        least = each.get("min", 1)
        return self._number(least, min(each.get("max", least + 9), least + 9), min(each.get("decimals", 1), 1))

    def make_text(self, each: Mapping[str, Any], row: int) -> str:
        if "pattern" in each:
            return next(text for text in ("CH 123456", "17 02 03", "0810", "A1") if re.fullmatch(each["pattern"], text))
        return "Theo hồ sơ và giấy tờ kèm theo."[: each.get("max_length", 300)].strip()

    def make_boolean(self, each: Mapping[str, Any], row: int) -> bool:
        return each["key"] in TRUE_BY_DEFAULT or each.get("required") is True or self.chance.random() < 0.5

    def make_select(self, each: Mapping[str, Any], row: int) -> Any:
        return _options(each)[0]

    make_radio = make_select

    def make_checkboxes(self, each: Mapping[str, Any], row: int) -> list[Any]:
        return [_options(each)[0]]

    def make_integer(self, each: Mapping[str, Any], row: int) -> int | float:
        least = each.get("min", 1)
        return int(self._number(least, min(each.get("max", least + 9), least + 9), 0))

    def make_money(self, each: Mapping[str, Any], row: int) -> int | float:
        return int(max(each.get("min", 0), self._number(2_000_000, 90_000_000, -5)))

    def make_date(self, each: Mapping[str, Any], row: int) -> str:
        days = (20, 60) if each.get("min") == "today" else (-600, -30)
        return (timezone.localdate() + timedelta(days=self.chance.randint(*days))).isoformat()

    def make_personal_id(self, each: Mapping[str, Any], row: int) -> str:
        return people.personal_id(self.chance, "male", people.birth_date(self.chance))

    def make_tax_code(self, each: Mapping[str, Any], row: int) -> str:
        return people.any_tax_code(self.chance)

    def make_phone(self, each: Mapping[str, Any], row: int) -> str:
        return people.phone(self.chance)

    def make_email(self, each: Mapping[str, Any], row: int) -> str:
        return "lien-he@example.vn"

    def make_admin_unit(self, each: Mapping[str, Any], row: int) -> str:
        return self.place.code

    def make_file(self, each: Mapping[str, Any], row: int) -> list[str]:
        return [self.attach(each)] if self.attach else []

    def make_point(self, each: Mapping[str, Any], row: int) -> dict[str, Any]:
        """The site itself, and for each further row a place some tens of metres off."""
        east, north = self.site
        return {"type": "Point", "coordinates": [round(east + 0.0004 * max(row - 1, 0), 6), round(north + 0.0003 * max(row - 1, 0), 6)]}

    def make_line(self, each: Mapping[str, Any], row: int) -> None:
        """Nobody draws a line over nothing: it comes with the parcel that it divides."""

    def make_polygon(self, each: Mapping[str, Any], row: int) -> dict[str, Any]:
        """A convex five-sided area of some hectares round the site."""
        east, north = self.site
        half = self.chance.uniform(90, 160) / METRES_PER_DEGREE
        ring = [(-1, -0.8), (0.9, -1), (1.3, 0.1), (0.7, 1), (-0.9, 0.9)]
        corners = [[round(east + half * x, 6), round(north + half * y, 6)] for x, y in ring]
        return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def reconciled(declaration: str, answers: dict[str, Any]) -> dict[str, Any]:
    """Figures that belong together agree: parts add up to their whole, corners are those of the drawn area."""
    for group, part, whole in (("wells", "flow", "flow"), ("outlets", "flow", "flow"), ("new_parcels", "area", "area")):
        rows, total = answers.get(group), answers.get(whole)
        if rows and total and part in rows[0] and abs(sum(row.get(part, 0) for row in rows) - total) > 0.05:
            share = round(total / len(rows), 1)
            for row in rows:
                row[part] = share
            rows[-1][part] = round(total - share * (len(rows) - 1), 1)
    if answers.get("corners") and isinstance(answers.get("location"), dict):
        answers["corners"] = corners_of(answers["location"])
        answers["area"] = hectares(answers["location"])
    for owned, whole in (("equity", "investment"), ("equity", "cost")):
        if owned in answers and whole in answers:
            answers[owned] = round(answers[whole] * 0.35, -6)
    if "mineral" in answers:
        named = (mineral for word, mineral in MINERALS.items() if word in answers.get("works_name", ""))
        answers["mineral"] = next(named, answers["mineral"])
    return answers


@cache
def _to_vn2000() -> Transformer:
    """Longitude and latitude to the province's VN-2000 zone (central meridian 107°15'), in metres."""
    return Transformer.from_crs("EPSG:4326", "+proj=tmerc +lat_0=0 +lon_0=107.25 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 "
                                "+towgs84=-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278 +units=m",
                                always_xy=True)  # fmt: skip


def corners_of(polygon: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Corner points as the forms ask for them: X is northing, Y is easting, in metres."""
    ring = polygon["coordinates"][0][:-1]
    plane = [_to_vn2000().transform(east, north) for east, north in ring]
    return [{"name": str(number), "x": round(north, 2), "y": round(east, 2)} for number, (east, north) in enumerate(plane, start=1)]


def hectares(polygon: Mapping[str, Any]) -> float:
    corners = corners_of(polygon)
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return round(abs(sum(a["x"] * b["y"] - b["x"] * a["y"] for a, b in pairs)) / 20_000, 2)


def _options(each: Mapping[str, Any]) -> list[Any]:
    return [option["value"] for option in each.get("options", [])]


def _holds(condition: Any, answers: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    return condition if isinstance(condition, bool) else holds(condition, {**context, **answers})


def _fits(value: Any, each: Mapping[str, Any]) -> bool:
    """Whether a drawn value is one this field can take; the same key may mean something else in another form."""
    kind = each["type"]
    if kind in {"select", "radio"}:
        return value in _options(each)
    if kind == "checkboxes":
        return isinstance(value, list) and set(value) <= set(_options(each))
    if kind in {"integer", "number", "money"}:
        return _within(value, each) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "date":
        return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None and _dated(value, each)
    if kind in {"point", "line", "polygon"}:
        return isinstance(value, dict)
    if kind in {"text", "textarea"}:
        short = isinstance(value, str) and len(value) <= each.get("max_length", 20_000)
        return short and re.fullmatch(each.get("pattern", ".*"), value, re.S) is not None
    return True


def _within(value: Any, each: Mapping[str, Any]) -> bool:
    if not isinstance(value, int | float) or (each["type"] != "number" and value != int(value)):
        return False
    return bool(each.get("min", value) <= value <= each.get("max", value))


def _dated(value: str, each: Mapping[str, Any]) -> bool:
    today = timezone.localdate()
    limits = {name: today if each.get(name) == "today" else date.fromisoformat(each[name]) for name in ("min", "max") if each.get(name)}
    day = date.fromisoformat(value)
    return limits.get("min", day) <= day <= limits.get("max", day)
