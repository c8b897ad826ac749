"""`./sonha status [--json]`: what this installation is and holds."""

from collections.abc import Sequence

from sonha.bootstrap import readiness
from sonha.bootstrap.places import Places
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.trouble import Trouble


def run(places: Places, arguments: Sequence[str]) -> int:
    if not places.url_file.exists() and not readiness.given_database():
        raise Trouble(
            f"Chưa có dữ liệu ở {places.data}: hãy chạy ./sonha up trước.", f"There is no data in {places.data} yet: run ./sonha up first."
        )
    lock = RunLock(places.data)
    running = not lock.acquire()
    address = lock.address() if running else ""
    lock.release()
    env = readiness.prepare_tools(places)
    with readiness.database(places, env):
        return readiness.manage_aloud(places, env | {"SONHA_RUNNING_AT": address}, ["status", *arguments])
