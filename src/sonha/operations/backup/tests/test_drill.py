"""The rehearsal itself: everything is killed and deleted, restored from backup and archive, and serves again."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from sonha.bootstrap import postgres
from sonha.testing.databases import migrated_template


@pytest.mark.django_db
def test_a_lost_machine_costs_at_most_the_promised_seconds(tmp_path: Path) -> None:
    script = tmp_path / "schema.sql"
    server = postgres.find(settings.PROJECT / ".sonha/prefix")[0]
    known = connection.settings_dict
    command = [server.bin / "pg_dump", "--no-owner", "-h", known["HOST"], "-U", known["USER"], "-d", migrated_template()]
    dumped = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout
    script.write_text(dumped.replace("set_config('search_path', '', false)", "set_config('search_path', 'public', false)"))

    env = {name: value for name, value in os.environ.items() if name not in {"SONHA_DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    env |= {"SONHA_MODE": "test", "PYTHONPATH": str(settings.PROJECT / "src"), "SONHA_PROJECT": str(settings.PROJECT)}
    done = subprocess.run(
        [sys.executable, "-m", "sonha.bootstrap", "drill", "--short", "--seconds", "1", "--dump", str(script)],
        env=env | {"SONHA_WORKERS": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    written, lost = map(int, re.search(r"acknowledged writes: (\d+), mất / lost: (\d+)", done.stdout).groups())  # type: ignore[union-attr]
    assert written > 5
    assert float(re.search(r"RPO ([\d.]+) s", done.stdout)[1]) <= 5  # type: ignore[index]
    assert float(re.search(r"RTO ([\d.]+) s", done.stdout)[1]) > 0  # type: ignore[index]
    assert lost < written
