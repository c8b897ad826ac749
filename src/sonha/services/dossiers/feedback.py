"""Satisfaction of applicants, once per dossier (P10)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.process.cases import engine
from sonha.process.cases.errors import ActionRefused
from sonha.services.dossiers.models import Dossier, Rating

SCORES = (
    ("1", gettext_lazy("Rất không hài lòng")),
    ("2", gettext_lazy("Không hài lòng")),
    ("3", gettext_lazy("Bình thường")),
    ("4", gettext_lazy("Hài lòng")),
    ("5", gettext_lazy("Rất hài lòng")),
)


def rate(dossier: Dossier, actor: Actor, *, score: str, comment: str) -> Rating:
    """Stores a score of 1 to 5. Raises ActionRefused before the end, for another score, or the second time."""
    if not dossier.is_ended:
        raise ActionRefused(_("Ông/bà đánh giá sau khi hồ sơ kết thúc."))
    if score not in dict(SCORES):
        raise ActionRefused(_("Hãy chọn mức hài lòng từ 1 đến 5."))
    try:
        with transaction.atomic():
            rating = Rating.objects.create(dossier=dossier, score=int(score), comment=comment.strip()[:2000])
            record("dossier.rated", subject=engine.subject_ref(dossier.case), actor=actor, payload={"score": rating.score})
    except IntegrityError as twice:
        raise ActionRefused(_("Hồ sơ này đã được đánh giá.")) from twice
    return rating
