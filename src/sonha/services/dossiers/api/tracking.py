"""/api/v1/tracking: where a dossier stands, for anybody who knows its code."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from sonha.foundation.rest.rates import ByAddress
from sonha.foundation.rest.security import PUBLIC
from sonha.services.dossiers import selectors
from sonha.services.dossiers.api.dossiers import Code
from sonha.services.dossiers.api.shapes import TrackedDossier

PER_MINUTE = ByAddress("60/min")
router = Router(tags=["tracking"], auth=PUBLIC, throttle=PER_MINUTE)


@router.get(
    "/{code}",
    response=TrackedDossier,
    operation_id="track_dossier",
    summary="Where a dossier stands",
    openapi_extra={"responses": {429: {"description": ""}}},
)
def track_dossier(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Steps and dates without any personal data (Nghị định 61/2018/NĐ-CP, Điều 16). 60 requests a minute of one address."""
    found = selectors.track(code)
    if found is None:
        raise Http404
    return asdict(found)
