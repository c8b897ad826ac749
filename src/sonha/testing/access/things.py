"""The things of the small province: six dossiers lived through by the real services, and what hangs on them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.files.models import StoredFile, Upload
from sonha.foundation.files.services import store
from sonha.foundation.identity.models import ApiToken, Party, Representation
from sonha.foundation.jobs.models import Progress
from sonha.foundation.notifications.models import Message
from sonha.foundation.notifications.services import notify
from sonha.foundation.organisations.models import AdminUnit, Substitution, Unit
from sonha.process.cases import engine
from sonha.process.cases.models import Task
from sonha.provinces.demonstration.people import Place
from sonha.provinces.demonstration.scans import scan
from sonha.provinces.demonstration.walking import Staff, open_tasks, pay, take
from sonha.provinces.demonstration.writing import Writer
from sonha.registry.grants.models import RegisterGrant
from sonha.registry.records.services import Basis, changing
from sonha.services.dossiers import drafts, filing, money, notes, results
from sonha.services.dossiers.models import Dossier, Draft, OfficialPaper
from sonha.services.dossiers.papers import keep
from sonha.services.handling.models import SavedFilter, Sentence
from sonha.services.permits.models import Permit
from sonha.services.procedures.models import Procedure
from sonha.services.procedures.selectors import current_version
from sonha.testing.access.people import COMMUNE_A, COMMUNE_B, People
from sonha.testing.example.models import ExampleWell

GROUNDWATER = 860
LONGEST = 60


@dataclass(frozen=True)
class Thing:
    """One object an address can name: what fills the address, which dossier it belongs to, or whose own it is."""

    arguments: dict[str, Any]
    dossier: str = ""
    person: str = ""
    internal: bool = False


@dataclass(frozen=True)
class Marker:
    """Words that give a dossier away wherever they appear. `internal`: not even its owner may read them."""

    text: str
    kind: str
    dossiers: frozenset[str]
    internal: bool = False


@dataclass
class Things:
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    objects: dict[str, list[Thing]] = field(default_factory=dict)
    markers: list[Marker] = field(default_factory=list)

    def add(self, kind: str, dossier: str = "", person: str = "", *, internal: bool = False, **arguments: Any) -> None:
        self.objects.setdefault(kind, []).append(Thing(arguments, dossier, person, internal))

    def mark(self, text: str, kind: str, *dossiers: str, internal: bool = False) -> None:
        if text:
            self.markers.append(Marker(str(text), kind, frozenset(dossiers), internal))


def furnish(people: People) -> Things:
    things = Things()
    staff = Staff(random.Random(7))
    live = _Life(people, things, staff)
    live.file("permitted", GROUNDWATER, "lan", "lan", COMMUNE_A)
    live.file("consulting", GROUNDWATER, "applying_official", "applying_official", COMMUNE_B)
    live.file("waiting", GROUNDWATER, "former_proxy", "company", COMMUNE_B)
    live.file("elsewhere", _of_another_department(), "proxy", "company", COMMUNE_B)
    commune_level = _of_communes()
    live.file("commune_a", commune_level, "pao", "pao", COMMUNE_A)
    live.file("commune_b", commune_level, "lan", "lan", COMMUNE_B)
    acting = things.dossiers["elsewhere"].case.actors
    people.official("other_specialist", ("specialist", Unit.objects.get(pk=acting["agency"]).code))
    people.official("other_receptionist", ("receptionist", Unit.objects.get(pk=acting["desk"]).code))
    staff.holders = Staff.on_duty(staff.chance).holders
    live.walk("permitted", until=None)
    live.walk("consulting", until="answer")
    live.walk("elsewhere", until_role="specialist")
    live.hang_on()
    return things


def _of_another_department() -> int:
    return _plain(Procedure.objects.filter(agency__code="STP"))


def _of_communes() -> int:
    return _plain(Procedure.objects.filter(agency=None, level="commune"))


def _plain(procedures: Any) -> int:
    found = procedures.filter(open_for_filing=True, fully_modelled=False, versions__state="published").order_by("stt").first()
    assert found is not None
    return int(found.stt)


class _Life:
    """Files and walks the dossiers, and notes down what they leave behind."""

    def __init__(self, people: People, things: Things, staff: Staff) -> None:
        self.people, self.things, self.staff = people, things, staff
        self.writers: dict[str, Writer] = {}

    def file(self, name: str, stt: int, filer: str, owner: str, commune: str) -> None:
        party, user = self.people.parties[owner], self.people.users[filer]
        procedure = Procedure.objects.get(stt=stt)
        version = current_version(procedure)
        assert version is not None and version.form_version is not None
        actor = Actor.of(user)
        writer = Writer(party, _place(commune), procedure.declaration, random.Random(stt))
        draft = drafts.start_draft(actor, version, owner=party)
        context = drafts.context_for(draft)
        writer.chosen = {"location_commune": commune, "commune": commune}
        answers = writer.fill(version.form_version.schema, context)
        papers = {paper.code: ["on_paper"] for paper, _required in drafts.required_papers(version, {**context, **answers})}
        scanned = self._scan(f"giay-to-{name}.pdf", user)
        papers[next(iter(papers))] = [str(scanned.pk)]
        phone = f"0988{len(self.things.dossiers):06d}"
        details = {"receiving_commune": commune, "return_channel": "desk", "contact_phone": phone}
        drafts.save_draft(draft, answers=answers, papers=papers, details=details)
        dossier = filing.submit(draft.pk, actor)
        self.writers[name], self.things.dossiers[name] = writer, dossier
        self.things.add("file", name, file_id=scanned.pk)
        self.things.mark(scanned.original_name, "file", name)
        self.things.mark(phone, "phone", name)

    def _scan(self, file_name: str, user: Any) -> StoredFile:
        sent = SimpleUploadedFile(file_name, scan("data"), "application/pdf")
        return store(sent, actor_user=user, accept="pdf", max_bytes=1 << 20, purpose="dossier")

    def walk(self, name: str, *, until: str | None = None, until_role: str = "") -> None:
        """Lets everyone do what leads on, until a task at step `until` or of a role is open, or to the end."""
        for _turn in range(LONGEST):
            dossier = self._fresh(name)
            waiting = open_tasks(dossier)
            task = next((each for each in waiting if each.step == until or each.role == until_role), None)
            if task is not None or not waiting:
                return
            task = waiting[0]
            if task.is_applicant and any(edge.action == "paid" for edge in engine.available_actions(task)):
                assert pay(dossier, self.staff)
                continue
            actor = Actor.of(dossier.applicant) if task.is_applicant else self.staff.for_task(task)
            assert actor is not None, f"nobody is {task.role} in {task.unit}"
            take(task, dossier, actor, self.writers[name])
        raise AssertionError(f"{name} goes round in circles")

    def _fresh(self, name: str) -> Dossier:
        dossier = Dossier.objects.select_related("case", "procedure", "agency", "owner", "version", "applicant").get(
            pk=self.things.dossiers[name].pk
        )
        self.things.dossiers[name] = dossier
        return dossier

    def hang_on(self) -> None:
        """Notes, drafts, messages, invoices and the rest, each with words of its own."""
        for name in self.things.dossiers:
            self._of(self._fresh(name), name)
        for owner, names in _by_owner(self.things.dossiers).items():
            party = Party.objects.get(pk=owner)
            self.things.mark(party.name, "name", *names)
            self.things.mark(party.identifier, "identifier", *names)
        self._crossed()
        self._personal()
        self._wells()

    def _wells(self) -> None:
        """Records of the example register in commune A, one of them secret."""
        basis = Basis("decision", number="1/QĐ-UBND")
        for kind, is_secret in (("well", False), ("secret_well", True)):
            with changing("example_wells", Actor.system("small province"), basis, kind="add") as change:
                row = change.add(
                    ExampleWell, code=f"G-{kind}", use="home", depth=40, owner_name="Chủ giếng", commune_code=COMMUNE_A,
                    geometry=Point(450_000, 2_420_000, srid=9215), is_secret=is_secret,
                )  # fmt: skip
            self.things.add(kind, slug="gieng-vi-du", pk=row.pk)

    def _of(self, dossier: Dossier, name: str) -> None:
        add, mark = self.things.add, self.things.mark
        mark(dossier.code, "code", name)
        writer_of_note = Actor.of(self.people.users[{"commune_a": "officer_a", "commune_b": "officer_b"}.get(name, "receptionist")])
        notes.add_note(dossier, writer_of_note, f"ghi chú kín của {name}")
        mark(f"ghi chú kín của {name}", "note", name, internal=True)
        body = {"outcome": "granted", "title": f"Dự thảo kín {name}", "paragraphs": [f"Nội dung kín {name}"]}
        if not results.latest_draft(dossier):
            keep(dossier, OfficialPaper.Kind.DRAFT, body["title"], scan("data"), Actor.system("test"), public=False, body=body)  # type: ignore[arg-type]
        add("dossier", name, code=dossier.code)
        tasks = Task.objects.filter(case=dossier.case, kind="task").order_by("state", "pk")
        for kind, rows in (("applicant_task", tasks.filter(role="applicant")), ("task", tasks.exclude(role="applicant"))):
            for task in rows.order_by("-state", "pk")[:1]:  # one that is open, else one that is done
                add(kind, name, code=dossier.code, task_id=task.pk)
        for paper in dossier.papers.exclude(file=None)[:1]:
            add("paper", name, code=dossier.code, pk=paper.pk, number=1)
        for public in (True, False):
            for official in dossier.official_papers.filter(public=public)[:1]:
                add("official_paper", name, pk=official.pk, internal=not public)
        mark(f"Dự thảo kín {name}", "draft", name, internal=True)
        if some := self.things.objects["task"][-1:]:
            add("draft_version", name, code=dossier.code, number=1, page=1, task_id=some[0].arguments["task_id"])
        if not money.invoices(dossier).exists():
            money.request_payment(dossier, Actor.system("test"))
        for invoice in money.invoices(dossier):
            add("invoice", name, code=invoice.code)
            mark(invoice.code, "invoice", name)
        for permit in Permit.objects.filter(dossier=dossier):
            add("permit", name, pk=permit.pk, permit_id=permit.pk)
            mark(permit.number, "number", name)
            add("document", name, code=permit.check_code)

    def _crossed(self) -> None:
        """A task of one dossier under the code of another: never."""
        codes = {name: dossier.code for name, dossier in self.things.dossiers.items()}
        foreign = self.things.objects["task"]
        for name, code in codes.items():
            other = next(task for task in foreign if task.dossier != name)
            self.things.add("crossed_task", "", code=code, task_id=other.arguments["task_id"])

    def _personal(self) -> None:
        """What belongs to one account only: an open draft, a message, a progress, a file on its way."""
        version = current_version(Procedure.objects.get(stt=GROUNDWATER))
        assert version is not None
        for person, owner in (("lan", "lan"), ("proxy", "company"), ("former_proxy", "company"), ("officer_a", None)):
            user = self.people.users[person]
            party = self.people.parties[owner] if owner else None
            draft = Draft.objects.create(user=user, version=version, owner=party, channel="online" if owner else "desk",
                                         answers={"works_name": f"công trình nháp của {person}"})  # fmt: skip
            self.things.add("draft", person="" if person == "former_proxy" else person, pk=draft.pk)
            scanned = self._scan(f"tệp nháp của {person}.pdf", user)
            draft.papers = {"other": [str(scanned.pk)]}
            draft.save()
            self.things.add("draft_file", person="" if person == "former_proxy" else person, pk=draft.pk, file=scanned.pk)
            self.things.mark(f"công trình nháp của {person}", "draft", f"person:{person}")
        for person in ("lan", "proxy", "specialist"):
            user = self.people.users[person]
            notify(user, "dossier.accepted", {"code": f"tin riêng của {person}", "procedure": "x", "agency": "y", "due": "z"}, link="/")
            message = Message.objects.filter(user=user).latest("pk")
            self.things.add("message", person=person, message_id=message.pk)
            self.things.mark(f"tin riêng của {person}", "message", f"person:{person}")
            progress = Progress.objects.create(user=user, title=f"việc nền của {person}", state="done", total=1, done=1)
            self.things.add("progress", person=person, progress_id=progress.pk)
            self.things.mark(f"việc nền của {person}", "progress", f"person:{person}")
            upload = Upload.objects.create(
                purpose="dossier", name=f"{person}.pdf", length=10, accept="pdf", max_bytes=100, created_by=user,
                expires_at=timezone.now() + timedelta(days=1),
            )  # fmt: skip
            self.things.add("upload", person=person, upload_id=upload.pk)
        own = Progress.objects.get(user=self.people.users["specialist"])
        self.things.add("official_progress", person="specialist", progress_id=own.pk)
        lan, held = self.people.users["lan"], self.people.users["specialist"].positions.get()
        self.things.add("account", pk=lan.pk, act="deactivate")
        self.things.add("position", pk=held.pk)
        token = ApiToken.objects.create(user=self.people.users["lan"], name="x", digest="x", expires_at=timezone.now() + timedelta(days=1))
        self.things.add("token", person="lan", token_id=token.pk)
        specialist = self.people.users["specialist"]
        kept = SavedFilter.objects.create(user=specialist, page="dossiers", name="Quá hạn", parameters={"late": "late"})
        written = Sentence.objects.create(owner=specialist, use="supplement", text="Thiếu trang.")
        self.things.add("own_sentence", person="specialist", pk=written.pk)
        shared = Sentence.objects.filter(owner=None)[0]
        self.things.add("sentence", pk=shared.pk)
        self.things.add("change", key="cau-mau", number=shared.events.latest("pgh_id").pgh_id)  # type: ignore[attr-defined]
        self.things.add("grant", pk=RegisterGrant.objects.filter(audience="specialist")[0].pk)
        self.things.add("unit", pk=Unit.objects.get(code="STNMT").pk)
        self.things.add("saved_filter", person="specialist", pk=kept.pk)
        leave = Substitution.objects.get(substitute=self.people.users["substitute"])
        self.things.add("leave", person="specialist", pk=leave.pk)
        right = Representation.objects.get(user=self.people.users["proxy"])
        self.things.add("representation", person="proxy", pk=right.pk)


def _place(code: str) -> Place:
    area = AdminUnit.objects.get(code=code, valid_to=None)
    assert area.centre is not None
    return Place(code, area.name, (area.centre.x, area.centre.y))


def _by_owner(dossiers: dict[str, Dossier]) -> dict[int, list[str]]:
    owners: dict[int, list[str]] = {}
    for name, dossier in dossiers.items():
        owners.setdefault(dossier.owner_id, []).append(name)
    return owners


def every(things: Things, kind: str) -> Iterator[Thing]:
    yield from things.objects.get(kind, [])
