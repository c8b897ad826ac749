"""Every flow the province declares can be published: the checks find nothing that keeps it back."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from sonha.process.bpmn.tests.samples import PACKAGE, PROVINCE
from sonha.process.flows.condition_check import form_fields
from sonha.process.flows.validation import validate


def declarations() -> list[tuple[str, Mapping[str, Any]]]:
    found = []
    for path in sorted(path for folder in ("procedures", "families", "processes") for path in (PROVINCE / folder).glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for number, version in enumerate(content.get("versions") or [content], 1):
            if isinstance(version.get("flow"), dict):
                found.append((f"{path.stem}-{number}", version))
    consultation = yaml.load((PACKAGE / "process" / "flows" / "consultation.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [*found, ("consultation", {"flow": consultation})]


@pytest.mark.parametrize("declaration", [version for _name, version in declarations()], ids=[name for name, _version in declarations()])
def test_a_declared_flow_has_no_errors(declaration: Mapping[str, Any]) -> None:
    actors = {*declaration.get("consulted", {}), *declaration.get("actors", {})}
    found = validate(declaration["flow"], form_fields=form_fields(declaration.get("form")), actors=actors, flows=None, services=None)
    assert [problem.message for problem in found if problem.level == "error"] == []
