"""A backup holds everything, is readable with its key alone, and every fault of it is named before anything is touched."""

import hmac
import json
import os
import resource
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sonha.bootstrap import postgres, recovery
from sonha.bootstrap.cluster import DATABASE, Cluster
from sonha.foundation.files.services import store_bytes
from sonha.operations.backup import keys, manifest, sealing, state
from sonha.operations.backup.checking import check
from sonha.operations.backup.making import make
from sonha.operations.backup.refusal import BackupRefused
from sonha.operations.backup.tests.conftest import Saved


def spoil(path: Path, how: Callable[[bytes], bytes]) -> None:
    path.write_bytes(how(path.read_bytes()))


def reseal(saved: Saved, change: Callable[[manifest.Manifest], manifest.Manifest]) -> None:
    """The manifest changed by somebody who has all the keys: as another version would have written it."""
    secret = keys.authenticity_of(saved.key)
    changed = change(manifest.read(sealing.open_bytes(saved.folder / manifest.NAME, saved.key), secret))
    (saved.folder / manifest.NAME).unlink()
    recipient = subprocess.run(["age-keygen", "-y", saved.key], capture_output=True, text=True, check=True).stdout.strip()
    sealing.seal_bytes(changed.seal(secret), saved.folder / manifest.NAME, recipient)


def test_everything_comes_back_as_it_was(saved: Saved) -> None:
    found = check(saved.folder, saved.key)
    assert found.kind == "dump"
    assert found.counts == saved.counted, "counted in the snapshot that was dumped"
    assert found.counts["django_migrations"] > 50
    with tempfile.TemporaryDirectory(prefix="sonha-test-") as name:
        home = Path(name)
        home.chmod(0o755)
        for part in ("keys.tar.age", "files.tar.age"):
            recovery.unpack(saved.folder / part, saved.key, home)
        blobs = [path.read_bytes() for path in (home / "files").rglob("*") if path.is_file()]
        assert blobs == [b"to khai"]
        assert (home / "secret.key").read_text() == "s" * 80
        cluster = Cluster(home / "pg", postgres.find(Path("/nowhere")), dict(os.environ), throwaway=True)
        with cluster.held():
            cluster.sql("postgres", f'CREATE DATABASE "{DATABASE}"')
            recovery.load_dump(saved.folder / "database.dump.age", saved.key, cluster)
            statement = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in found.counts)
            rows = dict(line.split("|") for line in cluster.sql(DATABASE, statement).splitlines())
        assert {table: int(count) for table, count in rows.items()} == found.counts


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param("mkdir -p {files}/uploads", id="the first upload in parts begins"),
        pytest.param("mkdir -p {files}/ab/cd && echo moi > {files}/ab/cd/new", id="a new file is stored"),
        pytest.param("find {files} -type f -exec touch {{}} +", id="the same bytes are stored again"),
    ],
)
def test_people_go_on_filing_while_it_is_made(
    transactional_db: None, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    keys.create(tmp_path / "key.txt")
    large = bytes(range(256)) * 4000
    store_bytes(large, name="ban-do.bin", media_type="application/octet-stream", purpose="test")
    action = meanwhile.format(files=data / "files")
    monkeypatch.setenv("TAR_OPTIONS", f"--checkpoint=20 --checkpoint-action=exec='{action}'")
    made = make(tmp_path / "made", kind="dump")
    monkeypatch.delenv("TAR_OPTIONS")
    recovery.unpack(made / "files.tar.age", tmp_path / "key.txt", tmp_path)
    assert large in [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_nothing_of_it_can_be_read_without_the_key(saved: Saved) -> None:
    contents = b"".join(path.read_bytes() for path in saved.folder.glob("*.age"))
    assert b"to khai" not in contents
    assert b"django_migrations" not in contents
    assert b"AGE-SECRET-KEY" not in b"".join(path.read_bytes() for path in saved.data.rglob("*") if path.is_file()), "not on the server"


def test_the_age_of_the_last_backup_is_known(saved: Saved, settings: object) -> None:
    settings.SONHA_DATA = saved.data  # type: ignore[attr-defined]
    last = state.last()
    assert last is not None
    assert 0 <= last["age"] < 3600


def test_another_key_does_not_open_it(saved: Saved, tmp_path: Path) -> None:
    keys.create(tmp_path / "other.txt")
    with pytest.raises(BackupRefused, match=r"không mở được.* / .*does not open"):
        check(saved.folder, tmp_path / "other.txt")


def test_a_file_that_is_no_key_is_named(saved: Saved, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("khoá ở trong két")
    with pytest.raises(BackupRefused, match="not a backup key"):
        check(saved.folder, tmp_path / "note.txt")


@pytest.mark.parametrize("part", ["database.dump.age", "files.tar.age", "keys.tar.age"])
def test_a_flipped_bit_is_found_in_every_part(saved: Saved, part: str) -> None:
    spoil(saved.folder / part, lambda data: data[:300] + bytes([data[300] ^ 1]) + data[301:])
    with pytest.raises(BackupRefused, match=rf"{part}.*SHA-256"):
        check(saved.folder, saved.key)


def test_a_flipped_bit_in_the_manifest_is_found(saved: Saved) -> None:
    spoil(saved.folder / manifest.NAME, lambda data: data[:-5] + bytes([data[-5] ^ 1]) + data[-4:])
    with pytest.raises(BackupRefused, match=r"manifest\.age"):
        check(saved.folder, saved.key)


def test_a_cut_part_is_found(saved: Saved) -> None:
    spoil(saved.folder / "files.tar.age", lambda data: data[:-100])
    with pytest.raises(BackupRefused, match="was cut or lengthened"):
        check(saved.folder, saved.key)


def test_a_missing_part_is_named(saved: Saved) -> None:
    (saved.folder / "files.tar.age").unlink()
    with pytest.raises(BackupRefused, match=r"lacks its part files\.tar\.age"):
        check(saved.folder, saved.key)


def test_an_ordinary_folder_is_no_backup(saved: Saved, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="is not a backup"):
        check(tmp_path, saved.key)


def test_a_forged_backup_is_refused(saved: Saved) -> None:
    """Whoever learns the public key can encrypt, but not prove that this installation made it."""
    body = sealing.open_bytes(saved.folder / manifest.NAME, saved.key).partition(b"\n")[2]
    forged = hmac.new(b"guess", body, "sha256").hexdigest().encode() + b"\n" + body
    recipient = subprocess.run(["age-keygen", "-y", saved.key], capture_output=True, text=True, check=True).stdout.strip()
    (saved.folder / manifest.NAME).unlink()
    sealing.seal_bytes(forged, saved.folder / manifest.NAME, recipient)
    with pytest.raises(BackupRefused, match="was not made by the installation of this key"):
        check(saved.folder, saved.key)


def test_a_newer_version_asks_for_itself(saved: Saved) -> None:
    reseal(saved, lambda made: replace(made, product="2031.2.0", migrations=(*made.migrations, ("dossiers", "0099_later"))))
    with pytest.raises(BackupRefused, match=r"newer version \(2031\.2\.0\)"):
        check(saved.folder, saved.key)


def test_a_newer_format_asks_for_its_version(saved: Saved) -> None:
    reseal(saved, lambda made: replace(made, format=manifest.FORMAT + 1, product="2031.2.0"))
    with pytest.raises(BackupRefused, match=r"newer version \(2031\.2\.0\)"):
        check(saved.folder, saved.key)


def test_an_older_version_is_taken(saved: Saved) -> None:
    reseal(saved, lambda made: replace(made, product="0.0.1", migrations=made.migrations[:-3]))
    assert check(saved.folder, saved.key).product == "0.0.1"


def test_a_base_backup_of_another_postgresql_names_the_packages(saved: Saved) -> None:
    reseal(saved, lambda made: replace(made, kind="base", postgres=99_0001))
    with pytest.raises(BackupRefused, match="postgresql-99-postgis-3"):
        check(saved.folder, saved.key)


def test_without_a_key_it_says_how_to_make_one(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="--new-key"):
        make(tmp_path / "backups", kind="dump")


def test_an_existing_key_is_never_overwritten(data: Path, tmp_path: Path) -> None:
    keys.create(tmp_path / "key.txt")
    before = (tmp_path / "key.txt").read_text()
    with pytest.raises(BackupRefused, match="exists"):
        keys.create(tmp_path / "key.txt")
    assert (tmp_path / "key.txt").read_text() == before
    assert os.stat(tmp_path / "key.txt").st_mode & 0o077 == 0


def test_it_is_not_put_into_the_data_folder(data: Path, tmp_path: Path) -> None:
    keys.create(tmp_path / "key.txt")
    with pytest.raises(BackupRefused, match="within the data folder"):
        make(data / "backups", kind="dump")


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_named_and_leaves_nothing_behind(data: Path, tmp_path: Path) -> None:
    """The limit on a file's size stands for the end of the disk: the same write fails in the same place."""
    keys.create(tmp_path / "key.txt")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    try:
        with pytest.raises(BackupRefused, match=r"đã đầy.* / .*is full"):
            make(tmp_path / "backups", kind="dump")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_manifest_says_what_it_is_in_words_of_json(saved: Saved) -> None:
    body = sealing.open_bytes(saved.folder / manifest.NAME, saved.key).partition(b"\n")[2]
    assert {"kind", "at", "product", "postgres", "counts", "parts", "migrations"} <= json.loads(body).keys()
