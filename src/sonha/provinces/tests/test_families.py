"""Every other procedure of the catalogue is served by a family: one of each runs from filing to its end."""

import pytest

from sonha.provinces.demonstration.plans import family_procedures
from sonha.provinces.matching import family_rules
from sonha.provinces.tests.running import lived
from sonha.services.dossiers.models import Dossier

pytestmark = pytest.mark.usefixtures("lang_son", "own_pki")


@pytest.mark.parametrize("family", [key for key, _rules in family_rules()])
def test_a_procedure_of_the_family_runs_to_its_end(family: str) -> None:
    procedure = family_procedures()[family]
    dossier = lived(procedure.stt, business=False)
    assert dossier.case.outcome in {"granted", "done"}
    assert dossier.result.document_number and dossier.result.handed_over_at
    assert Dossier.objects.get(pk=dossier.pk).finished_at
