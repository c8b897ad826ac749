"""Bộ quét mã độc thử nghiệm (sandbox): speaks what the platform uses of clamd's protocol and knows one signature, EICAR's test file.

    python -m sonha.sandbox.virus_scanner --socket var/clamd.sock

Only for tests and demonstrations without ClamAV: it finds no real malware.
"""

import argparse
import signal
import socketserver
import sys
import threading
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LARGEST = 100 * 1024 * 1024


class Conversation(socketserver.StreamRequestHandler):
    """One command, as clamd takes it: `z` and a zero byte around it."""

    def handle(self) -> None:
        command = self._until_zero()
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            content = self._stream()
            if content is None:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
            else:
                self.wfile.write(b"stream: Sandbox.Eicar FOUND\0" if EICAR in content else b"stream: OK\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _until_zero(self) -> bytes:
        command = b""
        while len(command) < 64 and (byte := self.rfile.read(1)) not in (b"", b"\0"):
            command += byte
        return command

    def _stream(self) -> bytes | None:
        content = bytearray()
        while length := int.from_bytes(self.rfile.read(4), "big"):
            if len(content) + length > LARGEST:
                return None
            content += self.rfile.read(length)
        return bytes(content)


class Scanner(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def main() -> int:
    parser = argparse.ArgumentParser(prog="virus_scanner", description="Bộ quét mã độc thử nghiệm (sandbox)")
    parser.add_argument("--socket", type=Path, required=True)
    path: Path = parser.parse_args().socket
    path.unlink(missing_ok=True)
    with Scanner(str(path), Conversation) as scanner:
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, lambda *_: threading.Thread(target=scanner.shutdown).start())
        print(f"Bộ quét mã độc thử nghiệm (sandbox): {path}", flush=True)
        scanner.serve_forever(poll_interval=0.2)
    path.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
