"""Signatures: the platform and the sandbox were written apart and must agree; no two messages share the signed bytes."""

import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonha.foundation.payments import signing
from sonha.sandbox.payment_gateway import signing as other_side

plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
messages = st.dictionaries(
    st.text(max_size=8),
    st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)),
)


@given(messages)
def test_both_sides_sign_alike(message: dict[str, Any]) -> None:
    try:
        ours = signing.sign(message, b"secret")
    except UnicodeEncodeError:  # a lone surrogate is no text
        return
    assert ours == other_side.sign(b"secret", message)


@given(st.text("ab1", max_size=4), st.text("ab1", max_size=4), st.text("ab1", max_size=4), st.text("ab1", max_size=4))
def test_moving_the_boundary_between_fields_changes_the_signed_bytes(a: str, b: str, c: str, d: str) -> None:
    same = signing.canonical({"order": a, "amount": b}) == signing.canonical({"order": c, "amount": d})
    assert same == ((a, b) == (c, d))


def test_a_fraction_cannot_be_signed() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        signing.canonical({"lines": [{"amount": 1.5}]})


def test_whichever_side_starts_first_makes_the_secret_once(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "new" / "payment-sandbox.key"
    settings.SONHA_PAYMENT = {"base_url": "", "partner": "LANGSON", "secret_file": path}
    seen: list[bytes] = []
    sides = [lambda: seen.append(signing.gateway_secrets()[0]), lambda: seen.append(other_side.shared_secret(path)[0])] * 4
    threads = [threading.Thread(target=side) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8 and len(set(seen)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [child.name for child in path.parent.iterdir()] == [path.name]


def test_during_a_change_of_keys_the_previous_secret_still_counts(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("new\nold\n")
    settings.SONHA_PAYMENT = {"base_url": "", "partner": "LANGSON", "secret_file": path}
    message = {"amount": 1}
    assert signing.verify(message, signing.sign(message, b"old")) and signing.verify(message, signing.sign(message, b"new"))
    assert not signing.verify(message, signing.sign(message, b"older"))
    assert not signing.verify(message, "không phải chữ ký")


def test_production_does_not_invent_a_secret(settings: Any, tmp_path: Path) -> None:
    settings.MODE = "production"
    settings.SONHA_PAYMENT = {"base_url": "", "partner": "LANGSON", "secret_file": tmp_path / "missing"}
    with pytest.raises(Exception, match="secret"):
        signing.gateway_secrets()
