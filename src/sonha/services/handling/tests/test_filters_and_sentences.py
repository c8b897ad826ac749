"""Saved filters and ready sentences: one's own stay one's own, the province's are the administrators'."""

import pytest

from sonha.foundation.audit.models import Event
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.services.dossiers.tests.people import official
from sonha.services.handling import filters, sentences
from sonha.services.handling.models import SavedFilter, Sentence
from sonha.services.procedures.models import Procedure

pytestmark = pytest.mark.usefixtures("lang_son")


def test_a_filter_is_kept_without_paging_renamed_defaulted_and_forgotten_by_its_owner_alone() -> None:
    desk, leader = official("receptionist", "STNMT.MC"), official("leader", "STNMT")
    late = filters.save(desk, "dossiers", "  Quá   hạn ", {"late": "late", "after": "x", "unknown": "y", "q": " "}, default=True)
    assert (late.name, late.parameters) == ("Quá hạn", {"late": "late"})
    again = filters.save(desk, "dossiers", "Quá hạn", {"late": "soon"})
    assert again.pk == late.pk and again.parameters == {"late": "soon"} and again.is_default, "the name stays, what it asks for changes"
    other = filters.save(desk, "dossiers", "Chờ nhận", {"state": "submitted"}, default=True)
    assert [each.name for each in filters.saved(desk, "dossiers").filter(is_default=True)] == ["Chờ nhận"]
    assert not filters.saved(leader, "dossiers").exists() and not filters.saved(desk, "work").exists()

    filters.forget(leader, other)
    filters.set_default(leader, late, on=True)
    assert SavedFilter.objects.get(pk=other.pk).is_default, "nobody else's act reaches it"
    filters.set_default(desk, other, on=False)
    filters.forget(desk, other)
    assert list(filters.saved(desk, "dossiers")) == [late] and not filters.saved(desk, "dossiers").filter(is_default=True).exists()

    for name, asked, sentence in (("", {"late": "late"}, "đặt tên"), ("Mọi thứ", {"after": "1"}, "chưa lọc")):
        with pytest.raises(ActionRefused, match=sentence):
            filters.save(desk, "dossiers", name, asked)
    for number in range(filters.MOST - 1):
        filters.save(desk, "dossiers", f"Bộ lọc {number}", {"late": "late"})
    with pytest.raises(ActionRefused, match="20 bộ lọc"):
        filters.save(desk, "dossiers", "Một bộ nữa", {"late": "late"})


def test_a_procedure_is_offered_its_own_sentences_its_fields_and_those_of_all() -> None:
    administrator, desk, other = official("administrator", "UBND"), official("receptionist", "STNMT.MC"), official("clerk", "STNMT")
    water, land = Procedure.objects.get(stt=860), Procedure.objects.exclude(field=Procedure.objects.get(stt=860).field)[0]
    common = {"use": "supplement", "order": 9}
    one = sentences.write(administrator, {**common, "text": "Riêng thủ tục", "procedure": water})
    field = sentences.write(administrator, {**common, "text": "Riêng lĩnh vực", "field": water.field})
    mine = sentences.write(desk, {**common, "text": "Câu của tôi"}, personal=True)

    offered = [row.text for row in sentences.offered(desk, water) if row.use == "supplement"]
    assert offered[:3] == ["Câu của tôi", "Riêng thủ tục", "Riêng lĩnh vực"] and len(offered) == 8, "the nearest first, then all's"
    assert not {one.pk, field.pk} & {row.pk for row in sentences.offered(desk, land)}
    assert mine.pk not in {row.pk for row in sentences.offered(other, water)}

    with pytest.raises(NotAllowed):
        sentences.write(desk, {**common, "text": "Của mọi người"})
    with pytest.raises(NotAllowed):
        sentences.write(desk, {**common, "text": "Sửa"}, of=one)
    with pytest.raises(NotAllowed):
        sentences.remove(administrator, mine)
    with pytest.raises(ActionRefused, match="không chọn cả hai"):
        sentences.write(administrator, {**common, "text": "x", "procedure": water, "field": water.field})
    for wrong in ({"use": "supplement", "text": "  "}, {"use": "none", "text": "x"}, {"use": "refusal", "text": "x" * 501}):
        with pytest.raises(ActionRefused):
            sentences.write(administrator, wrong)
    sentences.remove(administrator, one)
    sentences.remove(desk, mine)
    assert list(Event.objects.filter(verb__startswith="sentence.").order_by("pk").values_list("verb", flat=True)) == [
        "sentence.changed", "sentence.changed", "sentence.removed",
    ], "what is one's own is nobody's business"  # fmt: skip
    assert not Sentence.objects.filter(pk__in=[one.pk, mine.pk]).exists()
