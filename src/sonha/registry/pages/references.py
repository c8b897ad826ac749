"""What a reference of a record may point to, as far as the actor may know of it: found by words or number, suggested while one types.

Records are those that the actor reads with their names. People and other things outside of registers are told by name only where the
actor reads them in this very register; anybody else is found by the whole number on a paper, never chosen from a list.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.search.expressions import folded
from sonha.foundation.search.folding import fold
from sonha.registry.declarations import Register, of_model
from sonha.registry.declarations.fields import Field
from sonha.registry.grants.rights import Rights, rights
from sonha.registry.records.selectors import records

from .asking import Asked, When
from .narrowing import Narrowing

LEAST = 2  # letters before anything is suggested
MOST_LETTERS = 100
MOST_CANDIDATES = 6
PAPER = re.compile(r"[0-9]{9,14}(-[0-9]{3})?")
NUMBERS = ("personal_id", "tax_code", "code", "number")
CLOSE = ("personal_id", "tax_code")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`text` is what the input holds: `tên #123`; `about` tells namesakes apart."""

    pk: int
    name: str
    about: str = ""

    @property
    def text(self) -> str:
        return f"{self.name} #{self.pk}" if self.name else f"#{self.pk}"


def related_of(asked: Asked, each: Field) -> Any:
    return asked.register.model._meta.get_field(each.name).related_model


def candidates(asked: Asked, each: Field, text: str, most: int, *, typing: bool = False) -> list[Candidate]:
    """What is called so, the nearest first; with `typing` the last word may be incomplete."""
    words = text.strip()[:MOST_LETTERS]
    if not words:
        return []
    register = of_model(related_of(asked, each))
    return _records(asked, register, words, most, typing) if register else _others(asked, each, words, most)


def reachable(asked: Asked, each: Field, pk: int) -> Any:
    """The record of this number, when the actor may point to it; else None."""
    related = related_of(asked, each)
    register = of_model(related)
    if register is not None:
        return records(asked.actor, register, ended=True).filter(pk=pk).first()
    return _met(asked, each).filter(pk=pk).first()


def meant(asked: Asked, each: Field, text: str) -> Any:
    """The one record that is meant: `… #123`, or the only one that is called so; ValidationError with one sentence."""
    _name, sign, number = text.rpartition("#")
    if sign and number.isdecimal() and len(number) < 19:
        row = reachable(asked, each, int(number))
        if row is not None:
            return row
    found = candidates(asked, each, text, MOST_CANDIDATES)
    related = related_of(asked, each)
    if len(found) == 1:
        return related._default_manager.get(pk=found[0].pk)
    if not found and of_model(related) is None:
        said = _("Không tìm thấy «%(text)s» trong sổ này. Người, tổ chức chưa có trong sổ: xin ghi đủ số định danh hoặc mã số thuế.")
        raise ValidationError(said % {"text": text[:60]})
    if not found:
        raise ValidationError(_("Không tìm thấy «%(text)s» trong dữ liệu ông/bà được xem.") % {"text": text[:60]})
    names = ", ".join(row.text for row in found)
    raise ValidationError(_("Có nhiều bản ghi khớp: %(names)s; hãy ghi đúng một, kèm số sau dấu #.") % {"names": names})


def shown_name(asked: Asked, each: Field, pk: int) -> str:
    """What the input of a held reference says beside its number; empty when the actor may not read the name."""
    related = related_of(asked, each)
    register = of_model(related)
    if register is None:
        return str(related._default_manager.filter(pk=pk).first() or "")  # it is read in the record itself
    row = records(asked.actor, register, ended=True).filter(pk=pk).first()
    return _name(register, rights(asked.actor, register), row) if row is not None else ""


def _name(register: type[Register], held: Rights, row: Any) -> str:
    naming = register.naming()
    return register.named(row) if naming != "pk" and naming in held.fields_of(row) else ""


def _records(asked: Asked, register: type[Register], words: str, most: int, typing: bool) -> list[Candidate]:
    held = rights(asked.actor, register)
    if not held.reads:
        return []
    narrowing = Narrowing(Asked(asked.actor, register, held), {"q": words}, typing=typing)
    naming = register.naming()
    rows = records(asked.actor, register)
    found: dict[int, Any] = {}
    if naming != "pk":
        rows = rows.filter(held.where_shown([naming]))
        if register.field(naming).kind in ("line", "text"):
            found = {row.pk: row for row in rows.filter(**{naming: words}).order_by("pk")[:most]}
    if len(found) < most and (typing or not found):
        for row in narrowing.narrowed(rows)[:most]:
            found.setdefault(row.pk, row)
    return [Candidate(row.pk, _name(register, held, row), _about(row)) for row in list(found.values())[:most]]


def _about(row: Any) -> str:
    return area_name(row.commune_code) if row.commune_code else ""


def _others(asked: Asked, each: Field, words: str, most: int) -> list[Candidate]:
    related = related_of(asked, each)
    has = {field.name for field in related._meta.concrete_fields}
    met = _met(asked, each)
    exact = Q(pk__in=[])
    for name in NUMBERS:
        if name in has:
            exact |= Q(**{name: words})
    known = related._default_manager.none()
    if PAPER.fullmatch(words.replace(" ", "")):
        number = Q(pk__in=[])
        for name in CLOSE:
            if name in has:
                number |= Q(**{name: words.replace(" ", "")})
        known = related._default_manager.filter(number)
    found = {row.pk: row for row in [*known[:most], *met.filter(exact).order_by("pk")[:most]]}
    if "name" in has and len(fold(words)) >= LEAST:
        named = met.annotate(plain_name=folded("name")).filter(plain_name__contains=fold(words))
        for row in named.order_by("name", "pk")[:most]:
            found.setdefault(row.pk, row)
    return [Candidate(row.pk, str(row), _ending(row)) for row in list(found.values())[:most]]


def _met(asked: Asked, each: Field) -> Any:
    """Whom the records of this register name, where the actor may read that they do."""
    rows = asked.rows(When(), ended=True).filter(asked.rights.where_shown([each.name]))
    return related_of(asked, each)._default_manager.filter(pk__in=rows.order_by().values(f"{each.name}_id"))


def _ending(row: Any) -> str:
    """The last digits of a number, enough to tell namesakes apart."""
    number = str(getattr(row, "identifier", "") or "")
    return f"…{number[-4:]}" if len(number) >= 9 else number
