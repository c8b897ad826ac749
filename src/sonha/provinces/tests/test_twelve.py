"""All twelve modelled procedures, through the services: to their own signed result, and to a signed refusal."""

import pytest

from sonha.foundation.audit.verification import verify
from sonha.foundation.files.services import read_bytes
from sonha.foundation.signing.services import verify_pdf
from sonha.provinces.demonstration.plans import BUSINESS, MODELLED
from sonha.provinces.tests.running import lived
from sonha.services.dossiers import drafting, results
from sonha.services.dossiers.models import Dossier
from sonha.services.permits.models import Permit

pytestmark = pytest.mark.usefixtures("lang_son", "own_pki")


def signed_result(dossier: Dossier) -> None:
    """The result is numbered, and the paper bears the leader's and the agency's signatures, unaltered."""
    result = dossier.result
    assert result.document_number and "{" not in result.document_number
    report = verify_pdf(read_bytes(result.file))
    assert report.valid and not report.altered and len(report.signatures) == 3
    assert report.signatures[0].signer_name == result.signed_by.full_name


@pytest.mark.parametrize("stt", MODELLED)
def test_it_runs_from_filing_to_its_own_result(stt: int) -> None:
    dossier = lived(stt, business=stt in BUSINESS)
    assert (dossier.case.outcome, dossier.state) == ("granted", "granted")
    signed_result(dossier)
    said = dossier.version.content["outcome"]
    assert dossier.result.title == said["title"]
    permit = Permit.objects.filter(dossier=dossier).first()
    assert bool(permit) == (said["kind"] in results.REGISTERED)
    if permit:
        assert permit.holder == dossier.owner and permit.number == dossier.result.document_number
        assert bool(permit.valid_to) == bool(said["validity"])
        assert bool(permit.geometry) == bool(dossier.answers.get(said.get("geometry")))
    assert verify().ok


@pytest.mark.parametrize("stt", MODELLED)
def test_it_runs_from_filing_to_a_signed_refusal(stt: int) -> None:
    dossier = lived(stt, business=stt in BUSINESS, refusing=True)
    assert (dossier.case.outcome, dossier.state) == ("refused", "refused")
    signed_result(dossier)
    assert dossier.result.outcome == "refused"
    assert not Permit.objects.filter(dossier=dossier).exists()
    draft = drafting.latest_draft(dossier)
    assert draft and "không" in " ".join(draft.body["paragraphs"]).lower()
