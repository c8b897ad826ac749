"""`./sonha test [pytest arguments]`: everything, browser tests included, on a throwaway cluster."""

import os
import subprocess
from collections.abc import Sequence

from sonha.bootstrap import readiness
from sonha.bootstrap.places import Places


def run(places: Places, arguments: Sequence[str]) -> int:
    env = readiness.prepare_tools(places, development=True, front_end=True)
    env |= {"SONHA_MODE": "test"}
    chosen = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    workers = [] if chosen else ["-n", str(max(2, os.cpu_count() or 2)), "--dist", "worksteal"]
    command = [str(places.python), "-m", "pytest", *workers, *arguments]
    return subprocess.run(command, env=env, cwd=places.project, stdin=subprocess.DEVNULL).returncode
