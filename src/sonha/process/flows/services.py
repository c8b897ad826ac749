"""Writing flows: draft, publish, retire."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.process.flows.condition_check import Field
from sonha.process.flows.models import Flow, FlowVersion, Step, Transition
from sonha.process.flows.problems import NotPublishable, Problem, called, error
from sonha.process.flows.validation import validate


def digest_of(definition: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a definition."""
    return hashlib.sha256(json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@transaction.atomic
def publish_flow(
    key: str,
    definition: Mapping[str, Any],
    *,
    subject_kind: str = "internal",
    form_fields: Iterable[str] | Mapping[str, Field] | None = None,
    actors: Collection[str] | None = None,
) -> FlowVersion:
    """Publishes `definition` as the next version of flow `key`; the same definition again returns the version that exists.

    It is validated first; NotPublishable names every error. `form_fields` and `actors` as in `validate`, None where not known here.
    """
    flow, _created = Flow.objects.get_or_create(
        key=key, defaults={"title": definition.get("title", key), "title_en": definition.get("title_en", ""), "subject_kind": subject_kind}
    )
    Flow.objects.select_for_update().get(pk=flow.pk)
    digest = digest_of(definition)
    if same := FlowVersion.objects.filter(flow=flow, digest=digest).exclude(state=FlowVersion.State.DRAFT).first():
        return same
    if wrong := publishing_errors(key, definition, form_fields=form_fields, actors=actors):
        raise NotPublishable(str(definition.get("title") or key), wrong)
    number = (FlowVersion.objects.filter(flow=flow).aggregate(last=Max("number"))["last"] or 0) + 1
    version = FlowVersion.objects.create(
        flow=flow,
        number=number,
        definition=dict(definition),
        digest=digest,
        state=FlowVersion.State.PUBLISHED,
        published_at=timezone.now(),
    )
    _write_rows(version)
    return version


def publishing_errors(
    key: str,
    definition: Mapping[str, Any],
    *,
    form_fields: Iterable[str] | Mapping[str, Field] | None = None,
    actors: Collection[str] | None = None,
) -> list[Problem]:
    """What keeps `definition` from being published as flow `key`: the errors of `validate`, and sub-processes that lead back to it."""
    known = {key, *Flow.objects.values_list("key", flat=True)}
    found = validate(definition, form_fields=form_fields, actors=actors, flows=known, services=None)
    wrong = [problem for problem in found if problem.level == "error"]
    return wrong or list(_circles(key, definition))


def _circles(key: str, definition: Mapping[str, Any]) -> Iterator[Problem]:
    for step in definition["steps"]:
        called_flow = step.get("flow")
        if called_flow and key in _reached(called_flow, {called_flow}):
            yield error(step["key"], _("Bước %(step)s gọi quy trình con dẫn trở lại chính quy trình này.") % {"step": called(step)})


def _reached(key: str, seen: set[str]) -> set[str]:
    """The flow and every flow that its newest version calls, near and far."""
    newest = FlowVersion.objects.filter(flow__key=key, state=FlowVersion.State.PUBLISHED).order_by("-number").first()
    for step in newest.definition["steps"] if newest else ():
        if step.get("flow") and step["flow"] not in seen:
            seen.add(step["flow"])
            _reached(step["flow"], seen)
    return seen


def _write_rows(version: FlowVersion) -> None:
    steps = {}
    for place, raw in enumerate(version.definition["steps"]):
        names = {name: raw.get(name, "") for name in ("key", "kind", "title", "title_en", "role", "unit")}
        steps[raw["key"]] = Step(version=version, place=place, **names)
    Step.objects.bulk_create(steps.values())
    Transition.objects.bulk_create(
        Transition(
            version=version,
            source=steps[raw["from"]],
            target=steps[raw["to"]],
            place=place,
            **{name: raw.get(name, "") for name in ("action", "title", "effect")},
        )
        for place, raw in enumerate(version.definition["transitions"])
    )


def retire_flow(version: FlowVersion) -> None:
    """No new case starts under a retired version; running cases keep it."""
    FlowVersion.objects.filter(pk=version.pk, state=FlowVersion.State.PUBLISHED).update(state=FlowVersion.State.RETIRED)


def latest(key: str) -> FlowVersion:
    """The newest published version of flow `key`. Raises FlowVersion.DoesNotExist."""
    return FlowVersion.objects.filter(flow__key=key, state=FlowVersion.State.PUBLISHED).order_by("-number")[:1].get()


def consultation() -> FlowVersion:
    """The flow of a consultation that names none: the asked unit answers once. Published on first use."""
    definition = yaml.safe_load((Path(__file__).parent / "consultation.yaml").read_text(encoding="utf-8"))
    return publish_flow("consultation", definition, subject_kind="child")
