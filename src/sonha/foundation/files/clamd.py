"""ClamAV through clamd's socket (INSTREAM): used when it is there, insisted upon when SONHA_CLAMD names it."""

import socket
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import FileRefused
from .models import StoredFile

USUAL_SOCKETS = ("/run/clamav/clamd.ctl", "/var/run/clamav/clamd.ctl", "/run/clamd.scan/clamd.sock")
TIMEOUT = 60  # seconds for one step of the conversation
CHUNK = 64 * 1024


class ScannerUnavailable(Exception):
    """clamd did not answer in the way it should."""


def address() -> str:
    """`SONHA_CLAMD` (a socket path or host:port), else the first usual socket that exists, else nothing."""
    configured = getattr(settings, "SONHA_CLAMD", "")
    return str(configured) if configured else next((usual for usual in USUAL_SOCKETS if Path(usual).is_socket()), "")


def scan(path: Path) -> str:
    """A StoredFile.ScanState for the file at `path`. FileRefused when a scanner is prescribed and does not answer."""
    if not address():
        return StoredFile.ScanState.UNSCANNED
    try:
        answer = instream(path)
    except ScannerUnavailable:
        if getattr(settings, "SONHA_CLAMD", ""):
            raise FileRefused(_("Bộ phận quét mã độc đang tạm nghỉ; xin gửi lại tệp sau ít phút.")) from None
        return StoredFile.ScanState.UNSCANNED
    if answer.endswith("FOUND"):
        return StoredFile.ScanState.INFECTED
    return StoredFile.ScanState.CLEAN if answer == "stream: OK" else StoredFile.ScanState.UNSCANNED


def instream(path: Path) -> str:
    """clamd's line about the file: `stream: OK`, `stream: <name> FOUND`, or an error of its own such as a size limit."""
    try:
        with _connect() as connection:
            connection.sendall(b"zINSTREAM\0")
            with path.open("rb") as file:
                while piece := file.read(CHUNK):
                    connection.sendall(len(piece).to_bytes(4, "big") + piece)
            connection.sendall(bytes(4))
            return _line(connection)
    except (BrokenPipeError, ConnectionResetError) as error:  # clamd hangs up on streams above its limit
        raise ScannerUnavailable(f"clamd hung up: {error}") from error
    except OSError as error:
        raise ScannerUnavailable(str(error)) from error


def is_alive() -> bool:
    """Whether clamd answers PING."""
    try:
        with _connect() as connection:
            connection.sendall(b"zPING\0")
            return _line(connection) == "PONG"
    except OSError:
        return False


def _connect() -> socket.socket:
    where = address()
    if where.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(TIMEOUT)
        try:
            connection.connect(where)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)


def _line(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and (piece := connection.recv(4096)):
        answer += piece
    return answer.rstrip(b"\0\n").decode(errors="replace")
