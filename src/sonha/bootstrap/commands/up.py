"""`./sonha up`: everything ready, data loaded, web and worker running until Ctrl-C."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sonha.bootstrap import environment, loading, preflight, readiness, serving
from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import note, step
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.trouble import Trouble

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(places: Places, arguments: Sequence[str]) -> int:
    if arguments:
        raise Trouble("Lệnh up không có tham số.", "The command up takes no arguments.", code=2)
    environment.prepare_data_folder(places)
    lock = RunLock(places.data)
    if not lock.acquire():
        note(f"Sơn Hà đang chạy tại {lock.address()} với dữ liệu {places.data}; ./sonha stop để dừng.")
        note(f"Sơn Hà is already running at {lock.address()} on {places.data}; ./sonha stop stops it.")
        return 0
    with lock, _signals_interrupt():
        note(f"Sơn Hà: {places.project}, dữ liệu / data {places.data}")
        _serve(places, lock, os.environ.get("SONHA_HOST") or "127.0.0.1")
    return 0


def _serve(places: Places, lock: RunLock, host: str) -> None:
    started = time.monotonic()
    serving.check_production(places)
    preflight.check_ports(places, host, serving.ports(places))
    env = readiness.prepare_tools(places, front_end=True)
    with readiness.database(places, env):
        loading.load(places, env)
        if places.mode == "production":
            doing = ("Kiểm tra trước khi vận hành chính thức", "Checking before production")
            readiness.manage(places, env, ["production_check"], doing=doing)
        group = serving.programs(places, env, host)
        try:
            with step("Khởi động web và tiến trình nền", "web and worker"):
                serving.start(group, host, places.port)
            lock.write(os.getpid(), places.address)
            _welcome(places, time.monotonic() - started)
            loading.load_later(places, env)
            serving.watch(group)
        except KeyboardInterrupt:
            note("")
        finally:
            _ignore_signals()
            with step("Đang dừng", "stopping"):
                group.stop()


def _welcome(places: Places, seconds: float) -> None:
    print(f"\nSơn Hà: {places.address}   ({seconds:.1f} s)", flush=True)
    if places.mode == "demo":
        print(loading.accounts_file(places).read_text().rstrip(), flush=True)
    print("Ctrl-C để dừng / Ctrl-C stops everything", flush=True)


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """SIGTERM and SIGHUP end the command the way Ctrl-C does."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """A second Ctrl-C must not break off the orderly stop."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
