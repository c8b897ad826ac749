"""`./sonha stop`: stops the system that runs on this data folder, as Ctrl-C would."""

import os
import signal
import time
from collections.abc import Sequence

from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import note, step
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.trouble import Trouble

PATIENCE = 60


def run(places: Places, arguments: Sequence[str]) -> int:
    lock = RunLock(places.data)
    if not places.data.exists() or lock.acquire():
        lock.release()
        note("Hệ thống không chạy / not running.")
        return 0
    process = lock.holder().get("pid")
    if not isinstance(process, int):
        raise Trouble(
            "Hệ thống đang khởi động: hãy đợi đến khi có địa chỉ rồi chạy lại.",
            "The system is starting: wait for its address, then run again.",
        )
    with step("Đang dừng", "stopping"):
        os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while not lock.acquire():
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Tiến trình {process} chưa dừng sau {PATIENCE} giây: hãy xem {places.logs}.",
                    f"Process {process} has not stopped within {PATIENCE} seconds: see {places.logs}.",
                )
            time.sleep(0.1)
    lock.release()
    return 0
