"""Loading a province profile into the database: areas, units, calendar, catalogue, declarations. Repeatable.

Each step remembers the digest of its files, of the code that loads them, and of the step before; when the digest is the
same the step is left out, so that a second run takes a moment.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.access.actor import Actor
from sonha.foundation.calendar.services import load_holidays
from sonha.foundation.catalogues import loading as catalogues
from sonha.foundation.catalogues.tables import TableRefused
from sonha.foundation.identity.errors import Refused
from sonha.provinces.administrative_areas import load_areas
from sonha.provinces.declarations import load_declarations
from sonha.provinces.models import LoadedStep
from sonha.provinces.organisational_units import load_units
from sonha.provinces.profiles import HERE, Profile, ProfileError, read_profile
from sonha.services.procedures import importing

Say = Callable[[str], None]
ACTOR = Actor.system("load_profile")


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a profile: its files and how they are loaded. `run` returns counts for the progress line."""

    key: str
    title: Any
    patterns: tuple[str, ...]
    run: Callable[[Profile], dict[str, Any]]


def _areas(profile: Profile) -> dict[str, Any]:
    return asdict(load_areas(profile))


def _units(profile: Profile) -> dict[str, Any]:
    return asdict(load_units(profile))


def _calendar(profile: Profile) -> dict[str, Any]:
    rows = profile.document("calendar/holidays.yaml") or []
    return {"total": len(rows), "written": load_holidays(rows, ACTOR)}


def _catalogues(profile: Profile) -> dict[str, Any]:
    """The shared lists of the product, then those of the province."""
    try:
        own, provincial = (catalogues.load_folder(ACTOR, folder) for folder in (catalogues.DATA, profile.folder / "catalogues"))
    except (Refused, TableRefused) as refused:
        raise ProfileError(str(refused)) from refused
    return {
        "total": own.total + provincial.total,
        "added": own.added + provincial.added,
        "changed": own.changed + provincial.changed,
    }


def _catalogue(profile: Profile) -> dict[str, Any]:
    folder = profile.folder / "catalogue"
    if not (folder / "procedures.csv").exists():
        return {}
    try:
        return asdict(importing.import_catalogue(folder))
    except importing.CatalogueError as error:
        raise ProfileError(str(error)) from error


def _declarations(profile: Profile) -> dict[str, Any]:
    return asdict(load_declarations(profile, ACTOR))


STEPS = (
    Step("areas", gettext_lazy("đơn vị hành chính"), ("areas/*",), _areas),
    Step("units", gettext_lazy("cơ quan, đơn vị"), ("organisations/*", "profile.yaml"), _units),
    Step("calendar", gettext_lazy("lịch làm việc"), ("calendar/*",), _calendar),
    Step("catalogues", gettext_lazy("danh mục dùng chung"), ("catalogues/*",), _catalogues),
    Step("catalogue", gettext_lazy("danh mục thủ tục"), ("catalogue/*",), _catalogue),
    Step(
        "declarations",
        gettext_lazy("khai báo thủ tục và quy trình"),
        ("procedures/*", "families/*", "processes/*"),
        _declarations,
    ),
)


def load_profile(key: str, *, say: Say = lambda line: None, force: bool = False) -> dict[str, dict[str, Any]]:
    """Loads the profile, step by step. Returns the counts of each step that ran; an unchanged step is absent.

    `force` runs every step whatever its digest. ProfileError says which file is wrong; steps before it stay loaded.
    """
    profile = read_profile(key)
    digests = dict(LoadedStep.objects.filter(profile=key).values_list("step", "digest"))
    outcomes: dict[str, dict[str, Any]] = {}
    before = ""
    for number, step in enumerate(STEPS, start=1):
        before = digest_of(profile, step, before)
        head = f"[{number}/{len(STEPS)}] {profile.title}: {step.title}"
        if not force and digests.get(step.key) == before:
            say(_("%(head)s: không có thay đổi") % {"head": head})
            continue
        outcome = step.run(profile)
        LoadedStep.objects.update_or_create(profile=key, step=step.key, defaults={"digest": before, "outcome": outcome})
        outcomes[step.key] = outcome
        say(f"{head}: {_counts(outcome)}")
    return outcomes


def digest_of(profile: Profile, step: Step, before: str = "") -> str:
    """SHA-256 over the step's files, the code of the loaders and the digest of the step before."""
    digest = hashlib.sha256(before.encode())
    shared = sorted(catalogues.DATA.iterdir()) if step.key == "catalogues" else []
    for path in [*profile.files(*step.patterns), *shared, *_code()]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code() -> list[Path]:
    return [*sorted(HERE.glob("*.py")), Path(importing.__file__), Path(importing.__file__).with_name("quality.py")]


def _counts(outcome: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in outcome.items()) or _("không có dữ liệu")
