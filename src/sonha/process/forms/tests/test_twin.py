"""The browser's twin gives the same answers: node runs the shared examples, with the sentences that the page would carry."""

import json
import os
import random
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sonha.process.forms import schema
from sonha.process.forms.browser import compiled_form
from sonha.process.forms.lookups import lookups_from
from sonha.process.forms.validation import validate

HERE = Path(__file__).parent
RULES = HERE.parent.parent / "rules" / "tests" / "conditions.json"
EVERYTHING = json.loads((HERE / "everything.json").read_text())


def node(vectors: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "vectors.json"
    path.write_text(json.dumps(vectors))
    found = shutil.which("node")
    assert found, "node is needed to test the browser's half of the forms"
    return subprocess.run(
        [found, "--test", str(HERE / "twin.test.mjs")],
        env={**os.environ, "SONHA_VECTORS": str(path)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def compile_case(case: dict[str, Any]) -> dict[str, Any]:
    lookups = lookups_from(case["lookups"]) if "lookups" in case else None
    return {**case, "compiled": compiled_form(schema.load(case["form"]), lookups=lookups, language="vi")}


def test_the_twin_agrees_on_the_shared_examples(tmp_path: Path) -> None:
    cases = [compile_case({"today": "2025-03-05", **case}) for case in json.loads((HERE / "validation.json").read_text())]
    done = node({"conditions": json.loads(RULES.read_text()), "validation": cases}, tmp_path)
    assert done.returncode == 0, done.stdout[-4000:]
    assert f"# pass {len(cases) + len(json.loads(RULES.read_text()))}" in done.stdout


def test_the_twin_agrees_on_random_answers(tmp_path: Path) -> None:
    dice = random.Random(20251121)
    pool: list[Any] = ["", "a", "b", "12,5", "1.250", "0,125", "5/3/2025", "31/02/2025", "0912345678", "+84912345678",
                       "0100233488", "an@Example.vn",
                       "020090001234", "Đường\u0301  số 1", "11111", True, False, None, 0, 7, 12.5, 250.25,
                       -1, 1e20, [], {}, ["a"], ["b", "a"], ["z"],
                       {"type": "Point", "coordinates": [106.7, 21.8]}, {"crs": "wgs84", "x": "21,8", "y": "106,7"},
                       {"type": "LineString", "coordinates": [[106.7, 21.8], [106.71, 21.8], [106.71, 21.81]]},
                       {"type": "Polygon", "coordinates": [[[106.7, 21.8], [106.71, 21.8], [106.71, 21.81], [106.7, 21.8]]]}]  # fmt: skip
    fields = [field for section in EVERYTHING["sections"] for field in section["fields"]]
    cases = []
    for number in range(300):
        answers: dict[str, Any] = {}
        for field in fields:
            if dice.random() < 0.7:
                answers[field["key"]] = dice.choice(pool)
            if field["type"] == "repeat" and dice.random() < 0.8:
                answers[field["key"]] = [
                    {child["key"]: dice.choice(pool) for child in field["fields"]} for _row in range(dice.randint(0, 6))
                ]
        result = validate(EVERYTHING, answers, today=date(2025, 3, 5), partial=number % 3 == 0)
        cases.append({"name": f"random {number}", "form": EVERYTHING, "answers": answers, "clean": result.clean, "errors": result.errors,
                      "today": "2025-03-05", "partial": number % 3 == 0})  # fmt: skip
    done = node({"conditions": [], "validation": [compile_case(case) for case in cases]}, tmp_path)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("wrong", [{"errors": {"x": "khác"}}, {"clean": {"x": "khác"}}])
def test_the_twin_test_can_fail(tmp_path: Path, wrong: dict[str, Any]) -> None:
    case = {"name": "wrong", "form": {"sections": [{"key": "s", "title": "s", "fields": [{"key": "x", "type": "text", "label": "X"}]}]}}
    done = node(
        {"conditions": [], "validation": [compile_case({**case, "answers": {"x": "a"}, "clean": {"x": "a"}, "errors": {}, **wrong})]},
        tmp_path,
    )
    assert done.returncode != 0
