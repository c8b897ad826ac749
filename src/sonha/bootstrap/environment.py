"""The environment that child programs see: the installation's own variables and, without root, the private prefix's libraries."""

import os
import secrets
from pathlib import Path

from sonha.bootstrap import locks
from sonha.bootstrap.places import Places

LIBRARY_FOLDERS = ("usr/lib/{triplet}", "usr/lib/{triplet}/blas", "usr/lib/{triplet}/lapack", "lib/{triplet}", "usr/lib/{triplet}/softhsm")
TRIPLETS = {"x86_64": "x86_64-linux-gnu", "aarch64": "aarch64-linux-gnu"}


def child_environment(places: Places) -> dict[str, str]:
    """Variables for Python, PostgreSQL and the tools; safe to compute before anything is installed."""
    env = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"}}
    env |= {
        "SONHA_PROJECT": str(places.project),
        "SONHA_DATA": str(places.data),
        "SONHA_PORT": str(places.port),
        "SONHA_MODE": places.mode,
        "SONHA_SECRET_FILE": os.environ.get("SONHA_SECRET_FILE") or str(places.secret_file),
        "DJANGO_SETTINGS_MODULE": "sonha.settings",
        "PYTHONUNBUFFERED": "1",
    }
    paths = [places.venv / "bin"]
    if places.prefix.exists():
        paths.append(places.prefix / "usr/bin")
        env |= _prefix_variables(places.prefix, env)
    env["PATH"] = ":".join([*(str(path) for path in paths), env.get("PATH", "/usr/local/bin:/usr/bin:/bin")])
    return env


def _prefix_variables(prefix: Path, env: dict[str, str]) -> dict[str, str]:
    triplet = TRIPLETS.get(os.uname().machine, "")
    folders = [str(prefix / folder.format(triplet=triplet)) for folder in LIBRARY_FOLDERS]
    variables = {"LD_LIBRARY_PATH": ":".join([*folders, *filter(None, [env.get("LD_LIBRARY_PATH")])])}
    shared = {
        "PROJ_DATA": prefix / "usr/share/proj",
        "MAGIC": prefix / "usr/share/misc/magic.mgc",
        "FONTCONFIG_FILE": prefix / "etc/fonts/sonha.conf",
        "SOFTHSM2_MODULE": prefix / f"usr/lib/{triplet}/softhsm/libsofthsm2.so",
    }
    return variables | {name: str(path) for name, path in shared.items() if path.exists()}


def prepare_data_folder(places: Places) -> None:
    """Create the data folder, its secret key and its log folder; Trouble when they cannot be written."""
    try:
        places.data.mkdir(parents=True, exist_ok=True)
        places.logs.mkdir(exist_ok=True)
        if not places.secret_file.exists():
            write_private(places.secret_file, secrets.token_urlsafe(64))
        probe = places.data / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise locks.unwritable(Path(error.filename or places.data)) from None


def remember_url(places: Places, url: str) -> None:
    """Leave the address of the private cluster where the settings look for it."""
    if not places.url_file.exists() or places.url_file.read_text() != url:
        write_private(places.url_file, url)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)
