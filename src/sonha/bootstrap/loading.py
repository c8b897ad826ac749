"""What `up` brings into the database and the data folder: schema, profile, demonstration, static files."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sonha.bootstrap import environment, readiness
from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import step
from sonha.bootstrap.stamps import Stamps, fingerprint
from sonha.bootstrap.trouble import Trouble

NOT_LOADED = {"tests", "testing", "bootstrap"}


@dataclass(frozen=True)
class Stage:
    """A management command that is repeated when its mark changes."""

    name: str
    mark: str
    title: tuple[str, str]
    command: tuple[str, ...]


def load(places: Places, env: Mapping[str, str]) -> None:
    """Run the stages whose sources have changed since they last succeeded (the database must be running)."""
    _run(places, env, _stages(places, env))


def load_later(places: Places, env: Mapping[str, str]) -> threading.Thread:
    """Run what a first look at the site need not wait for, beside the running site; a stop in between leaves nothing half-written."""
    later = threading.Thread(target=_quietly, args=(places, env), name="load-later", daemon=True)
    later.start()
    return later


def _quietly(places: Places, env: Mapping[str, str]) -> None:
    with suppress(Trouble):  # the step has said that it failed; the next start tries again
        _run(places, env, _later_stages(places))


def _run(places: Places, env: Mapping[str, str], stages: Iterable[Stage]) -> None:
    stamps = Stamps(places.data / "stamps")
    for stage in stages:
        if stamps.fresh(stage.name, stage.mark):
            continue
        with step(*stage.title):
            doing = (f"Bước “{stage.title[0]}”", f"The step “{stage.title[1]}”")
            output = readiness.manage(places, env, stage.command, doing=doing)
            if stage.name == "accounts":
                environment.write_private(accounts_file(places), output)
        stamps.set(stage.name, stage.mark)


def accounts_file(places: Places) -> Path:
    """The demonstration accounts as `demo_accounts` printed them, kept so that a later start need not ask again."""
    return places.data / "demo-accounts.txt"


def _stages(places: Places, env: Mapping[str, str]) -> Iterator[Stage]:
    package, profile = places.package, env.get("SONHA_PROFILE") or "lang_son"
    target = readiness.given_database() or "private"
    code = [file for file in package.rglob("*.py") if not NOT_LOADED & set(file.relative_to(package).parts)]
    migrations = fingerprint([file for file in code if file.parent.name == "migrations"], target)
    content = fingerprint([*code, package / "provinces"], migrations, profile)
    static = fingerprint([*_static_folders(package), places.project / "requirements/base.txt"])
    if target != "private":
        yield Stage("extensions", target, ("Phần mở rộng của cơ sở dữ liệu", "database extensions"), ("prepare_database",))
    yield Stage("migrate", migrations, ("Cấu trúc dữ liệu", "database schema"), ("migrate", "--no-input", "-v0"))
    yield Stage("profile", content, (f"Dữ liệu nền của tỉnh ({profile})", "data of the province"), ("load_profile", profile))
    if places.mode == "demo":
        # Made once: what people do to the demonstration afterwards is theirs.
        yield Stage("pki", target, ("Cơ quan chứng thực thử nghiệm", "test certificate authority"), ("setup_pki",))
        yield Stage("demo", target, ("Hồ sơ và tài khoản trình diễn", "demonstration"), ("load_demo",))
        yield Stage("accounts", content, ("Danh sách tài khoản trình diễn", "demonstration accounts"), ("demo_accounts",))
    yield Stage("static", static, ("Tệp tĩnh", "static files"), ("collectstatic", "--no-input", "-v0"))


def _later_stages(places: Places) -> Iterator[Stage]:
    if places.mode == "demo":
        target = readiness.given_database() or "private"
        yield Stage(
            "cadastre",
            target,
            ("Bản đồ địa chính trình diễn, trang đã dùng được", "generated cadastre, the site answers"),
            ("demo_cadastre",),
        )


def _static_folders(package: Path) -> list[Path]:
    return [folder for folder in package.rglob("static") if folder.is_dir()]
