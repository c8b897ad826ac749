"""Where everything lives: the project, its tools, the data folder, and the sockets between them."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sonha.bootstrap.trouble import Trouble

SOCKET_PATH_LIMIT = 107  # bytes of sun_path on Linux, without its closing zero
SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Places:
    """Folders of one installation; `project` may be shared by several that differ in `data` and `port`."""

    project: Path
    data: Path
    port: int
    mode: str

    @property
    def source(self) -> Path:
        return self.project / "src"

    @property
    def package(self) -> Path:
        return self.source / "sonha"

    @property
    def venv(self) -> Path:
        return self.project / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def tools(self) -> Path:
        """Things the launcher fetches for itself: uv, node, unpacked Debian packages, stamps."""
        return self.project / ".sonha"

    @property
    def prefix(self) -> Path:
        return self.tools / "prefix"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def url_file(self) -> Path:
        return self.data / "database.url"

    @property
    def secret_file(self) -> Path:
        return self.data / "secret.key"

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"


def from_environment() -> Places:
    """Read SONHA_PROJECT, SONHA_DATA, SONHA_PORT and SONHA_MODE."""
    project = Path(os.environ.get("SONHA_PROJECT") or Path(__file__).resolve().parents[3])
    data = Path(os.environ.get("SONHA_DATA") or project / "var").absolute()
    mode = os.environ.get("SONHA_MODE") or "demo"
    if mode not in {"demo", "production", "test"}:
        raise Trouble(
            f"SONHA_MODE phải là demo, production hoặc test, không phải “{mode}”.",
            f"SONHA_MODE must be demo, production or test, not “{mode}”.",
        )
    return Places(project=project, data=data, port=read_port(os.environ.get("SONHA_PORT") or "8000"), mode=mode)


def read_port(text: str) -> int:
    """A port number between 1 and 65534 (the next one is the payment sandbox's)."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65534:
        return int(text)
    raise Trouble(
        f"SONHA_PORT phải là một số từ 1 đến 65534, không phải “{text}”.",
        f"SONHA_PORT must be a number from 1 to 65534, not “{text}”.",
    )


def socket_folder(cluster: Path) -> Path:
    """Folder of the cluster's Unix socket: inside the cluster where the path is short enough, else a hashed one in the temporary folder."""
    inside = cluster / "socket"
    if len(os.fsencode(inside)) + len(SOCKET_NAME) <= SOCKET_PATH_LIMIT:
        return inside
    digest = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"sonha-{digest}"
