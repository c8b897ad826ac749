"""`./sonha soak [--minutes N]`: real flows with faults on the running demonstration, then a reckoning of what was lost."""

from collections.abc import Sequence

from sonha.bootstrap import readiness
from sonha.bootstrap.places import Places
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.trouble import Trouble


def run(places: Places, arguments: Sequence[str]) -> int:
    if places.mode != "demo":
        raise Trouble(
            "Lệnh soak ghi hồ sơ thử và cố ý làm hỏng tiến trình nên chỉ chạy ở chế độ trình diễn.",
            "The command soak files test dossiers and kills processes on purpose: it runs in demonstration mode only.",
        )
    lock = RunLock(places.data)
    if lock.acquire():
        lock.release()
        raise Trouble(
            "Hệ thống không chạy: hãy chạy ./sonha up ở cửa sổ khác rồi chạy lại.",
            "Nothing runs: start ./sonha up in another window first.",
        )
    holder = lock.holder()
    env = readiness.prepare_tools(places, development=True)
    running = {"SONHA_RUNNING_AT": str(holder.get("address", "")), "SONHA_RUNNING_PID": str(holder.get("pid", ""))}
    with readiness.database(places, env):
        return readiness.manage_aloud(places, env | running, ["soak", *arguments])
