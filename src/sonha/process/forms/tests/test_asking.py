"""Registers beside a form: what they hold is told and offered, with scripts and without, and never stops anybody."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.process.forms import asking, schema, sources, views
from sonha.process.forms.rendering import render_form
from sonha.process.forms.sources import Answer, Asker, Cut, Own, Part, Source
from sonha.process.forms.system import SystemLookups

FORM: dict[str, Any] = {"sections": [{"key": "s", "title": "Nhà", "fields": [
    {"key": "house", "type": "lookup", "of": "house", "label": "Nhà của tôi", "given": {"number": "number"},
     "fills": {"rooms": "rooms", "kind": "kind", "place": "place"}},
    {"key": "number", "type": "text", "label": "Số nhà"},
    {"key": "rooms", "type": "number", "label": "Số phòng"},
    {"key": "kind", "type": "select", "label": "Loại",
     "options": [{"value": "brick", "label": "Gạch"}, {"value": "other", "label": "Khác"}]},
    {"key": "place", "type": "point", "label": "Vị trí"},
    {"key": "wall", "type": "line", "label": "Vách", "over": "house", "parts": "halves.*.area"},
    {"key": "halves", "type": "repeat", "label": "Nửa", "max_items": 3,
     "fields": [{"key": "area", "type": "number", "label": "Rộng"}]},
]}]}  # fmt: skip
PLACE = {"type": "Point", "coordinates": [106.7, 21.8]}
LINE = {"type": "LineString", "coordinates": [[106.7, 21.8], [106.71, 21.81]]}
HALVES = [Part({"type": "Polygon", "coordinates": []}, 30.0), Part({"type": "Polygon", "coordinates": []}, 50.0)]


def find(asker: Asker, given: Mapping[str, Any]) -> Answer | None:
    if not given.get("number"):
        return None
    if given["number"] != "7":
        return Answer(f"Không có nhà số {given['number']}.", warn=True)
    return Answer("Nhà số 7: 4 phòng.", values={"number": "7", "rooms": 4, "kind": "straw", "place": PLACE})


def own(asker: Asker) -> Sequence[Own]:
    return [Own("7", "Nhà số 7", {"number": "7", "rooms": 4, "kind": "brick"})] if asker.owner_id == 1 else []


def cut(asker: Asker, given: Mapping[str, Any], line: Mapping[str, Any]) -> Cut | None:
    return Cut("Vách chia nhà thành hai nửa.", parts=HALVES) if given.get("number") == "7" else Cut("Vách không cắt nhà.", warn=True)


SOURCE = Source(find, own, cut, given={"number": "Số nhà"}, fills={"rooms": "Số phòng", "kind": "Loại", "place": "Vị trí"})


@pytest.fixture(autouse=True)
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sources._sources, "house", SOURCE)
    yield


def lookups(owner: int | None = 1) -> SystemLookups:
    return SystemLookups(asker=lambda: Asker(Actor.system("test"), owner))


def said(answers: dict[str, Any]) -> dict[str, asking.Said]:
    return {each.path: each for each in asking.everything_said(FORM, answers, lookups())}


def test_what_is_held_is_told_and_what_differs_is_offered() -> None:
    told = said({"number": "7", "rooms": 3})["house"]
    assert (told.sentence, told.warn, told.digest) == ("Nhà số 7: 4 phòng.", False, "")
    assert told.offers == {"rooms": 4, "kind": "other", "place": PLACE}, "a kind that the form does not list is its “other”"
    assert list(told.labels) == ["Số phòng", "Loại"]
    assert said({"number": "7", "rooms": 4, "kind": "other", "place": {"type": "Point", "coordinates": [1, 2]}})["house"].offers == {}
    assert said({}) == {}, "nothing given, nothing asked"


def test_a_worry_is_heard_once_and_does_not_stop() -> None:
    worry = list(said({"number": "9"}).values())
    assert [each.sentence for each in worry] == ["Không có nhà số 9."]
    assert asking.unheard(worry, QueryDict("number=9")) == worry
    assert asking.unheard(worry, QueryDict(f"house:told={worry[0].digest}")) == []
    other = list(said({"number": "10"}).values())
    assert asking.unheard(other, QueryDict(f"house:told={worry[0].digest}")) == other, "another worry is another sentence"


def test_a_line_is_told_with_its_parts_and_with_areas_that_differ() -> None:
    fine = said({"number": "7", "wall": LINE, "halves": [{"area": 50}, {"area": 30.2}]})["wall"]
    assert (fine.sentence, fine.warn, fine.offers) == ("Vách chia nhà thành hai nửa.", False, {})
    wrong = said({"number": "7", "wall": LINE, "halves": [{"area": 60, "name": "a"}]})["wall"]
    assert wrong.warn and "(60 m²) khác với diện tích vẽ" in wrong.sentence
    assert wrong.offers == {"halves": [{"area": 30.0, "name": "a"}, {"area": 50.0}]}
    assert said({"number": "9", "wall": LINE})["wall"].sentence == "Vách không cắt nhà."
    assert "wall" not in said({"number": "7"})


def test_buttons_without_scripts_take_up_what_is_chosen_and_offered() -> None:
    def taken(change: str, chosen: str = "", owner: int | None = 1, **answers: Any) -> dict[str, Any]:
        return asking.taken_up(FORM, answers, change, chosen, lookups(owner))

    assert taken("pick:house", "7", number="3") == {"number": "7", "rooms": 4, "kind": "brick"}
    assert taken("pick:house", "7", number="3", owner=2) == {"number": "3"}, "what is not one's own cannot be picked"
    assert taken("fill:house", number="7", rooms=1)["rooms"] == 4
    assert taken("fill:wall", number="7", wall=LINE)["halves"] == [{"area": 30.0}, {"area": 50.0}]
    assert taken("fill:rooms", number="7") == {"number": "7"}


def test_a_page_without_scripts_shows_all_of_it(db: None) -> None:
    page = render_form(FORM, {"number": "9"}, lookups=lookups())
    assert re.search(r'<option value="7">Nhà số 7</option>', page)
    below = page[page.index('name="number"') : page.index('name="rooms"')]
    assert "Không có nhà số 9." in below, "the sentence stands under the field that was asked with"
    assert f'name="house:told" value="{sources.digest("Không có nhà số 9.")}"' in page
    assert 'role="status" aria-live="polite"' in below
    assert '<option value="7">' not in render_form(FORM, {}, lookups=lookups(2))


def test_mistakes_of_a_declaration_are_told() -> None:
    wrong: dict[str, Any] = {"sections": [{"key": "s", "title": "S", "fields": [
        {"key": "a", "type": "lookup", "of": "nowhere", "label": "A", "given": {"x": "absent"}, "fills": {"y": "b"}},
        {"key": "b", "type": "text", "label": "B"},
        {"key": "c", "type": "line", "label": "C", "over": "b", "parts": "none.*.area"},
    ]}]}  # fmt: skip
    assert {problem.path for problem in schema.check(wrong)} == {
        "sections.0.fields.0.of", "sections.0.fields.0.given", "sections.0.fields.2.over", "sections.0.fields.2.parts",
    }  # fmt: skip
    assert schema.check(FORM) == []


def test_the_address_answers_whoever_is_signed_in_and_not_too_often(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = reverse("forms:ask")
    assert client.get(address, {"of": "house", "number": "7"}).status_code == 302
    client.force_login(User.objects.create(username="hoi"))
    told = client.get(address, {"of": "house", "number": "7", "line": '{"type":"LineString","coordinates":[[106.7,21.8],[106.71,21.81]]}',
                                "areas": "60;20"}).json()  # fmt: skip
    assert told["answer"]["values"]["rooms"] == 4
    assert [part["area"] for part in told["cut"]["parts"]] == [30.0, 50.0]
    assert told["cut"]["warn"] and told["cut"]["digest"]
    assert client.get(address, {"of": "none"}).status_code == 404
    for line in ("x", "[" * 5000, '{"type":"LineString","coordinates":[[1,1],[2,2]]}'):
        assert client.get(address, {"of": "house", "number": "7", "line": line}).json()["cut"] is None
    monkeypatch.setattr(views, "brake", views._Asking("2/min"))
    answered = [client.get(address, {"of": "house", "number": "7"}) for _time in range(3)]
    assert answered[-1].status_code == 429
    assert "chờ một phút" in answered[-1].json()["error"] and answered[-1]["Retry-After"]
