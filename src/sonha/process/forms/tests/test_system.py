"""The platform's own lists: areas in force today, past ones still named, files only of the one who fills in."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model

from sonha.foundation.files.models import StoredFile
from sonha.foundation.organisations.models import AdminUnit
from sonha.process.forms.catalogues import catalogue_options, register_catalogue
from sonha.process.forms.display import display_value
from sonha.process.forms.rendering import render_form
from sonha.process.forms.schema import Option
from sonha.process.forms.system import SystemLookups
from sonha.process.forms.validation import validate

pytestmark = pytest.mark.django_db

COMMUNE = {"key": "c", "type": "admin_unit", "level": "commune", "label": "Xã"}
FILE = {"key": "f", "type": "file", "label": "Tệp", "accept": [".pdf"]}
FORM = {"sections": [{"key": "s", "title": "S", "fields": [COMMUNE, FILE]}]}


@pytest.fixture
def areas() -> None:
    province = AdminUnit.objects.create(code="20", name="Lạng Sơn", kind="province")
    district = AdminUnit.objects.create(code="186", name="Huyện Cũ", kind="district", parent=province, valid_to=date(2025, 6, 30))
    AdminUnit.objects.create(code="06001", name="Xã Cũ", kind="commune", parent=district, valid_to=date(2025, 6, 30))
    AdminUnit.objects.create(code="06002", name="Xã Mới", kind="commune", parent=province, valid_from=date(2025, 7, 1))


def test_only_areas_in_force_are_offered_and_past_ones_keep_their_names(areas: None) -> None:
    lookups = SystemLookups()
    assert [unit.code for unit in lookups.units("commune")] == ["06002"] and lookups.units("district") == []
    assert validate(FORM, {"c": "06002"}, lookups=lookups).clean == {"c": "06002"}
    assert "c" in validate(FORM, {"c": "20"}, lookups=lookups).errors
    assert display_value(COMMUNE, "06001", lookups) == "Xã Cũ, Huyện Cũ"
    html = render_form(FORM, {"c": "06001"})
    assert 'value="06002"' in html and 'value="06001" selected' in html


def test_a_form_asks_the_database_once_for_each_list(areas: None, django_assert_max_num_queries: object) -> None:
    many = {"sections": [{"key": "s", "title": "S", "fields": [{**COMMUNE, "key": f"c{number}"} for number in range(8)]}]}
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        render_form(many, {"c1": "06002"})


def test_nobody_can_hand_in_a_file_of_somebody_else() -> None:
    users = [get_user_model().objects.create(username=name) for name in ("be", "an")]
    stored = StoredFile.objects.create(
        sha256="0" * 64, size=10, media_type="application/pdf", original_name="Bản vẽ.pdf", uploaded_by=users[0], purpose="dossier"
    )
    answers = {"f": [str(stored.pk)]}
    assert validate(FORM, answers, lookups=SystemLookups(users[0].pk)).clean == answers
    assert "không tìm thấy" in validate(FORM, answers, lookups=SystemLookups(users[1].pk)).errors["f"]
    assert "không tìm thấy" in validate(FORM, {"f": ["z" * 36]}, lookups=SystemLookups(users[0].pk)).errors["f"]
    assert display_value(FILE, [str(stored.pk)], SystemLookups()) == "Bản vẽ.pdf"


def test_lists_are_offered_by_whoever_keeps_them() -> None:
    form = {
        "sections": [{"key": "s", "title": "S", "fields": [{"key": "a", "type": "select", "label": "A", "catalogue": "test_aquifers"}]}]
    }
    assert catalogue_options("test_aquifers") is None
    register_catalogue("test_aquifers", lambda: [Option("cp", "C-P")])
    assert "a" in validate(form, {"a": "other"}, lookups=SystemLookups()).errors
    assert validate(form, {"a": "cp"}, lookups=SystemLookups()).clean == {"a": "cp"}
    assert "C-P" in render_form(form, {"a": "cp"})
