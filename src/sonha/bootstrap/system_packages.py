"""Debian packages: what is missing is installed by apt as root, or unpacked into a private prefix without root.

A need is met when its file is there, wherever it came from; so nothing depends on dpkg, and a machine prepared by hand passes too.
"""

import glob
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sonha.bootstrap import postgres
from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import step
from sonha.bootstrap.shell import explain
from sonha.bootstrap.trouble import Trouble

DOING = ("Cài các gói hệ thống", "Installing the system packages")
LIBRARIES = "usr/lib/*-linux-gnu"


@dataclass(frozen=True)
class Need:
    """A Debian package and one file (a pattern under / or the prefix) that shows it is there."""

    package: str
    file: str
    optional: bool = False


RUNNING = (
    Need("postgresql-15", "usr/lib/postgresql/*/bin/initdb"),
    Need("postgresql-15-postgis-3", "usr/share/postgresql/*/extension/postgis.control"),
    Need("libpango-1.0-0", f"{LIBRARIES}/libpango-1.0.so.0"),
    Need("libpangoft2-1.0-0", f"{LIBRARIES}/libpangoft2-1.0.so.0"),
    Need("libharfbuzz-subset0", f"{LIBRARIES}/libharfbuzz-subset.so.0"),
    Need("libcairo2", f"{LIBRARIES}/libcairo.so.2"),
    Need("libmagic1", f"{LIBRARIES}/libmagic.so.1"),
    Need("gettext", "usr/bin/msgfmt"),
    Need("poppler-utils", "usr/bin/pdfsig"),
    Need("softhsm2", "usr/bin/softhsm2-util"),
    Need("fontconfig-config", "etc/fonts/fonts.conf"),
    Need("fonts-croscore", "usr/share/fonts/truetype/croscore/Tinos-Regular.ttf"),
    Need("fonts-noto-core", "usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    Need("libreoffice-writer-nogui", "usr/bin/soffice", optional=True),
)
BACKUP = (Need("age", "usr/bin/age"),)
TESTING = (
    *BACKUP,
    Need("chromium", "usr/bin/chromium"),
    Need("opensc", "usr/bin/pkcs11-tool", optional=True),
    Need("cgi-mapserver", "usr/lib/cgi-bin/mapserv"),  # the peer that drawn maps and WFS are compared with
    Need("gdal-bin", "usr/bin/gdal_translate"),  # clients that must be able to read WMS and WFS
)
# Without root the prefix must be whole: these come with PostgreSQL and are looked for beside it.
WITH_POSTGRES = ("postgresql-client-15", "postgresql-common", "libpq5", "libllvm14")
CREATE_NO_CLUSTER = "# Debian must not create a cluster of its own: ./sonha has a private one.\ncreate_main_cluster = false\n"


def missing(needs: Sequence[Need], prefix: Path) -> list[Need]:
    """The needs met neither by the system nor by the private prefix."""
    return [need for need in needs if not any(glob.glob(str(root / need.file)) for root in (Path("/"), prefix))]


def ensure(places: Places, needs: Sequence[Need]) -> None:
    """Install what is missing. Raises Trouble naming the exact packages where neither way is open."""
    lacking = missing(needs, places.prefix)
    if not any(not need.optional for need in lacking):
        return
    packages = [need.package for need in lacking]
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise _by_hand([need.package for need in lacking if not need.optional])
    if os.geteuid() == 0:
        with step(f"Gói hệ thống: {len(packages)} gói bằng apt", f"{len(packages)} system packages by apt"):
            _install(packages, [need.package for need in lacking if not need.optional])
    else:
        wanted = [need.package for need in lacking if not need.optional]
        with step(f"Gói hệ thống: {len(wanted)} gói vào thư mục riêng", f"{len(wanted)} system packages into a private prefix"):
            _unpack(places, wanted)
    still = [need.package for need in missing(needs, places.prefix) if not need.optional]
    wants_server = any(need.package == "postgresql-15" for need in needs)
    if still or (wants_server and not postgres.find(places.prefix)):
        raise _by_hand(still or ["postgresql-15", "postgresql-15-postgis-3"])


def _install(packages: Sequence[str], required: Sequence[str]) -> None:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    if "postgresql-15" in packages:
        _forbid_main_cluster()
    _apt(["apt-get", "update", "-qq"], env, required)
    options = ["-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
    everything = subprocess.run(
        ["apt-get", "install", *options, *packages], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if everything.returncode and required:  # an optional package may be unknown to this release
        _apt(["apt-get", "install", *options, *required], env, required)


def _forbid_main_cluster() -> None:
    """Tell postgresql-common, before it is installed, to start no server."""
    config = Path("/etc/postgresql-common/createcluster.conf")
    if not config.exists():
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(CREATE_NO_CLUSTER)


def _apt(command: Sequence[str], env: Mapping[str, str], packages: Sequence[str]) -> str:
    done = subprocess.run(list(command), env=dict(env), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        return done.stdout
    known = explain(DOING, done.stdout + done.stderr)
    if "network" in known.english or "disk" in known.english:
        raise known
    raise _by_hand(packages, done.stdout + done.stderr)


def _unpack(places: Places, packages: Sequence[str]) -> None:
    """Download the packages with all they depend on that the system lacks, and unpack them into the prefix."""
    apt = places.tools / "apt"
    for folder in ("lists/partial", "archives/partial"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    options = [
        "-o", "Debug::NoLocking=1",
        "-o", f"Dir::State::lists={apt / 'lists'}",
        "-o", f"Dir::Cache={apt}",
        "-o", f"Dir::Cache::archives={apt / 'archives'}",
        "-o", "APT::Sandbox::User=",
    ]  # fmt: skip
    env = os.environ | {"LC_ALL": "C"}
    _apt(["apt-get", *options, "-qq", "update"], env, packages)
    wanted = [*packages, *(WITH_POSTGRES if any(name.startswith("postgresql-15") for name in packages) else ())]
    if "postgresql-15-postgis-3" in packages and "postgresql-15" not in packages:
        wanted.append("postgresql-15")  # the server finds its extensions beside itself, so both must be in the prefix
    _apt(["apt-get", *options, "-y", "-qq", "--no-install-recommends", "--download-only", "install", *wanted], env, packages)
    installed = [name for name in wanted if not list((apt / "archives").glob(f"{name}_*.deb"))]
    if installed:  # already on the system, hence skipped by apt, but the prefix must be whole
        _download(apt / "archives", options, installed, env, packages)
    for archive in sorted((apt / "archives").glob("*.deb")):
        done = subprocess.run(["dpkg-deb", "-x", str(archive), str(places.prefix)], capture_output=True, text=True)
        if done.returncode:
            raise explain(DOING, done.stdout + done.stderr)
    shutil.rmtree(apt, ignore_errors=True)
    complete_prefix(places.prefix)


def _download(folder: Path, options: Sequence[str], names: Sequence[str], env: Mapping[str, str], packages: Sequence[str]) -> None:
    done = subprocess.run(
        ["apt-get", *options, "-qq", "download", *names],
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise _by_hand(packages, done.stdout + done.stderr)


def complete_prefix(prefix: Path) -> None:
    """What the packages' own installation scripts would have done: extension links, absolute links, font folders."""
    for extension in prefix.glob("usr/share/postgresql/*/extension"):
        for control in extension.glob("postgis*-3.control"):
            link = extension / control.name.replace("-3.control", ".control")
            if not link.exists():
                link.symlink_to(control.name)
    for link in prefix.rglob("*"):
        if link.is_symlink() and os.readlink(link).startswith("/") and (prefix / os.readlink(link).lstrip("/")).exists():
            target = prefix / os.readlink(link).lstrip("/")
            link.unlink()
            link.symlink_to(target)
    fonts = prefix / "usr/share/fonts"
    if fonts.exists():
        config = prefix / "etc/fonts/sonha.conf"
        config.parent.mkdir(parents=True, exist_ok=True)
        cache = prefix / "var/cache/fontconfig"
        system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        config.write_text(
            '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
            f"  {system}\n  <dir>{fonts}</dir>\n  <cachedir>{cache}</cachedir>\n</fontconfig>\n"
        )


def _by_hand(packages: Sequence[str], detail: str = "") -> Trouble:
    names = " ".join(packages)
    return Trouble(
        f"Thiếu gói hệ thống và không tự cài được: nhờ quản trị máy chạy “apt-get install --no-install-recommends {names}” rồi chạy lại.",
        f"System packages are missing and cannot be installed from here: ask the administrator to run "
        f"“apt-get install --no-install-recommends {names}”, then run again.",
        detail=detail,
    )
