"""Running other programs, quietly while they succeed and with their last words when they do not."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from sonha.bootstrap.trouble import Trouble

NETWORK_WORDS = (
    "temporary failure in name resolution",
    "could not resolve",
    "failed to resolve",
    "name or service not known",
    "network is unreachable",
    "connection refused",
    "connection timed out",
    "dns error",
    "code enotfound",
    "getaddrinfo",
    "code econnrefused",
    "code etimedout",
    "newconnectionerror",
    "error sending request",
    "failed to fetch",
    "unable to connect",
)
DISK_WORDS = ("no space left on device", "enospc", "disk quota exceeded")


def run(
    command: Sequence[str | Path],
    *,
    doing: tuple[str, str],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    fetches: bool = False,
) -> str:
    """Run a program, return its output; on failure raise Trouble saying what was being done and, where known, why.

    `fetches` says that the program uses the network, so that its complaints about it are believed.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=None if env is None else dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except FileNotFoundError:
        raise Trouble(
            f"{doing[0]} cần chương trình “{Path(command[0]).name}” nhưng máy này chưa có; hãy cài đặt rồi chạy lại.",
            f"{doing[1]} needs the program “{Path(command[0]).name}”, which this machine lacks; install it and run again.",
        ) from None
    if done.returncode == 0:
        return done.stdout
    raise explain(doing, done.stdout, fetches=fetches)


def explain(doing: tuple[str, str], output: str, *, fetches: bool = True) -> Trouble:
    """Turn the output of a failed program into one sentence and what to do."""
    lowered = output.lower()
    if any(words in lowered for words in DISK_WORDS):
        return Trouble(
            f"{doing[0]} không xong vì đĩa đã đầy: hãy giải phóng ít nhất 3 GB rồi chạy lại.",
            f"{doing[1]} failed because the disk is full: free at least 3 GB and run again.",
        )
    if fetches and any(words in lowered for words in NETWORK_WORDS):
        return Trouble(
            f"{doing[0]} không xong vì không kết nối được mạng: hãy kiểm tra mạng hoặc proxy rồi chạy lại.",
            f"{doing[1]} failed because the network cannot be reached: check the network or the proxy and run again.",
            detail="\n".join(output.strip().splitlines()[-3:]),
        )
    return Trouble(
        f"{doing[0]} không thành công; lý do ở các dòng dưới đây.",
        f"{doing[1]} failed; the reason is in the lines below.",
        detail=output,
    )
