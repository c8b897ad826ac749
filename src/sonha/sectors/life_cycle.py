"""What happens to a permit after it was issued, as versions of the licence that stands for it in a register, for every sector alike.

    on_permit_changed("mineral_extraction", follow(MINERALS.code, ExtractionLicences, details={"capacity": "capacity"}))

The state of the licence follows every act; its last day an extension, its holder a transfer, what `details` names an amendment. The act
is the basis of the change. A licence that the register does not have (older than the register, not yet entered) stays outside of it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from sonha.process.outcomes import OutcomeRefused, PermitChange
from sonha.registry.declarations import Register
from sonha.registry.records.services import Basis, Changing, changing
from sonha.sectors.applications import SYSTEM, converted

Alongside = Callable[[Changing, PermitChange, Any], None]
LONGEST_NUMBER = 120  # of a basis
ENDED_OF_ITSELF = "expire"


def follow(
    where: str,
    register: type[Register],
    *,
    holder: str = "holder",
    details: Mapping[str, str] | None = None,
    alongside: Alongside | None = None,
) -> Callable[[PermitChange], None]:
    """A following of `on_permit_changed` for the licences of a register of database `where`.

    `holder` and `holder` + `_name` are the fields that name the holder; `details` names fields of the licence by the permit's details that
    fill them when it is amended. `alongside(change, act, licence)` changes in the same change what stands beside the licence: its wells.
    """

    def following(act: PermitChange) -> None:
        licence = licence_of(register, act)
        if licence is None:
            return
        with changes_of(where, register, act) as change:
            said = {"state": act.state, **_said(licence, act, holder, details or {})}
            if all(getattr(licence, name) == value for name, value in said.items()):
                change.uphold(licence, day=act.on_date)
            else:
                licence = change.amend(licence, day=act.on_date, **said)
            if alongside is not None:
                alongside(change, act, licence)

    return following


@contextmanager
def changes_of(where: str, register: type[Register], act: PermitChange) -> Iterator[Changing]:
    """A change of database `where` that rests on the act; OutcomeRefused, in words, when the register cannot take it."""
    try:
        with changing(where, SYSTEM, basis_of(act), kind=act.act, made_by=act.recorded_by) as change:
            yield change
    except ValidationError as refused:
        why = {"register": register.title, "why": " ".join(refused.messages)}
        raise OutcomeRefused(_("Không ghi được vào «%(register)s»: %(why)s") % why) from refused


def licence_of(register: type[Register], act: PermitChange) -> Any:
    """The licence that came from the permit's dossier, else the one of its number and day; None when the register has neither."""
    rows = register.model._default_manager.all()
    found: Any = None
    if act.dossier_code and any(each.name == "dossier_code" for each in register.model._meta.fields):
        found = rows.filter(dossier_code=act.dossier_code).first()
    found = found or rows.filter(number=act.number, issued_on=act.issued_on).first()
    if found is None or (found.valid_to is not None and found.valid_to < act.on_date):
        return None
    return found


def basis_of(act: PermitChange) -> Basis:
    """The document that the act rests on; of a permit that ended of itself, the permit."""
    if act.act == ENDED_OF_ITSELF:
        return Basis("decision", act.number, act.issued_on, act.dossier_code, note=act.basis)
    note = str(act.details.get("note") or "") or act.reason
    if len(act.basis) > LONGEST_NUMBER:
        note = f"{act.basis}\n{note}".strip()
    return Basis("decision", act.basis[:LONGEST_NUMBER], act.decided_on, document=act.document, note=note)


def _said(licence: Model, act: PermitChange, holder: str, details: Mapping[str, str]) -> dict[str, Any]:
    if act.act == "extend":
        return {"expires_on": act.valid_to}
    if act.act == "transfer":
        return {holder: act.holder, f"{holder}_name": act.holder_name}
    if act.act == "amend":
        return {
            field: converted(licence._meta.get_field(field), act.details[name])
            for name, field in details.items()
            if act.details.get(name) not in (None, "")
        }
    return {}
