"""`./sonha backup <folder>`: database, files and keys into a new encrypted folder there, while the system runs.

`--new-key <file>` makes the key once. Where SONHA_WAL_ARCHIVE is set the backup is one from which the archived log goes on
(docs/operations/backup.md); `--dump` asks for the portable kind nevertheless.
"""

from collections.abc import Sequence
from pathlib import Path

from sonha.bootstrap import readiness, system_packages, wal_archive
from sonha.bootstrap.places import Places
from sonha.bootstrap.trouble import Trouble

USAGE = (
    "./sonha backup <thư mục> [--dump] | ./sonha backup --new-key <tệp>",
    "./sonha backup <folder> [--dump] | ./sonha backup --new-key <file>",
)


def run(places: Places, arguments: Sequence[str]) -> int:
    options = {argument for argument in arguments if argument.startswith("-")}
    paths = [argument for argument in arguments if not argument.startswith("-")]
    if options - {"--new-key", "--dump"} or len(paths) != 1:
        raise Trouble(f"Cách dùng: {USAGE[0]}", f"Usage: {USAGE[1]}", code=2)
    if not places.url_file.exists() and not readiness.given_database() and "--new-key" not in options:
        raise Trouble(
            f"Chưa có dữ liệu ở {places.data} để sao lưu: hãy kiểm tra SONHA_DATA.", f"There is no data in {places.data}: check SONHA_DATA."
        )
    env = readiness.prepare_tools(places)
    system_packages.ensure(places, system_packages.BACKUP)
    path = str(Path(paths[0]).absolute())
    if "--new-key" in options:
        return readiness.manage_aloud(places, env, ["backup_key", path])
    carried = wal_archive.folder() is not None and not readiness.given_database() and "--dump" not in options
    with readiness.database(places, env):
        return readiness.manage_aloud(places, env, ["backup_make", path, "--kind", "base" if carried else "dump"])
