"""A step is repeated exactly when something it depends on has changed."""

from pathlib import Path

from sonha.bootstrap.stamps import Stamps, fingerprint


def test_a_fingerprint_changes_with_content_name_and_words(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "a.txt"
    file.parent.mkdir()
    file.write_text("một")
    first = fingerprint([file.parent])
    assert fingerprint([file.parent]) == first
    assert fingerprint([file.parent], "3.12") != first
    file.write_text("hai")
    second = fingerprint([file.parent])
    assert second != first
    (file.parent / "b.txt").write_text("")
    assert fingerprint([file.parent]) != second


def test_bytecode_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("pass")
    before = fingerprint([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert fingerprint([tmp_path]) == before


def test_a_stamp_is_fresh_only_under_its_own_mark(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "stamps")
    assert not stamps.fresh("migrate", "1")
    stamps.set("migrate", "1")
    assert stamps.fresh("migrate", "1")
    assert not stamps.fresh("migrate", "2")
    assert not stamps.fresh("profile", "1")
    stamps.clear("migrate")
    assert not stamps.fresh("migrate", "1")
