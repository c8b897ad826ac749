"""What the cadastral declarations promise: fields that exist, numbers of rules given once, land types of both laws."""

from collections import Counter
from datetime import date

import pytest

from sonha.foundation.catalogues.loading import DATA
from sonha.registry.declarations import registers
from sonha.sectors.land.ladm import ENTITIES, VERSIONED
from sonha.sectors.land.registers import LAND


def test_names_of_the_circular_and_of_ladm_belong_to_fields() -> None:
    cadastral = [each for each in registers() if each.database is LAND]
    assert len(cadastral) == 9
    for register in cadastral:
        columns = {each.name for each in register.model._meta.get_fields()}
        assert set(register.exchange_names) <= columns
        assert len(set(register.exchange_names.values())) == len(register.exchange_names)
        assert register.source
    for entity in ENTITIES:
        assert {*entity.attributes, *VERSIONED} <= {each.name for each in entity.model._meta.get_fields()}  # type: ignore[attr-defined]


def test_a_number_of_a_rule_is_given_once() -> None:
    numbers = Counter(rule.code for each in registers() if each.database is LAND for rule in each.rules)
    assert numbers and max(numbers.values()) == 1
    assert all(number.startswith("TD-") for number in numbers)


@pytest.mark.parametrize(("day", "count"), [(date(2024, 7, 31), 70), (date(2024, 8, 1), 66)])
def test_land_types_before_and_since_the_law_of_2024(day: date, count: int) -> None:
    import csv
    import json

    rows = list(csv.DictReader((DATA / "loai-dat.csv").open(encoding="utf-8")))
    held = [each for each in rows if each["valid_from"] <= str(day) and (not each["valid_to"] or each["valid_to"] >= str(day))]
    assert len(held) == count == len({each["code"] for each in held})
    since = {each["code"] for each in rows if each["valid_from"] == "2024-08-01"}
    for each in held:
        attributes = json.loads(each["attributes"])
        assert attributes["color"].startswith("#") and len(attributes["color"]) == 7
        assert set(attributes.get("became", ())) <= since
        assert each["parent"] == "" or each["parent"] in {other["code"] for other in held}
