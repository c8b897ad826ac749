"""Verification of a stranger's upload in a child process with limits, so that a hostile PDF cannot exhaust the web
server.

Parent: `verify_isolated`. Child: `python -m sonha.foundation.signing.isolation`, which reads a header line and the PDF
from standard input, never loads Django's settings, and answers JSON.
"""

import base64
import json
import resource
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sonha.foundation.signing.verification import (
    Note,
    SignatureReport,
    Trust,
    Verification,
    gettext_noop,
    verify,
)

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 20
WALL_SECONDS = 40
SOURCE = Path(__file__).resolve().parents[3]
GAVE_UP = gettext_noop("Tệp PDF quá phức tạp nên hệ thống dừng kiểm tra; không kết luận được chữ ký.")
MOMENTS = ("signed_at", "timestamp_at")


def _note(data: dict[str, Any]) -> Note:
    return Note(str(data["text"]), {str(key): str(value) for key, value in data["values"].items()})


def _report(data: dict[str, Any]) -> SignatureReport:
    moments = {name: datetime.fromisoformat(data[name]) if data[name] else None for name in MOMENTS}
    return SignatureReport(**{**data, **moments, "messages": tuple(map(_note, data["messages"]))})


def to_json(verdict: Verification) -> str:
    """The verdict as JSON text, moments in ISO 8601."""
    return json.dumps(asdict(verdict), default=lambda value: value.isoformat(), ensure_ascii=False)


def from_json(text: str) -> Verification:
    """The verdict back from `to_json`."""
    data = json.loads(text)
    return Verification(
        valid=bool(data["valid"]),
        altered=bool(data["altered"]),
        signatures=tuple(map(_report, data["signatures"])),
        messages=tuple(map(_note, data["messages"])),
    )


def verify_isolated(pdf: bytes, trust: Trust) -> Verification:
    """As `verify`, in a child limited in memory and time (about half a second more).

    Gives up in words, never raises.
    """
    header = json.dumps({key: [base64.b64encode(one).decode() for one in value] for key, value in asdict(trust).items()})
    command = [sys.executable, "-m", __name__]
    environment = {"PYTHONPATH": str(SOURCE), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    try:
        done = subprocess.run(
            command,
            input=header.encode() + b"\n" + pdf,
            capture_output=True,
            timeout=WALL_SECONDS,
            env=environment,
            check=True,
        )
        return from_json(done.stdout.decode())
    except (subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return Verification(valid=False, altered=False, messages=(Note(GAVE_UP),))


def main() -> None:
    """The child: limits first, then the work."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    header = json.loads(sys.stdin.buffer.readline())
    trust = Trust(**{key: tuple(base64.b64decode(one) for one in value) for key, value in header.items()})
    sys.stdout.write(to_json(verify(sys.stdin.buffer.read(), trust)))


if __name__ == "__main__":
    main()
