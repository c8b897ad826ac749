"""`./sonha lint [name ...]`: every check of the sources, each with a tick and its time; output is shown on failure only."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from sonha.bootstrap import readiness
from sonha.bootstrap.lint import addresses, templates, translations
from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import note
from sonha.bootstrap.trouble import Trouble

Check = Callable[[Places, Mapping[str, str]], str]


def _program(*command: str) -> Check:
    """A check that is a program of the environment: its output when it fails, else nothing."""

    def check(places: Places, env: Mapping[str, str]) -> str:
        done = subprocess.run(
            [str(places.venv / "bin" / command[0]), *command[1:]],
            cwd=places.project,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.stdout or f"exit code {done.returncode}" if done.returncode else ""

    return check


CHECKS: Mapping[str, Check] = {
    "ruff": _program("ruff", "check", "--quiet", "src"),
    "format": _program("ruff", "format", "--check", "--quiet", "src"),
    "types": _program("mypy", "--no-error-summary"),
    "layers": _program("lint-imports", "--no-logo"),
    "django": _program("python", "-m", "django", "check", "--fail-level", "WARNING"),
    "migrations": _program("python", "-m", "django", "makemigrations", "--check", "--dry-run"),
    "locks": _program("python", "-m", "django", "check_migrations"),
    "templates": templates.check,
    "translations": translations.check,
    "addresses": addresses.check,
}


def run(places: Places, arguments: Sequence[str]) -> int:
    unknown = [name for name in arguments if name not in CHECKS]
    if unknown:
        listed = ", ".join(CHECKS)
        raise Trouble(
            f"Không có phép kiểm tra “{unknown[0]}”; hiện có: {listed}.", f"There is no check “{unknown[0]}”; there are: {listed}.", code=2
        )
    env = readiness.prepare_tools(places, development=True)
    failed = []
    with ExitStack() as stack:
        for name in arguments or CHECKS:
            if name == "migrations":  # it compares with what the database says has been applied
                stack.enter_context(readiness.database(places, env))
            started = time.monotonic()
            found = CHECKS[name](places, env)
            note(f"  {'✗' if found else '✓'} {name:<13} {time.monotonic() - started:5.1f} s")
            if found:
                failed.append(name)
                sys.stderr.write("".join(f"      {line}\n" for line in found.strip().splitlines()))
    note(f"✗ {', '.join(failed)}" if failed else "✓ Mã nguồn đạt / the sources pass.")
    return 1 if failed else 0
