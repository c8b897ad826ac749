"""A field that names a shared catalogue offers what is in force today."""

from datetime import date

import pytest

from sonha.foundation.access.actor import Actor
from sonha.foundation.catalogues import services
from sonha.foundation.catalogues.models import Catalogue
from sonha.process.forms.catalogues import catalogue_options
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import validate

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
FORM = {
    "key": "giay",
    "title": "Giấy",
    "sections": [
        {"key": "chung", "title": "Chung", "fields": [{"key": "level", "type": "select", "label": "Mức độ", "catalogue": "muc-do"}]}
    ],
}


@pytest.fixture
def levels() -> Catalogue:
    levels = Catalogue.objects.create(code="muc-do", name="Mức độ", source="Nghị định 43/2011/NĐ-CP")
    services.add_item(SYSTEM, levels, code="4", name="Mức độ 4", source="NĐ 43", valid_from=date(2011, 6, 10), valid_to=date(2022, 8, 14))
    services.add_item(SYSTEM, levels, code="toan-trinh", name="Toàn trình", source="NĐ 42", valid_from=date(2022, 8, 15))
    return levels


def test_only_what_is_in_force_is_offered(levels: Catalogue) -> None:
    options = catalogue_options("muc-do")
    assert options is not None and [(option.value, option.label) for option in options] == [("toan-trinh", "Toàn trình")]
    assert catalogue_options("khong-co") is None


def test_an_answer_must_be_in_force(levels: Catalogue) -> None:
    lookups = SystemLookups()
    assert not validate(FORM, {"level": "toan-trinh"}, lookups=lookups).errors
    assert validate(FORM, {"level": "4"}, lookups=lookups).errors
