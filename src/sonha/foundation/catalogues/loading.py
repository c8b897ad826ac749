"""Reading a folder of catalogues: `catalogues.yaml` names the lists, each has a table `<code>.csv` beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sonha.foundation.catalogues.services import load_catalogue

DATA = Path(__file__).with_name("data")


@dataclass
class Outcome:
    """How many catalogues were read, and how many items were added and changed."""

    total: int = 0
    added: int = 0
    changed: int = 0


def load_folder(actor: Any, folder: Path = DATA) -> Outcome:
    """Brings the catalogues of a folder to what its files say; repeatable. Refused or TableRefused names what is wrong."""
    outcome = Outcome()
    index = folder / "catalogues.yaml"
    for declared in yaml.safe_load(index.read_text(encoding="utf-8")) or [] if index.exists() else []:
        added, changed = load_catalogue(actor, declared, (folder / f"{declared['code']}.csv").read_text(encoding="utf-8"))
        outcome.total += 1
        outcome.added += added
        outcome.changed += changed
    return outcome
