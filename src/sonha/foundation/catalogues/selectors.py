"""Reading catalogues. They are public facts: everybody may read all of them."""

from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from sonha.foundation.catalogues.models import Catalogue, CatalogueItem


def catalogues(day: date | None = None) -> QuerySet[Catalogue]:
    """All catalogues with `in_force`, the number of items on `day` (default today), and `total`."""
    day = day or timezone.localdate()
    held = (Q(items__valid_from=None) | Q(items__valid_from__lte=day)) & (Q(items__valid_to=None) | Q(items__valid_to__gte=day))
    return Catalogue.objects.annotate(in_force=Count("items", filter=held), total=Count("items")).order_by("name")


def items(code: str, day: date | None = None) -> QuerySet[CatalogueItem]:
    """The items of a catalogue in force on `day` (default today), in their order."""
    return CatalogueItem.objects.filter(catalogue__code=code).on(day or timezone.localdate()).order_by("order", "code")


def name_of(code: str, item: str, day: date | None = None) -> str:
    """The name of an item on `day` (default today); of the last day it had one when it is no longer in force; the code when unknown."""
    rows = CatalogueItem.objects.filter(catalogue__code=code, code=item)
    found = rows.on(day or timezone.localdate()).first() or rows.order_by(F("valid_to").desc(nulls_first=True)).first()
    return found.name if found else item


def exists(code: str) -> bool:
    return Catalogue.objects.filter(code=code).exists()
