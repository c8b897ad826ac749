"""The Python environment: a .venv in the project, filled from hash-locked requirements by uv, or by pip where uv cannot be had."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import step
from sonha.bootstrap.shell import explain, run
from sonha.bootstrap.stamps import Stamps, fingerprint
from sonha.bootstrap.trouble import Trouble

DOING = ("Cài các thư viện Python", "Installing the Python packages")


def ensure(places: Places, env: Mapping[str, str], *, development: bool) -> None:
    """Bring .venv to the locked state; with `development` also what tests and lint need. Does nothing when already there."""
    requirements = places.project / "requirements"
    stamps = Stamps(places.tools / "stamps")
    version = "{}.{}".format(*sys.version_info)
    marks = {name: fingerprint([requirements / f"{name}.txt"], version) for name in ("base", "dev")}
    enough = ("dev",) if development else ("dev", "base")
    if places.python.exists() and any(stamps.fresh(f"python-{name}", marks[name]) for name in enough):
        _link_source(places)
        return
    name = enough[-1]
    with step("Môi trường Python", "Python environment"):
        if not places.python.exists():
            _create(places)
        _install(places, env, requirements / f"{name}.txt")
        _link_source(places)
    stamps.set(f"python-{name}", marks[name])


def _create(places: Places) -> None:
    """A bare environment; pip is brought in only where uv cannot be used."""
    try:
        run([sys.executable, "-m", "venv", "--without-pip", places.venv], doing=DOING)
    except Trouble as trouble:
        raise Trouble(
            "Không tạo được môi trường Python: hãy cài gói python3-venv và kiểm tra quyền ghi vào thư mục dự án rồi chạy lại.",
            "The Python environment cannot be created: install python3-venv and check that the project folder is writable.",
            detail=trouble.detail,
        ) from None


def _install(places: Places, env: Mapping[str, str], wanted: Path) -> None:
    uv = uv_program(places, env)
    output = ""
    if uv is not None:
        command = [str(uv), "pip", "install", "--quiet", "--require-hashes", "--python", str(places.python), "-r", str(wanted)]
        done = subprocess.run(command, env=dict(env), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode == 0:
            return
        output = done.stdout + done.stderr
    run([places.python, "-m", "ensurepip", "--upgrade"], doing=DOING, env=env)
    command = [
        str(places.python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries",
        "1",
        "--require-hashes",
        "-r",
        str(wanted),
    ]
    done = subprocess.run(command, env=dict(env), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise explain(DOING, output + done.stdout + done.stderr)


def uv_program(places: Places, env: Mapping[str, str]) -> Path | None:
    """uv: the one on the path, or fetched once (hash-locked) into the project's tools; None where that fails."""
    installed = shutil.which("uv", path=env.get("PATH"))
    if installed:
        return Path(installed)
    target = places.tools / "uv"
    if not (target / "bin" / "uv").exists():
        pip_install(places, env, "uv", target)
    found = target / "bin" / "uv"
    return found if found.exists() else None


def pip_install(places: Places, env: Mapping[str, str], name: str, target: Path) -> str:
    """Install `requirements/<name>.txt` by pip into a folder of its own; the output of a failure, else an empty string."""
    builder = places.tools / "pip"
    python = builder / "bin" / "python"
    if not python.exists():
        done = subprocess.run([sys.executable, "-m", "venv", str(builder)], capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(builder, ignore_errors=True)
            return done.stdout + done.stderr
    wanted = places.project / "requirements" / f"{name}.txt"
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries",
        "1",
        "--require-hashes",
        "--target",
        str(target),
    ]
    done = subprocess.run([*command, "-r", str(wanted)], env=dict(env), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _link_source(places: Places) -> None:
    """Make `sonha` importable in the environment by a path file, so that no PYTHONPATH is needed."""
    for folder in places.venv.glob("lib/python3*/site-packages"):
        link = folder / "sonha.pth"
        line = f"{os.fspath(places.source)}\n"
        if not link.exists() or link.read_text() != line:
            link.write_text(line)
