"""A backup restored into a database that somebody else keeps (SONHA_DATABASE_URL), as a role that owns that database and nothing more."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from sonha.bootstrap import postgres
from sonha.bootstrap.cluster import Cluster
from sonha.operations.backup.tests.conftest import Saved


def restore(saved: Saved, data: Path, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"SONHA_MODE": "test", "PYTHONPATH": str(settings.PROJECT / "src"), "SONHA_PROJECT": str(settings.PROJECT)}
    env |= {"SONHA_DATA": str(data), "SONHA_DATABASE_URL": url}
    for name in ("DJANGO_SETTINGS_MODULE", "SONHA_SECRET_FILE"):
        env.pop(name, None)
    command = [sys.executable, "-m", "sonha.bootstrap", "restore", str(saved.folder), "--key", str(saved.key), *options]
    return subprocess.run(command, env=env, capture_output=True, text=True)


def test_an_empty_database_takes_everything_and_a_filled_one_nothing(saved: Saved) -> None:
    with tempfile.TemporaryDirectory(prefix="sonha-test-") as name:
        home = Path(name)
        home.chmod(0o755)
        kept = Cluster(home / "kept", postgres.find(settings.PROJECT / ".sonha/prefix"), dict(os.environ), throwaway=True)
        try:
            with kept.held():
                kept.sql("postgres", "CREATE ROLE province LOGIN")
                kept.sql("postgres", "CREATE DATABASE environment OWNER province")
                kept.ensure_database("environment")
                url = f"postgresql://province@/environment?host={quote(str(kept.socket), safe='')}"
                early = restore(saved, home / "data", url)
                assert early.returncode != 0
                grant = 'GRANT INSERT, UPDATE ON spatial_ref_sys TO "province"'
                assert grant in early.stdout + early.stderr
                kept.sql("environment", f"{grant}; INSERT INTO spatial_ref_sys VALUES (9215, 'EPSG', 9215, 'of a newer PostGIS', '')")
                done = restore(saved, home / "data", url)
                assert done.returncode == 0, done.stdout + done.stderr
                counted = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in saved.counted)
                rows = dict(line.split("|") for line in kept.sql("environment", counted).splitlines())
                assert {table: int(count) for table, count in rows.items()} == saved.counted
                assert [path.read_bytes() for path in (home / "data/files").rglob("*") if path.is_file()] == [b"to khai"]
                systems = "SELECT srtext FROM spatial_ref_sys WHERE srid IN (9214, 9215) ORDER BY srid"
                assert [row[:12] for row in kept.sql("environment", systems).splitlines()] == ['PROJCS["VN-2', "of a newer P"]
                again = restore(saved, home / "data", url, "--force")
                assert again.returncode != 0
                assert "is not empty" in again.stdout + again.stderr
                assert (home / "data/files").exists(), "what was there stays"
        finally:
            kept.remove()
