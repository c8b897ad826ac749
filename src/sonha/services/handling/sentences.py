"""Ready sentences: which ones a dossier's page offers, the administrators' catalogue, each official's own."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.process.cases.errors import ActionRefused, NotAllowed
from sonha.services.handling.models import Sentence
from sonha.services.procedures.models import Procedure

MOST_OWN = 60


def offered(actor: Actor, procedure: Procedure) -> QuerySet[Sentence]:
    """For one procedure: by use, within it one's own first, then those of the procedure, of its field, of all."""
    mine = Q(owner_id=actor.user_id) if actor.user_id else Q(pk__in=[])
    place = Q(procedure=procedure) | Q(procedure=None, field=None)
    if procedure.field_id:
        place |= Q(field_id=procedure.field_id)
    rows = Sentence.objects.filter(mine | Q(owner=None), place)
    often = Case(*(When(use=use, then=Value(place)) for place, use in enumerate(Sentence.Use.values)))
    last = {"nulls_last": True}
    return rows.order_by(often, F("owner").asc(**last), F("procedure").asc(**last), F("field").asc(**last), "order", "pk")


def catalogue(actor: Actor) -> QuerySet[Sentence]:
    """The province's sentences; every official may read them."""
    rows = Sentence.objects.filter(owner=None).select_related("field", "procedure")
    return rows if actor.is_official or actor.is_system else rows.none()


def own(actor: Actor) -> QuerySet[Sentence]:
    return (
        Sentence.objects.filter(owner_id=actor.user_id).select_related("field", "procedure") if actor.user_id else Sentence.objects.none()
    )


@transaction.atomic
def write(actor: Actor, values: Mapping[str, Any], *, of: Sentence | None = None, personal: bool = False) -> Sentence:
    """Adds a sentence or changes `of`. `values`: use, text, field, procedure, order. The province's are for administrators (NotAllowed)."""
    _check(actor, of, personal)
    text = " ".join(str(values.get("text", "")).split())
    if not text or values.get("use") not in Sentence.Use.values:
        raise ActionRefused(_("Hãy ghi câu mẫu và chọn dùng khi nào."), errors={"text": _("Hãy ghi câu mẫu.")})
    if len(text) > 500:
        raise ActionRefused(_("Câu mẫu dài quá 500 ký tự."), errors={"text": _("Câu mẫu dài quá 500 ký tự.")})
    if values.get("field") and values.get("procedure"):
        raise ActionRefused(_("Chọn một lĩnh vực hoặc một thủ tục, không chọn cả hai."))
    if personal and of is None and own(actor).count() >= MOST_OWN:
        raise ActionRefused(_("Đã có %(most)d câu mẫu riêng. Hãy bỏ bớt rồi thêm.") % {"most": MOST_OWN})
    sentence = of or Sentence(owner=actor.user if personal else None)
    sentence.use, sentence.text, sentence.order = values["use"], text, int(values.get("order") or 0)
    sentence.field, sentence.procedure = values.get("field"), values.get("procedure")
    sentence.save()
    if sentence.owner_id is None:
        record("sentence.changed", subject=("sentences", "all"), actor=actor, payload={"number": sentence.pk})
    return sentence


@transaction.atomic
def remove(actor: Actor, sentence: Sentence) -> None:
    _check(actor, sentence, sentence.owner_id is not None)
    number, shared = sentence.pk, sentence.owner_id is None
    sentence.delete()
    if shared:
        record("sentence.removed", subject=("sentences", "all"), actor=actor, payload={"number": number})


def _check(actor: Actor, sentence: Sentence | None, personal: bool) -> None:
    owner = sentence.owner_id if sentence else actor.user_id if personal else None
    if owner is None and not (actor.is_administrator or actor.is_system):
        raise NotAllowed(_("Chỉ quản trị hệ thống được sửa câu mẫu dùng chung."))
    if owner is not None and owner != actor.user_id:
        raise NotAllowed(_("Câu mẫu này của người khác."))
