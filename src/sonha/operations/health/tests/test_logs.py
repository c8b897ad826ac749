"""Log lines are JSON and hold nothing that tells who somebody is."""

import json
import logging
import sys
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from sonha.operations.health.logs import JsonLines, masked


def line(message: str, *args: object, **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord("sonha.test", logging.WARNING, __file__, 1, message, args, extra.pop("exc_info", None))
    for name, value in extra.items():
        setattr(record, name, value)
    return dict(json.loads(JsonLines().format(record)))


@pytest.mark.parametrize(
    "personal", ["020190001234", "0912 345 678", "+84 912 345 678", "hoa.nguyen@example.vn", "0912.345.678", "q=Nguyễn"]
)
def test_personal_data_is_masked(personal: str) -> None:
    said = line("Not Found: /tra-cuu/?" + personal if "=" in personal else f"người nộp {personal} gọi lại")["message"]
    assert personal not in said


def test_what_helps_stays() -> None:
    said = line("Not Found: %s", "/can-bo/ho-so/000.00.12.H37-261121-0001/")
    assert said["message"].startswith("Not Found: /can-bo/ho-so/")
    assert said["level"] == "WARNING"
    assert line("request", request=RequestFactory().get("/", headers={"X-Request-ID": "abc-def-123"}))["request"] == "abc-def-123"


def test_an_error_keeps_its_places_not_its_values() -> None:
    number = "020190001234"
    try:
        raise ValueError(f"Key (identifier)=({number}) already exists.\nDETAIL: Nguyễn Thị Hoa")
    except ValueError:
        entry = line("failed", exc_info=sys.exc_info())
    text = json.dumps(entry, ensure_ascii=False)
    assert entry["error"] == "ValueError"
    assert "test_logs.py" in entry["trace"][-1]
    assert number not in text
    assert "Hoa" not in text


@given(st.text(alphabet="0123456789", min_size=9, max_size=16), st.text(alphabet="abc /:,()=", max_size=5))
def test_no_long_number_survives(number: str, around: str) -> None:
    assert number not in masked(f"{around} {number} {around}")
