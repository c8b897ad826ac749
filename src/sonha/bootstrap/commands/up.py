"""`./sonha up`: everything ready, data loaded, web and worker running until Ctrl-C."""

import os
import signal
import time
import types
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence

from sonha.bootstrap import environment, preflight, readiness
from sonha.bootstrap.places import Places
from sonha.bootstrap.processes import Group, Program
from sonha.bootstrap.progress import note, step
from sonha.bootstrap.running import RunLock
from sonha.bootstrap.stamps import Stamps, fingerprint
from sonha.bootstrap.trouble import Trouble

START_SECONDS = 60


def run(places: Places, arguments: Sequence[str]) -> int:
    if arguments:
        raise Trouble("Lệnh up không có tham số.", "The command up takes no arguments.", code=2)
    started = time.monotonic()
    host = os.environ.get("SONHA_HOST") or "127.0.0.1"
    environment.prepare_data_folder(places)
    lock = RunLock(places.data)
    if not lock.acquire():
        note(f"Sơn Hà đang chạy tại {lock.address()} với dữ liệu {places.data}; ./sonha stop để dừng.")
        note(f"Sơn Hà is already running at {lock.address()} on {places.data}; ./sonha stop stops it.")
        return 0
    with lock, _interruptible():
        note(f"Sơn Hà: {places.project}, dữ liệu / data {places.data}")
        preflight.check_ports(places, host, _ports(places))
        env = readiness.prepare_tools(places, front_end=True)
        with readiness.database(places, env):
            load(places, env)
            group = Group(_programs(places, env, host))
            try:
                with step("Khởi động web và tiến trình nền", "web and worker"):
                    group.start()
                    _wait_until_live(group, host, places.port)
                lock.write(os.getpid(), places.address)
                _welcome(places, env, time.monotonic() - started)
                _watch(group)
            finally:
                with step("Đang dừng", "stopping"):
                    _ignore_signals()
                    group.stop()
    return 0


def load(places: Places, env: Mapping[str, str]) -> None:
    """Migrate, load the profile and the demonstration, collect static files; each only when its sources have changed."""
    stamps = Stamps(places.data / "stamps")
    target = env.get("SONHA_DATABASE_URL", "private")
    package = places.package
    migrations = fingerprint([file for folder in package.rglob("migrations") for file in folder.glob("*.py")], target)
    profile = env.get("SONHA_PROFILE", "lang_son")
    code = [file for file in package.rglob("*.py") if not {"tests", "bootstrap", "testing"} & set(file.parts)]
    content = fingerprint([*code, package / "provinces"], target, migrations)
    static = fingerprint(
        [folder for folder in package.rglob("static") if folder.is_dir()], (places.project / "requirements/base.txt").read_text()
    )
    steps = [
        ("migrate", migrations, "Cấu trúc dữ liệu", "database schema", ["migrate", "--no-input", "-v0"]),
        ("profile", content, f"Hồ sơ tỉnh {profile}", f"province profile {profile}", ["load_profile", profile]),
        ("static", static, "Tệp tĩnh", "static files", ["collectstatic", "--no-input", "-v0"]),
    ]
    if places.mode == "demo":
        # Made once: what people do to the demonstration afterwards is theirs.
        steps.insert(2, ("pki", target, "Cơ quan chứng thực thử nghiệm", "test certificate authority", ["setup_pki"]))
        steps.insert(3, ("demo", target, "Dữ liệu trình diễn", "demonstration data", ["load_demo"]))
    if "SONHA_DATABASE_URL" in env:
        steps.insert(0, ("extensions", target, "Phần mở rộng của cơ sở dữ liệu", "database extensions", ["prepare_database"]))
    for name, mark, vietnamese, english, command in steps:
        if stamps.fresh(name, mark) or (name == "demo" and not list(package.rglob("commands/load_demo.py"))):
            continue
        with step(vietnamese, english):
            readiness.manage(places, env, command, doing=(f"Bước “{vietnamese}”", f"The step “{english}”"))
        stamps.set(name, mark)


def _ports(places: Places) -> dict[int, tuple[str, str]]:
    ports = {places.port: ("trang web", "web")}
    if places.mode == "demo":
        ports[places.port + 1] = ("cổng thanh toán thử nghiệm", "payment sandbox")
    return ports


def _programs(places: Places, env: Mapping[str, str], host: str) -> list[Program]:
    python = str(places.python)
    workers = env.get("SONHA_WORKERS") or str(os.cpu_count() or 2)
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(places.port), "--workers", workers]
    web += ["--blocking-threads", "1", "--backlog", "2048", "--respawn-failed-workers", "--no-ws", "--log-level", "warning"]
    programs = [
        Program("web", [*web, "sonha.wsgi:application"], env, places.logs / "web.log"),
        Program("worker", [python, "-m", "django", "worker"], env, places.logs / "worker.log"),
    ]
    if places.mode == "demo":
        sandbox = [python, "-m", "sonha.sandbox.payment_gateway", "--port", str(places.port + 1)]
        sandbox += [
            "--data",
            str(places.data / "payment-sandbox"),
            "--callback-url",
            f"http://127.0.0.1:{places.port}/api/payments/callback",
        ]
        programs.append(Program("payment-sandbox", sandbox, env, places.logs / "payment-sandbox.log"))
    return programs


def _wait_until_live(group: Group, host: str, port: int) -> None:
    local = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for program in group.programs:
            if program.fallen():
                raise _fell(program)
        try:
            with urllib.request.urlopen(f"http://{local}:{port}/healthz/live", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Trouble(
        f"Trang web không trả lời sau {START_SECONDS} giây; xem {group.programs[0].log}.",
        f"The web server did not answer within {START_SECONDS} seconds; see {group.programs[0].log}.",
        detail=group.programs[0].last_words(),
    )


def _watch(group: Group) -> None:
    """Keep the children alive until a signal arrives (KeyboardInterrupt) or one of them falls again and again."""
    try:
        while True:
            time.sleep(0.5)
            hopeless = group.revive()
            if hopeless is not None:
                raise _fell(hopeless)
    except KeyboardInterrupt:
        note("")


def _fell(program: Program) -> Trouble:
    return Trouble(
        f"Tiến trình {program.name} dừng ngoài ý muốn; xem nhật ký {program.log}.",
        f"The process {program.name} stopped unexpectedly; see its log {program.log}.",
        detail=program.last_words(),
    )


def _welcome(places: Places, env: Mapping[str, str], seconds: float) -> None:
    print(f"\nSơn Hà: {places.address}   ({seconds:.1f} s)", flush=True)
    if places.mode == "demo" and list(places.package.rglob("commands/demo_accounts.py")):
        accounts = readiness.manage(
            places, env, ["demo_accounts"], doing=("Liệt kê tài khoản trình diễn", "Listing the demonstration accounts")
        )
        print(accounts.rstrip(), flush=True)
    print("Ctrl-C để dừng / Ctrl-C stops everything", flush=True)


class _interruptible:
    """SIGTERM and SIGHUP end the command the way Ctrl-C does."""

    def __enter__(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, self._interrupt)

    def __exit__(self, *_: object) -> None:
        pass

    @staticmethod
    def _interrupt(number: int, frame: types.FrameType | None) -> None:
        raise KeyboardInterrupt


def _ignore_signals() -> None:
    """A second Ctrl-C must not interrupt the orderly stop."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
