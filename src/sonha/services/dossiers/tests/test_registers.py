"""A granted result takes effect in the registers, or is not issued at all; the registers are asked while it is appraised."""

from collections.abc import Iterator

import pytest

from sonha.process import outcomes
from sonha.process.outcomes import Application, Finding, OutcomeRefused
from sonha.process.outcomes import outcomes as kept


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No sector has anything to say but the test's own."""
    monkeypatch.setattr(kept, "_outcomes", {})
    monkeypatch.setattr(kept, "_questions", {})
    yield
