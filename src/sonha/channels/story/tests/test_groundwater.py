"""The whole story with a real browser, a real gateway and real signatures."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sonha.channels.story.groundwater import tell
from sonha.channels.story.stage import Stage
from sonha.foundation.audit.verification import verify
from sonha.provinces.demonstration.accounts import load_accounts, password
from sonha.services.permits.models import Permit
from sonha.testing.gateway import Sandbox

if TYPE_CHECKING:
    from sonha.testing.browser import Live


@pytest.fixture
def paying(live_server: Any, tmp_path: Path, settings: Any) -> Iterator[None]:
    gateway = Sandbox(tmp_path, f"{live_server.url}/api/payments/callback", "--retry-after", "0.5,0.5")
    settings.SONHA_PAYMENT = gateway.settings
    yield
    gateway.stop()


def test_from_the_home_page_to_the_register(lang_son: None, live: "Live", paying: None, tmp_path: Path) -> None:
    load_accounts()
    stage = Stage(live.browser, live.url, tmp_path / "pictures", password=password(), say=print)
    try:
        told = tell(stage)
    finally:
        stage.close()
    permit = Permit.objects.get(dossier__code=told.code)
    assert permit.number == told.permit_number and permit.state == "in_force" and permit.geometry
    assert verify().ok
