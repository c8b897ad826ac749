"""`./sonha story`: the whole story, from filing to the signed permit, through a browser against the running system."""

from collections.abc import Sequence

from sonha.bootstrap import readiness
from sonha.bootstrap.places import Places
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.trouble import Trouble


def run(places: Places, arguments: Sequence[str]) -> int:
    lock = RunLock(places.data)
    if not places.data.exists() or lock.acquire():
        lock.release()
        raise Trouble(
            "Hệ thống chưa chạy: hãy chạy ./sonha up ở một cửa sổ khác rồi chạy lại.",
            "The system is not running: start ./sonha up elsewhere, then run again.",
        )
    env = readiness.prepare_tools(places, development=True)
    with readiness.database(places, env):
        return readiness.manage_aloud(places, env, ["story", *arguments])
