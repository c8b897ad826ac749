"""Every template compiles, including those that no test renders."""

import subprocess
from collections.abc import Mapping

from sonha.bootstrap.places import Places

SCRIPT = """
from pathlib import Path
import django
django.setup()
from django.template import engines
from django.template.exceptions import TemplateSyntaxError
import sys
engine = engines["django"].engine
bad = 0
for folder in sorted(Path(sys.argv[1]).rglob("templates")):
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.suffix not in {".html", ".txt", ".svg", ".xml"} or "{" not in (text := file.read_text()):
            continue
        try:
            engine.from_string(text)
        except TemplateSyntaxError as error:
            bad += 1
            print(f"{file}: {error}")
sys.exit(bool(bad))
"""


def check(places: Places, env: Mapping[str, str]) -> str:
    done = subprocess.run(
        [str(places.python), "-c", SCRIPT, str(places.package)],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout if done.returncode else ""
