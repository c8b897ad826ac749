"""A real worker process is killed in the middle of a job; another one finishes it, and its effect is there exactly once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from sonha.foundation.jobs import services
from sonha.foundation.jobs.models import Progress

from . import slow_jobs

PATIENCE = 60


@pytest.fixture
def workers(tmp_path: Path) -> Iterator:
    """Starts workers on the test database that also know the jobs of `slow_jobs`; kills what is left of them."""
    started: list[subprocess.Popen] = []
    script = (
        "import sys, django; django.setup()\n"
        "from django.conf import settings\n"
        "settings.DATABASES['default']['NAME'] = sys.argv[1]\n"
        "from django.db import connections; connections['default'].settings_dict['NAME'] = sys.argv[1]\n"
        "import sonha.foundation.jobs.tests.slow_jobs\n"
        "from sonha.foundation.jobs.runner import run_worker\n"
        "run_worker(stalled_after=1.5)\n"
    )

    def start() -> subprocess.Popen:
        log = (tmp_path / f"worker{len(started)}.log").open("w")
        environment = os.environ | {"SONHA_SLOW_JOB": str(tmp_path), "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        command = [sys.executable, "-c", script, settings.DATABASES["default"]["NAME"]]
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            worker.kill()
        worker.wait()


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_does_no_harm(workers, tmp_path: Path, monkeypatch) -> None:
    number = services.enqueue(slow_jobs.write_slowly.job_name)
    first = workers()
    until((tmp_path / "started").exists, "the first worker took the job")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert not Progress.objects.exists()  # what it had written went with it
    (tmp_path / "go").touch()
    time.sleep(2)  # silence: the dead worker's heart does not beat
    second = workers()
    until(lambda: state(number) == "succeeded", "a second worker finished the job")
    assert [row.title for row in Progress.objects.all()] == ["written slowly"]
    os.kill(second.pid, signal.SIGTERM)
    assert second.wait(PATIENCE) == 0
    assert (tmp_path / "started").read_text().count("run") == 2


def state(number: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [number])
        return cursor.fetchone()[0]


def until(condition, what: str) -> None:
    end = timezone.now().timestamp() + PATIENCE
    while not condition():
        assert timezone.now().timestamp() < end, f"waited in vain until {what}"
        time.sleep(0.1)
