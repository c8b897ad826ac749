"""The public pages: looking procedures up, tracking without names, and what search engines may not keep."""

import pytest
from django.test import Client

from sonha.channels.portal import catalogue
from sonha.foundation.access.actor import Actor
from sonha.process.cases import engine
from sonha.process.cases.models import Task
from sonha.services.dossiers.tests.people import citizen, filed, groundwater_answers, official
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import find_procedures

pytestmark = pytest.mark.usefixtures("lang_son")


def test_the_whole_catalogue_is_read_in_pages_none_twice() -> None:
    found, after, seen = find_procedures(Actor.anonymous()), "", []
    while True:
        rows, following = catalogue.page_after(found, after, ranked=False)
        seen += [row.stt for row in rows]
        if following is None:
            break
        after = str(following)
    assert len(seen) == len(set(seen)) == Procedure.objects.count() == 1717


def test_people_find_with_their_own_words() -> None:
    said = {"khoan giếng": 860, "khoan gieng": 858, "so do": 817, "tách đất": 816, "xả thải": 864, "BTM-LSN-265052": 860, "860": 860}
    for words, stt in said.items():
        rows, _following = catalogue.page_after(find_procedures(Actor.anonymous(), words), "", ranked=True)
        assert stt in [row.stt for row in rows], words


def test_a_search_is_read_on_from_where_it_stood() -> None:
    found = find_procedures(Actor.anonymous(), "giấy phép")
    first, following = catalogue.page_after(found, "", ranked=True)
    second, _more = catalogue.page_after(found, str(following), ranked=True)
    assert following == first[-1].stt and not {row.stt for row in first} & {row.stt for row in second}


def test_procedures_with_defects_have_their_page(client: Client) -> None:
    nameless = Procedure.objects.filter(code="").first()
    assert nameless and client.get(f"/thu-tuc/{nameless.stt}/").status_code == 200
    for stt in (816, 1412, 1657, 860):
        page = client.get(f"/thu-tuc/{stt}/").content.decode()
        assert "step-list" in page and "commune" not in page.split("step-list")[1].split("</ol>")[0]
    assert client.get("/thu-tuc/?q=%00&sau=khong").status_code == 200
    assert client.get("/thu-tuc/860/can-chuan-bi/").status_code == 200


def test_tracking_names_nobody_is_not_indexed_and_is_braked(client: Client) -> None:
    dossier = filed(citizen(), 860, groundwater_answers())
    answer = client.get(f"/tra-cuu/{dossier.code}/", REMOTE_ADDR="203.0.113.7")
    page = answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex, nofollow" and dossier.code in page
    assert all(secret not in page for secret in ("Nông Thị Lan", "020301001234", "0912345678", "Nà Chuông"))
    statuses = [client.get("/tra-cuu/H37.14-260101-0001/", REMOTE_ADDR="203.0.113.8").status_code for _time in range(61)]
    assert statuses[0] == 404 and statuses[-1] == 429
    assert client.get(f"/tra-cuu/{dossier.code}/", REMOTE_ADDR="203.0.113.9").status_code == 200
    assert "Disallow: /ho-so-cua-toi/" in client.get("/robots.txt").content.decode()


def test_a_correction_that_is_wrong_is_told_and_kept_and_a_right_one_goes_through(client: Client) -> None:
    lan, clerk = citizen(), official("receptionist", "STNMT.MC")
    dossier = filed(lan, 860, groundwater_answers())
    engine.act(Task.objects.get(case=dossier.case, state="open").pk, "request_supplement", actor=clerk, comment="Xem lại lưu lượng")
    task = Task.objects.get(case=dossier.case, state="open")
    assert lan.user
    client.force_login(lan.user)
    assert "Xem lại lưu lượng" in client.get(f"/ho-so-cua-toi/{dossier.code}/").content.decode()
    sent = {"action": "submit_supplement", "correct": "1", "comment": "Tôi sửa", "sua:flow": "nhiều"}
    refused = client.post(f"/ho-so-cua-toi/{dossier.code}/thuc-hien/{task.pk}/", sent)
    page = refused.content.decode()
    assert refused.status_code == 422 and 'value="nhiều"' in page and "Tôi sửa" in page and "phải là một số" in page
    assert client.post(f"/ho-so-cua-toi/{dossier.code}/thuc-hien/{task.pk}/", {**sent, "sua:flow": "90"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.answers["flow"] == 90 and dossier.state == "submitted"


def test_the_first_page_is_light(client: Client) -> None:
    answer = client.get("/", HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip" and len(answer.content) < 8_000
