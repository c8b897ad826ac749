"""GetFeature."""

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_the_open_wells(service: Any, wells: Any) -> None:
    answer = service.get(typename="sonha:example_wells")
    print(answer.content.decode())
    assert service.codes(answer) == ["G-01", "G-02", "G-03", "A&B <3>"]
