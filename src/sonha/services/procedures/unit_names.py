"""Names for the actors of a procedure's flow, before anybody knows which commune it will be."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sonha.foundation.organisations.models import Unit
from sonha.services.procedures.models import Procedure


def unit_names(content: Mapping[str, Any], procedure: Procedure) -> dict[str, str]:
    """Actor of the flow (`desk`, `division`, `commune` …) -> name to show, from the content of a version or a draft."""
    receiver = procedure.agency.name if procedure.agency else ""
    names = {"agency": receiver, "authority": _name(content.get("authority")) or receiver, "desk": _("bộ phận một cửa")}
    names["division"] = _name(content.get("division")) or _("phòng chuyên môn")
    consulted = content.get("consulted")
    if isinstance(consulted, Mapping):
        names |= {str(actor): _name(reference) for actor, reference in consulted.items()}
    return {actor: name for actor, name in names.items() if name}


def _name(reference: Any) -> str:
    if not isinstance(reference, str) or not reference:
        return ""
    if reference.startswith("@commune_of"):
        return _("Uỷ ban nhân dân cấp xã")
    if reference.startswith("@district_of"):
        return _("Uỷ ban nhân dân cấp huyện")
    return Unit.objects.filter(code=reference).values_list("name", flat=True).first() or ""
