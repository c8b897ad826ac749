"""The cadastre beside a land form: one's own parcels whole, of others what is open to all, and how a drawn line divides."""

from typing import Any

import pytest
import shapely

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import Party
from sonha.process.forms.sources import Asker
from sonha.registry.grants.models import RegisterGrant
from sonha.registry.records.services import changing
from sonha.sectors.land import looking_up
from sonha.sectors.land.drawing import shape_in_wgs84
from sonha.sectors.land.models import Parcel
from sonha.sectors.land.tests.cadastre import DECISION, EAST, NORTH, SYSTEM, land_types, land_user, parcel

pytestmark = pytest.mark.django_db
PLACE = {"commune": "06112", "sheet": "05", "number": "1"}


@pytest.fixture(autouse=True)
def types(db: Any) -> None:
    land_types()


@pytest.fixture
def lan() -> Party:
    return Party.objects.create(kind="person", name="Nông Thị Lan", personal_id="020185001234", commune_code="06112")


@pytest.fixture
def home(lan: Party) -> Parcel:
    made = parcel(0, user=land_user(party=lan, id_number=lan.personal_id), serial="CA 123456")
    parcel(1, user=land_user("Lý Văn Khác", id_number="020085009999"), serial="CA 654321")
    return made


def citizen(party: Party | None = None) -> Asker:
    return Asker(Actor(party_ids=frozenset({party.pk} if party else ())), party.pk if party else None)


def told(asker: Asker, **given: str) -> Any:
    return looking_up.find(asker, {**PLACE, **given})


def test_the_holder_sees_the_whole_parcel_and_may_fill_it_in(home: Parcel, lan: Party) -> None:
    answer = told(citizen(lan))
    assert answer.sentence == "Thửa 1, tờ bản đồ 5, 06112: 400 m², ONT; Giấy chứng nhận CA 123456."
    assert not answer.warn
    wanted = {"commune": "06112", "sheet": "5", "number": "1", "area": 400.0, "land_type": "ONT", "serial": "CA 123456"}
    assert wanted.items() <= answer.values.items()
    assert answer.shape["type"] == "Polygon" and [each["label"] for each in answer.around] == ["2"]
    assert told(citizen(lan), number="", serial="CA123456").values["number"] == "1", "by the serial of one's own certificate too"


def test_of_others_only_what_is_open_and_never_a_name(home: Parcel, lan: Party) -> None:
    for asker in (citizen(lan), citizen()):
        answer = told(asker, number="2")
        assert answer.values.keys() == {"commune", "sheet", "number", "area", "land_type", "point"}
        assert "CA 654321" not in answer.sentence and "Khác" not in repr(answer)
        assert looking_up.find(asker, {"commune": "06112", "serial": "CA 654321"}) is None, "a serial does not lead to a stranger's parcel"


def test_what_the_province_closes_is_not_told(home: Parcel, lan: Party) -> None:
    RegisterGrant.objects.filter(register="parcels").update(fields=["code", "sheet_number", "parcel_number"])
    answer = told(citizen(), number="2")
    assert answer.sentence == "Thửa 2, tờ bản đồ 5, 06112."
    assert (answer.shape, answer.around, answer.values.keys()) == (None, [], {"commune", "sheet", "number"})
    line = {"type": "LineString", "coordinates": [[106.0, 21.0], [106.1, 21.0]]}
    assert looking_up.cut(citizen(), {**PLACE, "number": "2"}, line) is None
    assert told(citizen(lan)).values["area"] == 400, "one's own stays one's own"


def test_what_is_not_there_is_said_kindly(home: Parcel, lan: Party) -> None:
    answer = told(citizen(lan), number="77")
    assert answer.warn and "Chưa thấy thửa 77, tờ bản đồ 5" in answer.sentence and "cứ ghi theo Giấy chứng nhận" in answer.sentence
    assert looking_up.find(citizen(lan), {"commune": "06112", "sheet": "5"}) is None
    for odd in ("-", "abc", "9" * 60, "'; --", "\x00"):
        assert told(citizen(lan), number=odd).warn


def test_a_hindrance_is_told_to_the_holder_alone(home: Parcel, lan: Party) -> None:
    with changing("land", SYSTEM, DECISION) as change:
        change.amend(home, status="disputed")
    assert "đang có tranh chấp" in told(citizen(lan)).sentence
    assert "tranh chấp" not in told(citizen()).sentence


def test_my_parcels_are_those_of_the_owner_of_the_dossier(home: Parcel, lan: Party) -> None:
    assert [each.key for each in looking_up.own(citizen(lan))] == ["06112.5.1"]
    assert looking_up.own(citizen()) == []
    stranger = Party.objects.create(kind="person", name="Người lạ", personal_id="020085000002")
    assert looking_up.own(Asker(Actor(party_ids=frozenset({stranger.pk})), lan.pk)) == [], "whoever may not see them is not shown them"


def test_a_line_across_divides_and_one_beside_does_not(home: Parcel, lan: Party) -> None:
    def cut(*points: tuple[float, float]) -> Any:
        line = shapely.LineString([(EAST + x, NORTH + y) for x, y in points])
        return looking_up.cut(citizen(lan), PLACE, shape_in_wgs84(line))

    across = cut((5, -1), (5, 21))
    assert sorted(part.area for part in across.parts) == pytest.approx([100, 300], abs=0.2)
    assert sum(part.area for part in across.parts) == pytest.approx(400), "nothing is lost"
    assert across.sentence.startswith("Đường vẽ chia thửa 1 thành 2 phần: ")
    beside = cut((25, 0), (25, 20))
    assert beside.warn and not beside.parts and "không cắt qua thửa đất" in beside.sentence
    assert looking_up.cut(citizen(lan), {**PLACE, "number": "9"}, {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}) is None
