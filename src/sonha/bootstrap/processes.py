"""The running system: web, worker and sandbox as children that are watched, started again when they fall, and stopped together."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 15.0  # seconds between asking and killing
RESTARTS = 5  # falls within a minute before the system gives up
LOG_LIMIT = 20 * 1024 * 1024
PR_SET_PDEATHSIG = 1


@dataclass
class Program:
    """One long-running child: its name, command, and what happened to it."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    account: Mapping[str, Any] = field(default_factory=dict)  # of subprocess: whom it runs as
    process: subprocess.Popen[bytes] | None = None
    falls: list[float] = field(default_factory=list)

    def start(self) -> None:
        _rotate(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the launcher alone, which then stops the children in order
                preexec_fn=_die_with_parent,
                **self.account,
            )

    def fallen(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def last_words(self, count: int = 12) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


class Group:
    """All children of one installation."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self.programs = list(programs)

    def named(self, name: str) -> Program:
        return next(program for program in self.programs if program.name == name)

    def revive(self) -> Program | None:
        """Start fallen children again; returns the child that falls again and again, if there is one."""
        for program in self.programs:
            if not program.fallen():
                continue
            now = time.monotonic()
            program.falls = [moment for moment in program.falls if now - moment < 60] + [now]
            if len(program.falls) > RESTARTS:
                return program
            time.sleep(min(2.0, 0.2 * 2 ** len(program.falls)))
            program.start()
        return None

    def stop(self) -> None:
        """Ask everybody to stop, wait, then kill what is left of each child's process group."""
        running = [program.process for program in self.programs if program.process is not None]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        pass


def _die_with_parent() -> None:
    """Runs in the child: should the launcher be killed outright, the kernel asks the child to stop too."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".1.log"))
