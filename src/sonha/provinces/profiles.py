"""Reading a province profile: a folder of CSV and YAML files beside `profile.yaml`."""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from django.utils.translation import gettext as _

SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is present
HERE = Path(__file__).resolve().parent
State = Literal["documents", "today"]


class ProfileError(Exception):
    """A profile cannot be loaded; the message names the file and what to put right."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A province's own data. `settings` is the content of profile.yaml."""

    key: str
    folder: Path
    settings: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.settings["title"])

    @property
    def operational_structure(self) -> State:
        """`documents` or `today`: which organisation does the work (docs/adr/0006)."""
        value = self.settings.get("operational_structure", "documents")
        if value not in ("documents", "today"):
            raise ProfileError(_("%(file)s: operational_structure phải là documents hoặc today.") % {"file": self.folder / "profile.yaml"})
        return "today" if value == "today" else "documents"

    @property
    def modules(self) -> dict[str, bool]:
        """Which modules the province switches on."""
        return dict(self.settings.get("modules", {}))

    def path(self, name: str) -> Path:
        """Where a file of the profile lies; a folder may be borrowed from another one (`borrows: {calendar: lang_son}`)."""
        part, _slash, rest = name.partition("/")
        lender = self.settings.get("borrows", {}).get(part)
        return HERE / lender / part / rest if lender else self.folder / name

    def files(self, *patterns: str) -> list[Path]:
        """Files of the profile that match the patterns (`folder/*.yaml` or a file name), in a stable order."""
        places = [self.path(pattern) for pattern in patterns]
        return sorted({path for place in places for path in place.parent.glob(place.name) if path.is_file()})

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """Rows of a CSV file, NFC and trimmed; none when the profile has no such file."""
        path = self.path(name)
        if not path.exists():
            return
        with path.open(encoding="utf-8", newline="") as file:
            for raw in csv.DictReader(file):
                yield {key: unicodedata.normalize("NFC", value or "").strip() for key, value in raw.items()}

    def document(self, name: str) -> Any:
        """Content of a YAML file; None when the profile has no such file."""
        path = self.path(name)
        return read_yaml(path) if path.exists() else None


def available() -> list[str]:
    """Keys of the profiles that come with the product."""
    return sorted(path.parent.name for path in HERE.glob("*/profile.yaml"))


def read_profile(key: str) -> Profile:
    """The profile of this key. ProfileError when there is none."""
    folder = HERE / key
    if not (folder / "profile.yaml").exists():
        raise ProfileError(_("Không có hồ sơ tỉnh “%(key)s”; hiện có: %(known)s.") % {"key": key, "known": ", ".join(available())})
    return Profile(key, folder, read_yaml(folder / "profile.yaml"))


def read_yaml(path: Path) -> Any:
    """YAML as data only. ProfileError names the line that cannot be read."""
    try:
        return yaml.load(unicodedata.normalize("NFC", path.read_text(encoding="utf-8")), Loader=SafeLoader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ProfileError(_("%(file)s không đọc được: %(error)s") % {"file": path, "error": error}) from error


def day(text: str) -> date | None:
    """`yyyy-mm-dd`; an empty cell is an open end."""
    return date.fromisoformat(text) if text else None


def yes(text: str) -> bool:
    """`yes` or `no`, as the CSV files write it."""
    return text == "yes"
