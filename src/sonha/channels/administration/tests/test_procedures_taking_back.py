"""What an administrator did to a procedure is taken back: an edit of a draft, a draft thrown away, a version ended, filing closed."""

from django.test import Client
from django.urls import reverse

from sonha.channels.administration.tests.test_procedures_editor import administrator, draft, edit, procedure, publish, pytestmark, whole
from sonha.foundation.access.actor import Actor
from sonha.foundation.audit import undo
from sonha.foundation.identity.models import User
from sonha.services.procedures.models import Procedure, ProcedureVersion
from sonha.testing.confirming import confirmed

__all__ = ["administrator", "draft", "procedure", "pytestmark"]


def test_what_was_edited_thrown_away_ended_or_closed_comes_back(
    administrator: Client,
    procedure: Procedure,
    draft: ProcedureVersion,
) -> None:
    before, who = whole(draft), Actor.of(User.objects.get(pk=administrator.session["_auth_user_id"]))
    edit(administrator, "phi", "save@fees/rules/0", then__title="Phí thẩm định", then__amount="1.600.000", then__kind="fee")
    undone = administrator.post(reverse("administration:procedure_take_back", args=[866]), follow=True)
    said = [str(message) for message in undone.context["messages"]]
    assert said and "Đã hoàn tác" in said[-1] and "1.600.000" in said[-1] and whole(draft) == before
    administrator.post(reverse("administration:procedure_take_back", args=[866]))
    assert whole(draft)["fees"]["rules"][0]["then"]["amount"] == 1600000, "taking back is itself taken back"

    administrator.post(reverse("administration:procedure_discard", args=[866]))
    gone = undo.changes(who, "phien-ban", limit=1)[0]
    assert administrator.post(reverse("administration:change", args=["phien-ban", gone.number])).status_code == 302
    assert whole(draft)["fees"]["rules"][0]["then"]["amount"] == 1600000, "the draft is back as it was thrown away"

    publish(administrator, "01/03/2020")
    newest = procedure.versions.get(number=2)
    given = undo.changes(who, "phien-ban", row=newest.pk, limit=1)[0]
    assert "không lấy lại được" in undo.obstacle(who, "phien-ban", given.number)
    assert "đã được công bố" in undo.obstacle(who, "phien-ban", undo.changes(who, "phien-ban", row=draft.pk, limit=1)[0].number)
    administrator.post(reverse("administration:procedure_begin", args=[866]), {"tu": "1"})
    again = procedure.versions.get(state="draft")
    assert (again.number, whole(again)["fees"]) == (3, before["fees"]), "an earlier version is the base of the next"

    address = reverse("administration:procedure_retire", args=[866, 2])
    shown = administrator.post(address, {"reason": "Luật mới"})
    assert procedure.versions.get(number=2).state == "published" and "Hồ sơ mới theo phiên bản 1." in shown.context["lines"]
    confirmed(administrator, address, {"reason": "Luật mới"})
    undo.take_back(who, "phien-ban", undo.changes(who, "phien-ban", row=newest.pk, limit=1)[0].number)
    assert procedure.versions.get(number=2).state == "published"

    confirmed(administrator, reverse("administration:procedure_switch", args=[866]), {})
    procedure.refresh_from_db()
    assert not procedure.open_for_filing
    undo.take_back(who, "thu-tuc", undo.changes(who, "thu-tuc", limit=1)[0].number)
    procedure.refresh_from_db()
    assert procedure.open_for_filing
