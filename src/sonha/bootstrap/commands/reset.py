"""`./sonha reset`: deletes the installation's data after asking, or at once with --yes."""

import shutil
import sys
from collections.abc import Sequence

from sonha.bootstrap import environment
from sonha.bootstrap.cluster import main_cluster, test_cluster
from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import step
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.trouble import Trouble

OURS = ("database.url", "secret.key", "pg")  # a folder without any of these is not an installation's data


def run(places: Places, arguments: Sequence[str]) -> int:
    if set(arguments) - {"--yes"}:
        raise Trouble("Lệnh reset chỉ nhận --yes.", "The command reset takes --yes only.", code=2)
    if not places.data.exists():
        print(f"Không có dữ liệu ở {places.data} / there is no data in {places.data}.")
        return 0
    if not any((places.data / name).exists() for name in OURS):
        raise Trouble(
            f"{places.data} không phải là thư mục dữ liệu của Sơn Hà nên không xoá: hãy kiểm tra SONHA_DATA.",
            f"{places.data} is not a data folder of Sơn Hà and is left alone: check SONHA_DATA.",
        )
    lock = RunLock(places.data)
    if not lock.acquire():
        raise Trouble(
            "Hệ thống đang chạy: hãy dừng (./sonha stop) rồi chạy lại.", "The system is running: stop it (./sonha stop) and run again."
        )
    with lock:
        if "--yes" not in arguments and not _confirmed(places):
            print("Giữ nguyên / kept.")
            return 1
        with step(f"Xoá dữ liệu {places.data}", "deleting the data"):
            env = environment.child_environment(places)
            for cluster in (main_cluster(places, env), test_cluster(places, env)):
                cluster.remove()
            shutil.rmtree(places.data)
    return 0


def _confirmed(places: Places) -> bool:
    if not sys.stdin.isatty():
        raise Trouble(
            "Lệnh này xoá toàn bộ dữ liệu và cần được xác nhận: hãy chạy trên màn hình lệnh, hoặc thêm --yes.",
            "This deletes all data and must be confirmed: run it on a terminal, or add --yes.",
        )
    answer = input(f"Xoá toàn bộ dữ liệu trong {places.data}? Gõ “xoa” để đồng ý / type “xoa” to delete everything: ")
    return answer.strip().lower() in {"xoa", "xoá", "xóa"}
