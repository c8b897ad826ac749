"""Folders, ports and the length of socket paths."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonha.bootstrap import places
from sonha.bootstrap.trouble import Trouble


def test_two_installations_differ_in_data_and_port_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = []
    for number in (1, 2):
        monkeypatch.setenv("SONHA_DATA", str(tmp_path / f"data{number}"))
        monkeypatch.setenv("SONHA_PORT", str(9000 + number * 10))
        found.append(places.from_environment())
    assert found[0].project == found[1].project
    assert found[0].data != found[1].data
    assert found[0].address == "http://localhost:9010"
    assert found[1].address == "http://localhost:9020"


@pytest.mark.parametrize("text", ["", "0", "65535", "-1", "8000 ", "http", "８０００"])
def test_a_port_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(Trouble) as caught:
        places.read_port(text)
    assert "SONHA_PORT" in caught.value.vietnamese
    assert "SONHA_PORT" in caught.value.english


def test_an_unknown_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONHA_MODE", "staging")
    with pytest.raises(Trouble, match="staging"):
        places.from_environment()


@given(st.lists(st.text("abcđềo", min_size=1, max_size=30), min_size=1, max_size=12))
def test_the_socket_path_always_fits(parts: list[str]) -> None:
    cluster = Path("/srv", *parts)
    socket = places.socket_folder(cluster)
    assert len(os.fsencode(f"{socket}/.s.PGSQL.5432")) <= 107
    assert socket == places.socket_folder(cluster), "the same folder every time"


def test_long_folders_get_different_short_sockets() -> None:
    deep = "/srv/" + "x" * 120
    assert places.socket_folder(Path(deep, "a")) != places.socket_folder(Path(deep, "b"))
    assert places.socket_folder(Path("/srv/sonha/pg")) == Path("/srv/sonha/pg/socket")
