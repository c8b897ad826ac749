"""Checks made before anything is touched, so that a start that cannot succeed says so at once."""

import shutil
import socket
from pathlib import Path

from sonha.bootstrap.locks import unwritable
from sonha.bootstrap.places import Places
from sonha.bootstrap.trouble import Trouble

FIRST_START_BYTES = 3 * 1024**3  # Python packages, node modules, system packages, demonstration data
LATER_START_BYTES = 300 * 1024**2


def check_disk(places: Places) -> None:
    """Enough room in the project's and the data folder's file systems for what is still to be installed."""
    for folder, fresh in ((places.project, not places.python.exists()), (places.data, not places.data.exists())):
        needed = FIRST_START_BYTES if fresh else LATER_START_BYTES
        free = shutil.disk_usage(_existing(folder)).free
        if free < needed:
            raise Trouble(
                f"Đĩa sắp đầy: {folder} còn {_megabytes(free)}, cần {_megabytes(needed)}; hãy giải phóng chỗ hoặc đổi SONHA_DATA.",
                f"The disk is nearly full: {folder} has {_megabytes(free)} left, {_megabytes(needed)} are needed; "
                "free some space or set SONHA_DATA to another disk.",
            )


def check_project_writable(places: Places) -> None:
    """The project folder takes .venv and the tools on a first start."""
    try:
        places.tools.mkdir(exist_ok=True)
        probe = places.tools / ".probe"
        probe.touch()
        probe.unlink()
    except OSError:
        if not places.python.exists():
            raise unwritable(places.project) from None


def check_ports(places: Places, host: str, ports: dict[int, tuple[str, str]]) -> None:
    """Nobody listens yet on the ports we are about to use; `ports` maps each to what it is for."""
    for port, (vietnamese, english) in ports.items():
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((host, port))
            except PermissionError:
                raise Trouble(
                    f"Không được phép mở cổng {port} ({vietnamese}): hãy đặt SONHA_PORT từ 1024 trở lên rồi chạy lại.",
                    f"Opening port {port} ({english}) is not permitted: set SONHA_PORT to 1024 or more and run again.",
                ) from None
            except OSError as error:
                raise Trouble(
                    f"Cổng {port} ({vietnamese}) đang được chương trình khác dùng: hãy đặt SONHA_PORT khác, ví dụ "
                    f"SONHA_PORT={places.port + 10} ./sonha up.",
                    f"Port {port} ({english}) is taken ({error.strerror}): choose another one, for example "
                    f"SONHA_PORT={places.port + 10} ./sonha up.",
                ) from None


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def _megabytes(size: int) -> str:
    return f"{size // 1024**2:,} MB".replace(",", ".")
