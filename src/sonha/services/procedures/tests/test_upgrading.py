"""New declarations arrive while an administrator has a draft open: the upgrade publishes, the draft stays."""

import copy

import pytest

from sonha.foundation.access.actor import Actor
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version
from sonha.services.procedures.services import as_declaration, publish_draft, publish_version, start_draft

pytestmark = pytest.mark.usefixtures("lang_son")


def test_an_open_draft_makes_way_for_a_new_declaration() -> None:
    system = Actor.system("test")
    procedure = Procedure.objects.get(stt=860)
    draft = start_draft(procedure, actor=system)
    before = current_version(procedure)
    assert before is not None and draft.number == before.number + 1
    content, kept = draft.content, draft.draft
    declared = copy.deepcopy(as_declaration(before))
    declared["time_limit"] = {**declared["time_limit"], "amount": declared["time_limit"]["amount"] + 1}
    published = publish_version(procedure, declared, key=before.content["key"], actor=system)
    draft.refresh_from_db()
    assert (published.number, draft.number) == (before.number + 1, before.number + 2)
    assert (draft.content, draft.draft) == (content, kept)
    assert publish_draft(draft, actor=system).number == published.number + 1
