"""Numbers that must have no gaps: dossier codes per agency and day, document numbers per body, pattern and year.

A number is taken under a row lock inside the transaction that uses it, so it exists only if its dossier or document does.
"""

from datetime import date
from typing import TypeVar

from django.db import transaction

from sonha.foundation.organisations.models import Unit
from sonha.services.dossiers.models import DocumentCounter, DossierCounter

Counter = TypeVar("Counter", DossierCounter, DocumentCounter)


def next_dossier_code(agency: Unit, day: date) -> str:
    """The next code `H37.14-261121-0001` of an agency on a day (Nghị định 61/2018/NĐ-CP: agency, date, sequence). Needs a transaction."""
    counter = _locked(DossierCounter, agency=agency, day=day)
    return f"{agency.code_qd20 or agency.code}-{day:%y%m%d}-{counter.last:04d}"


def next_document_number(unit: Unit, pattern: str, year: int) -> str:
    """The next document number of a body: pattern `{number}/GP-UBND` becomes `12/GP-UBND`. Needs a transaction."""
    counter = _locked(DocumentCounter, unit=unit, pattern=pattern, year=year)
    return pattern.replace("{number}", f"{counter.last:02d}").replace("{year}", str(year))


def _locked(model: type[Counter], **key: object) -> Counter:
    """The counter row, one higher than before and locked until the transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number without gaps needs the transaction that uses it")
    model.objects.bulk_create([model(**key)], ignore_conflicts=True)
    row = model.objects.select_for_update().get(**key)
    row.last += 1
    row.save(update_fields=["last"])
    return row
