"""The programs of a running system: which they are, waiting until they serve, watching over them."""

import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from sonha.bootstrap import production, wal_archive
from sonha.bootstrap.places import Places
from sonha.bootstrap.processes import Group, Program
from sonha.bootstrap.trouble import Trouble

START_SECONDS = 120
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104


def ports(places: Places) -> dict[int, tuple[str, str]]:
    """Each port that will be opened, with what it is for."""
    used = {places.port: ("trang web", "web")}
    if places.mode == "demo":
        used[places.port + 1] = ("cổng thanh toán thử nghiệm", "payment sandbox")
    return used


def programs(places: Places, env: Mapping[str, str], host: str) -> Group:
    """Web, worker and, in demonstration, the sandbox of the payment gateway; logs go to the data folder."""
    python = str(places.python)
    figures = _empty(places.data / "metrics")
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(places.port)]
    web += ["--workers", env.get("SONHA_WORKERS") or str(os.cpu_count() or 2), "--blocking-threads", "1", "--backlog", "2048"]
    web += ["--respawn-failed-workers", "--no-ws", "--log-level", "warning", "sonha.wsgi:application"]
    started = [
        Program("web", web, {**env, "PROMETHEUS_MULTIPROC_DIR": str(figures)}, places.logs / "web.log"),
        Program("worker", [python, "-m", "django", "worker"], env, places.logs / "worker.log"),
    ]
    if places.mode == "demo":
        sandbox = [python, "-m", "sonha.sandbox.payment_gateway", "--port", str(places.port + 1)]
        sandbox += ["--data", str(places.data / "payment-sandbox")]
        sandbox += ["--callback-url", f"http://127.0.0.1:{places.port}/api/payments/callback"]
        started.append(Program("payment-sandbox", sandbox, env, places.logs / "payment-sandbox.log"))
    archive = wal_archive.receiver(places, env)
    return Group([*started, *([archive] if archive else [])])


def _empty(folder: Path) -> Path:
    """The figures of processes that have ended count no more."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def start(group: Group, host: str, port: int) -> None:
    """Start everything; the worker only when the pages answer: on few cores it would slow them down."""
    worker = group.named("worker")
    for program in group.programs:
        if program is not worker:
            program.start()
    wait_until_live(group, f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}/healthz/live")
    worker.start()


def wait_until_ready(port: int) -> None:
    """Until pages can be served: the database answers and its schema is the code's."""
    question = urllib.request.Request(f"http://127.0.0.1:{port}/healthz/ready", headers={"Host": site_name()})
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(question, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise Trouble(f"Hệ thống chưa sẵn sàng sau {START_SECONDS} giây.", f"The system is not ready after {START_SECONDS} seconds.")


def watch(group: Group) -> None:
    """Keep the programs alive; ends by a signal (KeyboardInterrupt), or by Trouble when one falls again and again."""
    while True:
        time.sleep(0.5)
        hopeless = group.revive()
        if hopeless is not None:
            raise _fell(hopeless)


def site_name() -> str:
    """The name under which the site answers: the first of SONHA_HOSTS, which production demands."""
    names = os.environ.get("SONHA_HOSTS", "").split(",")
    return names[0].strip().lstrip(".*") or "localhost"


def check_production(places: Places) -> None:
    """Trouble with every fault that forbids production (none in other modes)."""
    if places.mode != "production":
        return
    found = production.faults(os.environ, production.secret_of(os.environ.get("SONHA_SECRET_FILE") or places.secret_file))
    if found:
        raise Trouble(" ".join(vietnamese for vietnamese, _ in found), " ".join(english for _, english in found))


def wait_until_live(group: Group, probe: str) -> None:
    question = urllib.request.Request(probe, headers={"Host": site_name()})
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for program in group.programs:
            if program.fallen():
                raise _fell(program)
        try:
            with urllib.request.urlopen(question, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    web = group.named("web")
    raise Trouble(
        f"Trang web không trả lời sau {START_SECONDS} giây; xem {web.log}.",
        f"The web server did not answer within {START_SECONDS} seconds; see {web.log}.",
        detail=web.last_words(),
    )


def _fell(program: Program) -> Trouble:
    return Trouble(
        f"Tiến trình {program.name} dừng ngoài ý muốn; xem nhật ký {program.log}.",
        f"The process {program.name} stopped unexpectedly; see its log {program.log}.",
        detail=program.last_words(),
    )
