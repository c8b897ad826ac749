"""When the last backup was made: a small file in the data folder, read by the metrics and the status."""

import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from . import keys


def remember(at: str, *, size: int, seconds: float, kind: str, where: Path) -> None:
    keys.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    document = {"at": at, "bytes": size, "seconds": round(seconds, 1), "kind": kind, "where": str(where)}
    partial = keys.folder() / ".last.json"
    partial.write_text(json.dumps(document, ensure_ascii=False))
    partial.replace(keys.folder() / "last.json")


def last() -> dict[str, Any] | None:
    """`at`, `bytes`, `seconds`, `kind`, `where` of the last backup, and its `age` in seconds; None when there was none."""
    try:
        document = dict(json.loads((keys.folder() / "last.json").read_text()))
        return document | {"age": (timezone.now() - datetime.fromisoformat(document["at"])).total_seconds()}
    except (OSError, ValueError, KeyError):
        return None


def product_version() -> str:
    """`version` of pyproject.toml, the one place where it is written."""
    return str(tomllib.loads((settings.PROJECT / "pyproject.toml").read_text())["project"]["version"])
