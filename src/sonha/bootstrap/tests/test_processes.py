"""Children are watched, started again, and stopped together; none outlives the launcher."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sonha.bootstrap import processes
from sonha.bootstrap.processes import Group, Program

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
WITH_CHILD = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[list[Program]]:
    made: list[Program] = []
    yield made
    Group(made).stop()


def program(folder: Path, name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", code], dict(os.environ), folder / f"{name}.log")


def wait_for(condition: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def alive(process: int) -> bool:
    """Running, and not merely waiting to be reaped."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_fallen_child_is_started_again(tmp_path: Path, programs: list[Program]) -> None:
    worker = program(tmp_path, "worker", "import time; time.sleep(600)")
    programs.append(worker)
    worker.start()
    assert worker.process
    first = worker.process.pid
    os.kill(first, signal.SIGKILL)
    wait_for(worker.fallen)
    assert Group(programs).revive() is None
    assert worker.process.pid != first
    assert alive(worker.process.pid)


def test_a_child_that_falls_again_and_again_is_reported(tmp_path: Path, programs: list[Program], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.time, "sleep", lambda seconds: None)
    broken = program(tmp_path, "web", "raise SystemExit('no such module')")
    programs.append(broken)
    broken.start()
    hopeless = None
    for _ in range(processes.RESTARTS + 1):
        assert broken.process
        broken.process.wait()
        assert hopeless is None
        hopeless = Group(programs).revive()
    assert hopeless is broken
    assert "no such module" in broken.last_words()


def test_stopping_takes_stubborn_children_and_their_children_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    stubborn, parent = program(tmp_path, "stubborn", STUBBORN), program(tmp_path, "parent", WITH_CHILD)
    group = Group([stubborn, parent])
    for each in group.programs:
        each.start()
    wait_for(lambda: "ready" in stubborn.last_words() and parent.last_words().strip())
    grandchild = int(parent.last_words())
    group.stop()
    assert stubborn.fallen() and parent.fallen()
    wait_for(lambda: not alive(grandchild))


def test_children_do_not_outlive_a_killed_launcher(tmp_path: Path) -> None:
    launcher = (
        "import os, sys, time; from pathlib import Path; from sonha.bootstrap.processes import Program\n"
        "child = Program('web', [sys.executable, '-c', 'import time; time.sleep(600)'], dict(os.environ), Path(sys.argv[1]))\n"
        "child.start(); print(child.process.pid, flush=True); time.sleep(600)"
    )
    running = subprocess.Popen([sys.executable, "-c", launcher, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True)
    assert running.stdout
    child = int(running.stdout.readline())
    assert alive(child)
    running.kill()
    running.communicate()
    wait_for(lambda: not alive(child))


def test_a_long_log_is_put_aside(tmp_path: Path, programs: list[Program], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_LIMIT", 10)
    log = tmp_path / "web.log"
    log.write_text("x" * 11)
    web = program(tmp_path, "web", "print('fresh')")
    programs.append(web)
    web.start()
    assert web.process
    web.process.wait()
    assert log.read_text() == "fresh\n"
    assert (tmp_path / "web.1.log").exists()
