"""Tracked files name no package index, no path of the machine they were written on, and no lock entry without a hash."""

import json
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from sonha.bootstrap.places import Places

# Written in parts, or this file would find itself.
FORBIDDEN = {
    "package index": re.compile(
        r"(?:registry\.npmjs|registry\.yarnpkg|pypi)\.(?:org|python)|files\.python" + r"hosted|--(?:extra-)?index-url[ =]\S", re.I
    ),
    "machine path": re.compile(r"(?<![\w.\-:])/(?:work|root|home/\w+)/[\w.\-]+"),
    "resolved address": re.compile(r'"resolved"' + r"\s*:"),
}
EXEMPT = re.compile(
    r"^src/sonha/bootstrap/(?:lint/addresses\.py|tests/)|\.(?:png|jpe?g|webp|woff2?|ttf|pdf|docx|xlsx|ods|p12|pyc|zip|gz|mo)$"
)


def check(places: Places, env: Mapping[str, str]) -> str:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=places.project, capture_output=True, text=True)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    return "\n".join(find(places.project, filter(None, names)))


def find(project: Path, names: Iterable[str]) -> list[str]:
    """`file:line: what: the matched text` for each finding in the named text files."""
    found = []
    for name in names:
        path = project / name
        if EXEMPT.search(name) or not path.is_file():
            continue
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            found += [f"{name}:{number}: {what}: {match[0]}" for what, pattern in FORBIDDEN.items() if (match := pattern.search(line))]
        if name.endswith("package-lock.json"):
            found += [f"{name}: no integrity: {entry}" for entry in _without_integrity("\n".join(lines))]
    return found


def _without_integrity(lock: str) -> list[str]:
    packages = json.loads(lock).get("packages", {})
    return [name for name, entry in packages.items() if name and "integrity" not in entry and not entry.get("link")]
