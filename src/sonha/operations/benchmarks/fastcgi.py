"""A FastCGI program as a peer: started on a socket of its own and asked as a web server asks it (FastCGI 1.0, one request at a time)."""

import os
import socket
import struct
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BEGIN, PARAMS, STDIN, STDOUT, END = 1, 4, 5, 6, 3
RESPONDER = struct.pack(">HB5x", 1, 0)


class Peer:
    """A running program. `pid` is the process that answers."""

    def __init__(self, path: str, pid: int, given: Mapping[str, str]) -> None:
        self.path = path
        self.pid = pid
        self.given = given  # variables that come with every request: a FastCGI program sees those instead of its environment

    def ask(self, query: str) -> bytes:
        """The body of the answer to a GET."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(60)
            line.connect(self.path)
            said = {**self.given, "REQUEST_METHOD": "GET", "QUERY_STRING": query}
            params = b"".join(_pair(name, value) for name, value in said.items())
            line.sendall(_record(BEGIN, RESPONDER) + _record(PARAMS, params) + _record(PARAMS, b"") + _record(STDIN, b""))
            answer = b"".join(_answers(line))
        return answer.partition(b"\r\n\r\n")[2]


@contextmanager
def running(program: str, environment: Mapping[str, str], folder: Path) -> Iterator[Peer]:
    """The program, listening on a socket in `folder`, until the block is left."""
    path = str(folder / "peer.sock")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(8)
        process = subprocess.Popen(
            [program], stdin=listening.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(environment)
        )
    try:
        yield Peer(path, process.pid, {name: value for name, value in environment.items() if name not in os.environ})
    finally:
        process.kill()
        process.wait()


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def _pair(name: str, value: str) -> bytes:
    raw = name.encode(), value.encode()
    return b"".join(struct.pack(">I", len(each) | 0x80000000) if len(each) > 127 else bytes([len(each)]) for each in raw) + b"".join(raw)


def _answers(line: socket.socket) -> Iterator[bytes]:
    stream = line.makefile("rb")
    while head := stream.read(8):
        _version, kind, _request, length, padding = struct.unpack(">BBHHBx", head)
        content = stream.read(length + padding)[:length]
        if kind == STDOUT:
            yield content
        if kind == END:
            return
