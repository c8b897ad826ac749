"""STT 816 on a phone, with a real browser and a small generated cadastre: my parcels, the look-up, the line, the areas, the dossier."""

from pathlib import Path
from typing import TYPE_CHECKING

from sonha.channels.story.parcel_split import FILED, number_of, tell
from sonha.channels.story.stage import Stage
from sonha.foundation.access.actor import Actor
from sonha.provinces.demonstration import cadastre
from sonha.provinces.demonstration.accounts import load_accounts, password
from sonha.services.dossiers import registers
from sonha.services.dossiers.models import Dossier

if TYPE_CHECKING:
    from sonha.testing.browser import Live


def test_a_parcel_is_chosen_and_divided_on_a_phone(lang_son: None, live: "Live", tmp_path: Path) -> None:
    load_accounts()
    cadastre.load(250, communes={"06112"})
    stage = Stage(live.browser, live.url, tmp_path / "pictures", password=password(), say=print)
    try:
        told = tell(stage, FILED)
    finally:
        stage.close()
    dossier = Dossier.objects.get(code=told.code)
    assert dossier.answers["split_line"]["type"] == "LineString"
    assert [row["area"] for row in dossier.answers["new_parcels"]] == [number_of(area) for area in told.parts]
    said = registers.findings(Actor.system("test"), dossier)
    assert {each.tone for each in said} == {"plain"}, [each.sentence for each in said]
    assert all(any(area in each.sentence for each in said) for area in told.parts), "the officer reads the areas that the citizen was told"
