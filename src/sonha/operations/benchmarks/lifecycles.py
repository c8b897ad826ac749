"""Whole lives of dossiers, one after the other in one process: what an act costs in the engine, and in SpiffWorkflow on the same flow.

A life: filed, accepted, assigned, appraised, drafted, endorsed, signed, numbered, handed over, each by another person and in a transaction
of its own. Acts that make a paper (the receipt on
acceptance, the draft, signing, sealing) are the renderer's and the signer's work and told apart.
"""

import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.services import store_bytes
from sonha.process.cases import engine
from sonha.process.cases.models import Case, Task
from sonha.process.flows.graph import graph_of
from sonha.provinces.demonstration import signers
from sonha.provinces.demonstration.filers import gather
from sonha.provinces.demonstration.scans import scan
from sonha.provinces.demonstration.walking import Staff, chosen_edge, needs_draft, open_tasks
from sonha.provinces.demonstration.writing import Writer
from sonha.services.dossiers import drafting, filing
from sonha.services.dossiers.drafting import heading_for
from sonha.services.dossiers.models import Dossier, Draft
from sonha.services.dossiers.results import signing_unit

PAPERS = frozenset({"reception", "draw draft", "sign", "number"})
"""Acts that draw, sign or seal a document (the receipt, the draft, the result): told apart, and left out of the time of the engine."""
LONGEST = 30


@dataclass
class Lives:
    """Milliseconds by step, over `count` lives."""

    count: int = 0
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.steps[name].append((time.perf_counter() - began) * 1000)

    @property
    def acts(self) -> dict[str, list[float]]:
        return {name: took for name, took in self.steps.items() if name not in PAPERS}

    @property
    def rate(self) -> float:
        """Lives a second, papers left out."""
        return self.count / (sum(sum(took) for took in self.acts.values()) / 1000)

    @property
    def per_act(self) -> float:
        return median(value for took in self.acts.values() for value in took)


def pattern() -> Draft:
    """The filing whose life is repeated: granted, by desk, division, head and leader of one agency, without payment."""
    lived = Dossier.objects.filter(is_demo=True, state="granted", case__tasks__kind="task").exclude(case__tasks__child_cases__isnull=False)
    for dossier in lived.distinct().order_by("pk"):
        if Draft.objects.filter(dossier=dossier).exists() and dossier.case.tasks.count() == 8 and not _paid(dossier):
            return Draft.objects.select_related("version__flow_version", "version__procedure", "owner", "user").get(dossier=dossier)
    raise LookupError("no dossier of the demonstration has a life of eight steps")


def _paid(dossier: Dossier) -> bool:
    return dossier.case.tasks.filter(step__contains="pay").exists()


def live(count: int) -> Lives:
    """So many lives; what they need besides (drafts, certificates) is made before the clock starts."""
    chance = random.Random("lives")  # noqa: S311 - fiction, not secrets
    staff, of, lives = Staff.on_duty(chance), pattern(), Lives()
    writer = Writer(of.owner, gather(chance).persons[0].place, of.version.procedure.declaration, chance)  # type: ignore[arg-type]
    for _turn in range(count):
        of.pk, of._state.adding, of.dossier = uuid4(), True, None
        of.save()
        actor = Actor.of(of.user)
        with lives.timed("file"):
            dossier = filing.submit(of.pk, actor)
        for _step in range(LONGEST):
            waiting = open_tasks(dossier)
            if not waiting:
                break
            _act(lives, dossier, waiting[0], staff, writer)
        if Case.objects.get(pk=dossier.case_id).state != Case.State.COMPLETED:
            raise RuntimeError(f"{dossier.code} did not come to its end")
        lives.count += 1
    return lives


def _act(lives: Lives, dossier: Dossier, task: Task, staff: Staff, writer: Writer) -> None:
    dossier = Dossier.objects.select_related("case", "procedure", "agency", "owner").get(pk=dossier.pk)
    graph, edge = graph_of(task.case.flow_version_id), chosen_edge(task, "")
    actor = staff.for_task(task) or Actor.system("online delivery")
    since = timezone.now() - timedelta(days=1)
    if edge.effect == "sign" and task.unit_id:
        signers.certify_leader(actor, task.unit_id, since)
    if edge.effect == "number":
        signers.certify_seal(signing_unit(dossier, heading_for(graph, task.step)), since)
    if needs_draft(task, edge):
        with lives.timed("draw draft"):
            drafting.draft_result(dossier, task, actor=actor)
    writer.attach = lambda each: str(store_bytes(scan("data"), name="ket-qua.pdf", media_type="application/pdf", purpose="dossier",
                                                 actor_user=actor.user).pk)  # fmt: skip
    node = graph.nodes[task.step]
    data = writer.fill(node.form, {**dossier.answers, **task.case.data}) if node.form else {}
    with lives.timed("sign" if edge.effect == "sign" else task.step):
        engine.act(task.pk, edge.action, actor=actor, comment="Thực hiện theo quy định.", data=data)


def spiff(count: int) -> Lives | None:
    """The same flow as BPMN in SpiffWorkflow, its state read from and written to a row of the same database at each step, as a server must.

    None when it is not installed (it is a development dependency). It does no form checks, no deadlines, no access, no audit.
    """
    try:
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState
    except ImportError:
        return None
    flow = pattern().version.flow_version
    assert flow is not None
    graph, lives, serializer = graph_of(flow.pk), Lives(), BpmnWorkflowSerializer()
    parser = BpmnParser()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "flow.bpmn"
        file.write_bytes(straight(graph))
        parser.add_bpmn_file(str(file))
    spec = parser.get_spec("flow")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE spiff (id bigserial PRIMARY KEY, state jsonb)")
        for _turn in range(count):
            with lives.timed("file"):
                workflow = BpmnWorkflow(spec)
                workflow.do_engine_steps()
                cursor.execute("INSERT INTO spiff (state) VALUES (%s) RETURNING id", [serializer.serialize_json(workflow)])
                key = cursor.fetchone()[0]
            for _step in range(LONGEST):
                with lives.timed("act"):
                    cursor.execute("SELECT state::text FROM spiff WHERE id = %s FOR UPDATE", [key])
                    workflow = serializer.deserialize_json(cursor.fetchone()[0])
                    waiting = workflow.get_tasks(state=TaskState.READY, manual=True)
                    if waiting:
                        waiting[0].data.update({"comment": "Thực hiện theo quy định."})
                        waiting[0].run()
                        workflow.do_engine_steps()
                        cursor.execute("UPDATE spiff SET state = %s WHERE id = %s", [serializer.serialize_json(workflow), key])
                if workflow.is_completed():
                    break
            lives.count += 1
    return lives


def straight(graph: Any) -> bytes:
    """The path of the life through the flow as plain BPMN: a user task for each step, one after the other."""
    steps: list[str] = []
    key = graph.start
    while key in graph.nodes and len(steps) < LONGEST:
        node = graph.nodes[key]
        if node.kind == "task":
            steps.append(key)
        onward = [
            edge
            for edge in graph.edges.get(key, ())
            if not edge.returns and edge.effect not in {"request_supplement", "refuse", "withdraw"}
        ]
        if not onward:
            break
        key = onward[0].target
    names = ["start", *steps, "end"]
    tasks = "".join(f'<userTask id="{step}" name="{step}"/>' for step in steps)
    flows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(pairwise(names))
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="sonha"><process id="flow" isExecutable="true">'
        f'<startEvent id="start"/>{tasks}<endEvent id="end"/>{flows}</process></definitions>'
    ).encode()
