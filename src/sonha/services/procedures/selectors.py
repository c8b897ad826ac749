"""Reading the catalogue. Published procedures are public; drafts are for administrators."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.models import Unit
from sonha.foundation.search.expressions import Words
from sonha.foundation.search.folding import fold, number_key
from sonha.services.procedures.models import Field, LifeEvent, Procedure, ProcedureVersion
from sonha.services.procedures.own_words import meant


def procedures(actor: Actor) -> QuerySet[Procedure]:
    """Every procedure of the catalogue; all of them are public."""
    return Procedure.objects.select_related("agency", "field")


def find_procedures(
    actor: Actor,
    words: str = "",
    *,
    field: str = "",
    agency: str = "",
    level: str = "",
    life_event: str = "",
    defect: str = "",
    modelled: bool = False,
) -> QuerySet[Procedure]:
    """Procedures matching words (without diacritics too), a code, or filters; best matches first when words are given."""
    found = procedures(actor)
    if field:
        found = found.filter(field__slug=field)
    if agency:
        found = found.filter(agency__code=agency)
    if level:
        found = found.filter(level=level)
    if life_event:
        found = found.filter(life_events__key=life_event)
    if defect:
        found = found.filter(defects__contains=[defect])
    if modelled:
        found = found.filter(fully_modelled=True)
    words = words.replace("\x00", "").strip()
    if not words:
        return found.order_by("-fully_modelled", "stt")
    return _matching(found, words)


def _matching(found: QuerySet[Procedure], words: str) -> QuerySet[Procedure]:
    """By code, by the words as typed, by what people mean with them; names merely alike only when nothing else is found."""
    from django.contrib.postgres.search import SearchRank, TrigramWordSimilarity
    from django.db.models import Case, F, IntegerField, Value, When
    from django.db.models.functions import Coalesce

    if words.isdecimal() and len(words) < 10:
        return found.filter(stt=int(words))
    code = number_key(words)
    by_code = Q(code_key__startswith=code) if len(code) >= 4 and any(letter.isdigit() for letter in code) else Q(pk__in=[])
    phrase = Q(name_folded__contains=fold(words))
    meanings = meant(words)
    by_meaning = Q(pk__in=[])
    for each in meanings:
        by_meaning |= Q(name_folded__contains=each)
    likelier = [When(name_folded__in=meanings, then=len(meanings) + 1)]
    likelier += [When(name_folded__contains=each, then=len(meanings) - at) for at, each in enumerate(meanings)]
    likelihood = Case(*likelier, default=0, output_field=IntegerField()) if meanings else F("stt") * 0
    query = Words(words)
    hits = found.annotate(
        rank=Coalesce(SearchRank(F("search"), query), Value(0.0)),
        closeness=Case(
            When(name_folded=fold(words), then=3), When(phrase, then=2), When(by_meaning, then=1), default=0, output_field=IntegerField()
        ),
        likelihood=likelihood,
    ).filter(by_code | Q(search=query) | by_meaning)
    if hits.exists():
        return hits.order_by("-closeness", "-likelihood", "-fully_modelled", "-rank", "stt")
    alike = found.annotate(likeness=TrigramWordSimilarity(fold(words), "name_folded")).filter(likeness__gte=0.55)
    return alike.order_by("-likeness", "stt")


def current_version(procedure: Procedure, on: date | None = None) -> ProcedureVersion | None:
    """The published version that applies on a day (default today): the newest whose dates cover it.

    When the newest has ended and nothing follows, the newest published one still answers: the catalogue must not lose a procedure
    because its successor was not typed in.
    """
    day = on or timezone.localdate()
    published = procedure.versions.filter(state=ProcedureVersion.State.PUBLISHED).select_related("flow_version", "form_version")
    covering = published.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))
    return covering.order_by("-number").first() or published.order_by("-number").first()


def fields(actor: Actor) -> QuerySet[Field]:
    return Field.objects.annotate(count=Count("procedures")).filter(count__gt=0).order_by("name")


def life_events(actor: Actor) -> QuerySet[LifeEvent]:
    return LifeEvent.objects.annotate(count=Count("procedures"))


def agencies_with_procedures(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.filter(procedures__isnull=False).annotate(count=Count("procedures")).order_by("name")


def summaries(procedures: Iterable[Procedure]) -> dict[int, dict[str, str]]:
    """What each procedure is for in a sentence (`summary`, `summary_en`), of those with a declaration of their own; one query."""
    own = [procedure for procedure in procedures if procedure.fully_modelled]
    rows = ProcedureVersion.objects.filter(procedure__in=own, state=ProcedureVersion.State.PUBLISHED)
    newest = rows.order_by("procedure_id", "-number").distinct("procedure_id")
    found = newest.values_list("procedure_id", "content__summary", "content__summary_en")
    return {pk: {"summary": summary, "summary_en": english or ""} for pk, summary, english in found if summary}
