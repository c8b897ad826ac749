"""The English catalogue is complete: every text of the sources has a message, translated and not fuzzy, and no message is left over.

`makemessages` runs on a copy of the sources, so that checking changes nothing.
"""

import ast
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sonha.bootstrap.places import Places

CATALOGUES = {"django": ("html", "txt", "py"), "djangojs": ("js",)}
LEFT_OUT = ("tests", "bootstrap", "testing", "vendor", "__pycache__", "migrations")
READ = """
import sys, polib
for path in sys.argv[1:]:
    for entry in polib.pofile(path):
        if entry.obsolete:
            continue
        plural = any(not text for text in entry.msgstr_plural.values()) if entry.msgid_plural else not entry.msgstr
        print(int(entry.fuzzy), int(plural), repr((entry.msgctxt or "", entry.msgid)), sep="\\t")
"""


def check(places: Places, env: Mapping[str, str]) -> str:
    findings = list(unseen(places.package))
    with tempfile.TemporaryDirectory(prefix="sonha-messages-") as temporary:
        for domain, extensions in CATALOGUES.items():
            kept = places.package / f"locale/en/LC_MESSAGES/{domain}.po"
            fresh, failure = _extract(places, env, Path(temporary) / domain, domain, extensions)
            if failure:
                return failure
            wanted = {message for _, _, message in _messages(places, env, fresh)} if fresh.exists() else set()
            known = _messages(places, env, kept) if kept.exists() else []
            complete = {message for fuzzy, untranslated, message in known if not fuzzy and not untranslated}
            findings += [f"{kept.name}: missing or untranslated: {message}" for message in sorted(wanted - complete)]
            findings += [f"{kept.name}: no longer in the sources: {message}" for _, _, message in known if message not in wanted]
    return "\n".join(findings)


def unseen(package: Path) -> Iterator[str]:
    """Texts that `makemessages` passes over: under another name than gettext's own or `_`, or inside an f-string."""
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if not set(LEFT_OUT) & set(inside.parts):
            for line, why in sorted(_unseen_in(ast.parse(path.read_text()))):
                yield f"{inside}:{line}: makemessages does not see {why}"


def _unseen_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    names = {"_"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {each.asname or each.name for each in node.names if "gettext" in each.name}
            yield from ((node.lineno, f"texts called by the name {each.asname}") for each in node.names if each.asname not in (None, "_"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and any(_says(each, names) for each in ast.walk(node)):
            yield node.lineno, "a text inside an f-string"


def _says(node: ast.AST, names: set[str]) -> bool:
    """Whether this is `_("…")`, of a text that stands there."""
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    return called and bool(node.args) and isinstance(node.args[0], ast.Constant)  # type: ignore[attr-defined]


def _extract(places: Places, env: Mapping[str, str], copy: Path, domain: str, extensions: tuple[str, ...]) -> tuple[Path, str]:
    shutil.copytree(places.package, copy, ignore=shutil.ignore_patterns(*LEFT_OUT, "locale", "*.pyc", "*.yaml", "*.csv"))
    (copy / "locale/en").mkdir(parents=True)
    options = [option for extension in extensions for option in ("-e", extension)]
    done = subprocess.run(
        [str(places.python), "-m", "django", "makemessages", "-l", "en", "-d", domain, "--no-location", *options],
        cwd=copy,
        env={name: value for name, value in env.items() if name != "DJANGO_SETTINGS_MODULE"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return copy / f"locale/en/LC_MESSAGES/{domain}.po", done.stdout if done.returncode else ""


def _messages(places: Places, env: Mapping[str, str], catalogue: Path) -> list[tuple[bool, bool, str]]:
    """(fuzzy, untranslated, context and msgid) of each live message."""
    done = subprocess.run([str(places.python), "-c", READ, str(catalogue)], env=dict(env), capture_output=True, text=True, check=True)
    rows = (line.split("\t", 2) for line in done.stdout.splitlines())
    return [(fuzzy == "1", untranslated == "1", message) for fuzzy, untranslated, message in rows]
