"""Fixtures of the registry's tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from sonha.registry.declarations import Register


@pytest.fixture
def plots(db: Any) -> Iterator[type[Register]]:
    """A register of polygons, empty."""
    from sonha.testing.plots import plots

    with plots() as register:
        yield register
