"""Filing through the services: what is decided from clean answers, who may hand in what, and which authority receives it."""

import pytest

from sonha.foundation.files.services import store_bytes
from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.models import Unit
from sonha.foundation.organisations.selectors import communes
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.services.dossiers import desk, drafts, fee_words, filing, money, supplements
from sonha.services.dossiers.models import Dossier, Paper, State
from sonha.services.dossiers.papers import masked, owner_block
from sonha.services.dossiers.tests.people import citizen, draft_for, filed, groundwater_answers, official
from sonha.services.dossiers.units import committee_of
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version

pytestmark = pytest.mark.usefixtures("lang_son")


def test_typed_text_decides_nothing_before_it_is_clean() -> None:
    draft = draft_for(citizen(), 860, {**groundwater_answers(), "flow": "1.200,5"})
    about = drafts.about(draft)
    assert about["flow"] == 1200.5
    wanted = {paper.code for paper, required in drafts.required_papers(draft.version, about) if required}
    assert "exploration_report" in wanted and "well_report" not in wanted
    rows = fee_words.charged_rows(draft.version, money.fee_lines(draft.version, about))
    assert [row.amount for row in rows] == [5_000_000]
    assert rows[0].source and rows[0].source.assumption and "minh hoạ" in rows[0].source.citation


def test_the_same_draft_sent_twice_is_one_dossier() -> None:
    lan = citizen()
    draft = draft_for(lan, 860, groundwater_answers())
    assert filing.submit(draft.pk, lan) == filing.submit(draft.pk, lan)
    assert Dossier.objects.count() == 1


def test_everything_that_is_missing_is_said_at_once() -> None:
    draft = draft_for(citizen(), 860, {**groundwater_answers(), "site_address": " "})
    drafts.save_draft(draft, papers={"water_analysis": []}, details={"return_channel": "post", "return_address": ""})
    _clean, problems = filing.check(draft)
    assert set(problems.fields) == {"site_address"}
    assert set(problems.papers) == {"water_analysis"}
    assert set(problems.receiving) == {"return_address"}


def test_a_commune_matter_needs_its_commune_and_reaches_it() -> None:
    lan = citizen()
    version = current_version(Procedure.objects.get(stt=1657))
    assert version
    draft = drafts.start_draft(lan, version, owner=lan.user.party if lan.user else None)
    assert drafts.needs_area(draft) and "receiving_commune" in drafts.judged_return(draft).errors
    drafts.save_draft(draft, details={"receiving_commune": "99999"})
    assert "receiving_commune" in drafts.judged_return(draft).errors
    drafts.save_draft(draft, details={"receiving_commune": "06112"})
    assert drafts.judged_return(draft).ok
    Party.objects.filter(pk=draft.owner_id).update(commune_code="06112")
    again = drafts.start_draft(lan, version, owner=Party.objects.get(pk=draft.owner_id))
    assert drafts.judged_return(again).clean["receiving_commune"] == "06112", "remembered from the account's address"


def test_every_commune_of_today_has_an_authority() -> None:
    for level in (Unit.Level.COMMUNE, Unit.Level.DISTRICT):
        assert [area.name for area in communes() if committee_of(area.code, level) is None] == []


def test_a_stranger_s_file_cannot_be_handed_in() -> None:
    lan, hoa = citizen(), citizen("Hoàng Thị Hoa", "020301009999")
    file = store_bytes(b"%PDF-1.4", name="cua-hoa.pdf", media_type="application/pdf", purpose="dossier", actor_user=hoa.user)
    draft = draft_for(lan, 860, groundwater_answers())
    drafts.give_paper(draft, "water_analysis", [str(file.pk)])
    with pytest.raises(ActionRefused):
        filing.submit(draft.pk, lan)
    assert not Dossier.objects.exists()


def test_papers_given_once_are_offered_with_all_their_pages_and_only_to_their_owner() -> None:
    lan = citizen()
    dossier = filed(lan, 860, groundwater_answers())
    for page in ("1.jpg", "2.jpg"):
        file = store_bytes(b"anh", name=page, media_type="image/jpeg", purpose="dossier", actor_user=lan.user)
        Paper.objects.create(dossier=dossier, requirement="site_map", title="Sơ đồ", kind="works_map", file=file)
    (offered,) = drafts.earlier_papers(dossier.owner_id, "works_map")
    assert offered.dossier == dossier and [paper.file.original_name for paper in offered.papers if paper.file] == ["1.jpg", "2.jpg"]
    hoa = citizen("Hoàng Thị Hoa", "020301009999")
    draft = draft_for(hoa, 860, groundwater_answers())
    drafts.give_paper(draft, "site_map", offered.entries)
    with pytest.raises(ActionRefused):
        filing.submit(draft.pk, hoa)


def test_the_desk_finds_an_owner_by_number_only() -> None:
    lan, clerk = citizen(), official("receptionist", "STNMT.MC")
    version = current_version(Procedure.objects.get(stt=816))
    assert version
    draft = drafts.start_draft(clerk, version, channel="desk")
    assert desk.find_owner(clerk, draft, "Nông Thị Lan") == []
    ((token, party),) = desk.find_owner(clerk, draft, "020 301 001 234")
    assert lan.user and party == lan.user.party and desk.picked_owner(clerk, draft, token) == party
    assert desk.picked_owner(clerk, draft, str(party.pk)) is None, "a number that was not found cannot be picked"
    with pytest.raises(NotAllowed):
        desk.find_owner(lan, draft, "020301001234")


def test_at_the_desk_an_owner_is_typed_and_papers_are_handed_over() -> None:
    clerk = official("receptionist", "STNMT.MC")
    version = current_version(Procedure.objects.get(stt=860))
    assert version and clerk.user
    clerk.user.email = "can-bo@example.vn"
    draft = drafts.start_draft(clerk, version, channel="desk")
    typed = {"kind": "person", "name": "Hoàng  Văn Pản", "address": "Thôn Bản Pẻn", "applicant_name": "Hoàng Thị Mỷ"}
    drafts.save_draft(draft, answers=groundwater_answers(), details={"owner": typed})
    assert set(filing.check(draft)[1].owner) == {"personal_id"}
    drafts.save_draft(draft, details={"owner": {**typed, "personal_id": "020 070 004 321"}})
    drafts.give_paper(draft, "site_map", ["on_paper"])
    dossier = filing.submit(draft.pk, clerk)
    assert (dossier.owner.name, dossier.owner.personal_id) == ("Hoàng Văn Pản", "020070004321")
    assert (dossier.applicant, dossier.applicant_name, dossier.contact_email) == (None, "Hoàng Thị Mỷ", "")
    assert dossier.return_channel == "desk" and dossier.papers.get(requirement="site_map").on_paper


def test_first_answers_come_from_the_owner_and_the_owner_s_earlier_dossiers() -> None:
    lan = citizen()
    filed(lan, 860, groundwater_answers())
    draft = draft_for(lan, 860, {})
    sources = drafts.sources_for(draft)
    assert sources["account"]["name"] == "Nông Thị Lan" and sources["account"]["email"] == "lan@example.vn"
    assert sources["dossier"]["groundwater_abstraction"]["works_name"] == "Giếng khoan hộ bà Lan"


def test_slips_show_the_last_digits_of_a_personal_number() -> None:
    dossier = filed(citizen(), 860, groundwater_answers())
    assert owner_block(dossier).identity == "CCCD số ********1234"
    assert masked("123") == "123"


def test_an_empty_answer_to_a_supplement_request_is_refused_and_pages_of_one_paper_stay_together() -> None:
    from sonha.process.cases import engine
    from sonha.process.cases.models import Task

    lan, clerk = citizen(), official("receptionist", "STNMT.MC")
    dossier = filed(lan, 860, groundwater_answers())
    engine.act(Task.objects.get(case=dossier.case, state="open").pk, "request_supplement", actor=clerk, comment="Thiếu trang 2 của sơ đồ")
    dossier.refresh_from_db()
    task = Task.objects.get(case=dossier.case, state="open")
    with pytest.raises(ActionRefused):
        supplements.answer(dossier, task, "submit_supplement", lan, files={})
    pages = [
        store_bytes(b"anh", name=f"{number}.jpg", media_type="image/jpeg", purpose="dossier", actor_user=lan.user) for number in (1, 2)
    ]
    supplements.answer(dossier, task, "submit_supplement", lan, files={"site_map": pages, "item-0": pages[:1]})
    dossier.refresh_from_db()
    assert dossier.state == State.SUBMITTED
    assert dossier.papers.filter(requirement="site_map", replaced_at=None).count() == 2
    assert dossier.papers.filter(requirement__startswith="supplement_", title="Thiếu trang 2 của sơ đồ").count() == 1
