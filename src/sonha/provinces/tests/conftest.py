"""Fixtures of the tests that sign."""

from typing import Any

import pytest

from sonha.foundation.signing import pki


@pytest.fixture
def own_pki(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A data folder of the test run's own with a certificate authority, made once."""
    folder = tmp_path_factory.getbasetemp() / "running"
    folder.mkdir(exist_ok=True)
    settings.SONHA_DATA = folder
    pki.create()
