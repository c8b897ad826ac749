"""Every case of bad input and every fault, each once. docs/faults.md is made from this list."""

from collections.abc import Mapping

from .bad_typing import BODIES, TEXTS
from .bad_uploads import NAMES, UPLOADS
from .mishaps import PARTNERS, PROCESSES, TWICE
from .trying import Case

GROUPS: Mapping[str, list[Case]] = {
    "Files that are sent": UPLOADS,
    "Names of files": NAMES,
    "Text that is typed": TEXTS,
    "Bodies of requests": BODIES,
    "Twice and at once": TWICE,
    "Processes, database, disk": PROCESSES,
    "Mail, payments, upgrades": PARTNERS,
}
CASES = [case for group in GROUPS.values() for case in group]
