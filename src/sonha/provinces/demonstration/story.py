"""The demonstration's dossiers, lived through: one queue of acts in the order of their days, each done by the real services."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.calendar.selectors import working_calendar
from sonha.foundation.calendar.workdays import LOCAL
from sonha.foundation.files.services import store_bytes
from sonha.foundation.identity.models import User
from sonha.process.cases import engine
from sonha.process.cases.models import Case, Task
from sonha.process.forms import schema
from sonha.provinces.demonstration import aftermath, holdings, quiet, signers
from sonha.provinces.demonstration.clock import at, in_office
from sonha.provinces.demonstration.filers import Crowd, Filer, gather
from sonha.provinces.demonstration.plans import REACHED, Plan, plans
from sonha.provinces.demonstration.scans import KINDS, kind_of, scan
from sonha.provinces.demonstration.walking import Staff, chosen_edge, open_tasks, pay, take
from sonha.provinces.demonstration.writing import Writer
from sonha.services.dossiers import drafts, filing, notes, reception
from sonha.services.dossiers.drafting import heading_for
from sonha.services.dossiers.models import Channel, Dossier, Draft, ReturnChannel
from sonha.services.dossiers.results import signing_unit
from sonha.services.permits.services import expire_due
from sonha.services.procedures.models import Procedure, ProcedureVersion
from sonha.services.procedures.selectors import current_version

SEED = "sonha"
UNFINISHED = {"congdan": 858, "doanhnghiep": 836}
"""Who left a form half filled in, and of which procedure."""
CLAIMED = 0.6  # share of the work resting with specialists that somebody has taken
NEWS = timedelta(days=3)
"""What was told in the last days is still unread."""
USUAL = 110
"""How many dossiers a demonstration has: about a minute's work for two processors."""
FIRST_DAY = datetime(2025, 7, 1, 8, tzinfo=LOCAL)
"""Before it the communes had other committees, which the demonstration does not staff."""
CALENDAR_DAYS = 1.45  # calendar days for one working day
HOURS = {"working_hours": 1.0, "working_days": 24 * CALENDAR_DAYS, "calendar_days": 24.0}
NOTES = (
    "Đã gọi điện nhắc chủ hồ sơ chuẩn bị đi kiểm tra thực địa.",
    "Đối chiếu toạ độ với bản đồ quy hoạch: phù hợp.",
    "Chờ số liệu bổ sung của phòng chuyên môn.",
)
LATE = "Số lượng hồ sơ tăng đột biến, cần thêm thời gian kiểm tra thực địa."
Say = Callable[[str], None]


@dataclass
class Life:
    """One dossier on its way."""

    plan: Plan
    filer: Filer
    writer: Writer
    dossier: Dossier | None = None
    asked: bool = False  # the supplement of the plan was asked for
    known: set[int] = field(default_factory=set)  # tasks already put into the queue
    permit_done: bool = False


@dataclass
class World:
    """The queue of acts and everything that they need. `now` is the real moment at which the story stops."""

    now: datetime
    chance: random.Random
    staff: Staff
    crowd: Crowd
    since: datetime
    queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    order: Any = field(default_factory=count)
    specimens: dict[tuple[int | None, str], str] = field(default_factory=dict)  # stored files by account and kind

    def plan(self, moment: datetime, act: Callable[[], None]) -> None:
        """An act at a moment; what would lie in the future is left undone."""
        if moment < self.now:
            heapq.heappush(self.queue, (moment, next(self.order), act))

    def run(self) -> None:
        while self.queue:
            moment, _number, act = heapq.heappop(self.queue)
            with at(moment):
                act()

    def office(self, moment: datetime) -> datetime:
        return in_office(moment, working_calendar())


def crowd() -> Crowd:
    """Who files; the same people whether asked for before the story or within it."""
    return gather(random.Random(SEED))  # noqa: S311 - fiction, not secrets


@transaction.atomic
def tell(limit: int = USUAL, *, say: Say = lambda line: None) -> int:
    """Makes the demonstration's dossiers unless there are some; all of them or none. Returns how many were made."""
    if Dossier.objects.filter(is_demo=True).exists():
        return 0
    now = timezone.now()
    chance = random.Random(SEED)  # noqa: S311 - fiction, not secrets
    world = World(now, chance, Staff.on_duty(chance), gather(chance), FIRST_DAY - timedelta(days=30))
    lives = [_life(world, plan) for plan in plans(chance)[:limit]]
    for number, life in enumerate(sorted(lives, key=lambda life: _filed_at(world, life.plan)), start=1):
        world.plan(_filed_at(world, life.plan), _filing(world, life, number, len(lives), say))
    users = list(User.objects.filter(is_demo=True))
    quiet.silence(users)
    world.plan(now - NEWS, lambda: quiet.wake(users))
    for username, stt in UNFINISHED.items():
        world.plan(now - timedelta(hours=20), _unfinished(world, username, stt))
    world.run()
    expire_due()
    return sum(life.dossier is not None for life in lives)


def _life(world: World, plan: Plan) -> Life:
    filer = world.crowd.pick(world.chance, username=plan.filer, business=plan.business, commune=plan.commune)
    place = filer.place
    if plan.commune and place.code != plan.commune:
        place = next(each.place for each in world.crowd.persons if each.place.code == plan.commune)
    declared = Procedure.objects.values_list("declaration", flat=True).get(stt=plan.stt)
    writer = Writer(filer.party, place, declared, random.Random(f"{SEED}{plan}"), plan.ending == "refused", chosen=plan.chosen)  # noqa: S311
    return Life(plan, filer, writer)


def _filed_at(world: World, plan: Plan) -> datetime:
    """When a plan's dossier is filed: as said, or as long ago as it takes to come to the step where it rests."""
    chance = random.Random(f"{plan}")  # noqa: S311
    days = plan.days_ago
    if plan.ending == "open" and days <= 0:
        limit = _limit_days(plan.stt)
        days = limit * (1.0 if days < 0 else REACHED[plan.stop]) * CALENDAR_DAYS - min(days, 0) + chance.uniform(0.2, 2)
    moment = world.now - timedelta(days=days)
    if plan.channel == Channel.ONLINE:
        moment = moment.astimezone(LOCAL).replace(hour=chance.randint(6, 22), minute=chance.randint(0, 59))
    else:
        moment = world.office(moment)
    return max(FIRST_DAY, min(moment, world.office(world.now - timedelta(days=4)) if moment > world.now else moment))


def _limit_days(stt: int) -> float:
    version = current_version(Procedure.objects.get(stt=stt))
    limit = (version.content.get("time_limit") if version else None) or {"amount": 15, "unit": "working_days"}
    return float(limit["amount"]) * HOURS[limit["unit"]] / HOURS["working_days"]


def _filing(world: World, life: Life, number: int, total: int, say: Say) -> Callable[[], None]:
    def act() -> None:
        life.dossier = _file(world, life)
        if life.dossier is not None and (number % 20 == 0 or number == total):
            say(f"  {number}/{total}  {timezone.localdate():%d/%m/%Y}  {life.dossier.code}")
        _go_on(world, life)

    return act


def _file(world: World, life: Life) -> Dossier:
    plan, filer = life.plan, life.filer
    version = current_version(Procedure.objects.get(stt=plan.stt))
    assert version is not None and version.form_version is not None
    actor = _receiver(world, life, version) if plan.channel != Channel.ONLINE else filer.actor
    draft = drafts.start_draft(actor, version, owner=filer.party, channel=plan.channel)
    details: dict[str, Any] = {"receiving_commune": life.writer.place.code, "contact_phone": filer.party.phone}
    if plan.channel == Channel.POST:
        details |= {"return_channel": ReturnChannel.POST, "return_address": filer.party.address}
    elif plan.stop == "hand_over":
        details["return_channel"] = ReturnChannel.DESK
    life.writer.attach = lambda each: _attachment(world, actor, str(each.get("label", "")))
    form = schema.load(version.form_version.schema)
    held = holdings.answers(life.writer.declaration, filer, form, random.Random(f"{SEED}{plan}"))  # noqa: S311
    life.writer.chosen = {**held, **life.writer.chosen}
    answers = life.writer.fill(version.form_version.schema, drafts.context_for(draft))
    life.writer.asked = {name: answers[name] for name in ("flow", "years", "months") if name in answers}
    context = {**drafts.context_for(draft), **answers}
    drafts.save_draft(draft, answers=answers, papers=_papers(world, draft, version, context, actor), details=details)
    return filing.submit(draft.pk, actor, is_demo=True)


def _unfinished(world: World, username: str, stt: int) -> Callable[[], None]:
    def act() -> None:
        life = _life(world, Plan(stt, "open", filer=username))
        version = current_version(Procedure.objects.get(stt=stt))
        assert version is not None and version.form_version is not None
        draft = drafts.start_draft(life.filer.actor, version, owner=life.filer.party)
        answers = life.writer.fill(version.form_version.schema, drafts.context_for(draft))
        drafts.save_draft(draft, answers=dict(list(answers.items())[: len(answers) // 2]))

    return act


def _receiver(world: World, life: Life, version: ProcedureVersion) -> Actor:
    from sonha.services.dossiers.units import desk_of, receiving_agency

    desk = desk_of(receiving_agency(version.procedure, {}, life.writer.place.code))
    actor = world.staff.for_role(Role.RECEPTIONIST, desk.pk)
    assert actor is not None, f"nobody is at the desk {desk.code}"
    return actor


def _papers(world: World, draft: Draft, version: ProcedureVersion, context: dict[str, Any], actor: Actor) -> dict[str, list[str]]:
    """Files for online and scanned papers; some papers at the desk stay on paper."""
    given = {}
    for number, (paper, _required) in enumerate(drafts.required_papers(version, context)):
        on_paper = draft.channel != Channel.ONLINE and number % 2 == 0
        given[paper.code] = ["on_paper" if on_paper else _attachment(world, actor, paper.title)]
    return given


def _attachment(world: World, actor: Actor, title: str) -> str:
    """The stored file of a specimen; an account uploads each kind once and hands it in again."""
    kind = kind_of(title)
    key = (actor.user_id, kind)
    if key not in world.specimens:
        stored = store_bytes(scan(kind), name=f"{KINDS[kind]}.pdf", media_type="application/pdf", purpose="dossier", actor_user=actor.user)
        world.specimens[key] = str(stored.pk)
    return world.specimens[key]


def _go_on(world: World, life: Life) -> None:
    """Puts what waits on the dossier into the queue, each task after the time that it takes."""
    dossier = life.dossier
    assert dossier is not None
    dossier = life.dossier = Dossier.objects.select_related("case", "procedure", "agency", "owner").get(pk=dossier.pk)
    if dossier.case.state != Case.State.RUNNING:
        aftermath.follow(world.plan, world.staff, world.chance, dossier, life.filer.actor, life.plan.life, world.office)
        return
    for task in open_tasks(dossier):
        if task.pk not in life.known:
            life.known.add(task.pk)
            if not _rests(life, task):
                world.plan(_when(world, life, task), _turn(world, life, task.pk))
                continue
            if life.plan.apology and dossier.due_at:
                world.plan(world.office(dossier.due_at + timedelta(hours=20)), _apology(world, life))
            if task.role == Role.SPECIALIST and world.chance.random() < CLAIMED:
                world.plan(world.office(timezone.now() + timedelta(hours=3)), _claim(world, task.pk))


def _rests(life: Life, task: Task) -> bool:
    return life.plan.ending == "open" and task.step == life.plan.stop and not (task.step == life.plan.supplement and not life.asked)


def _when(world: World, life: Life, task: Task) -> datetime:
    limit = task.limit or {"amount": 1, "unit": "working_days"}
    pace = 0.2 if task.is_applicant else 0.45 if task.case.parent_task_id else life.plan.pace
    hours = float(limit["amount"]) * HOURS[limit["unit"]] * pace * world.chance.uniform(0.35, 1.0)
    return world.office(timezone.now() + timedelta(hours=max(0.4, hours)))


def _turn(world: World, life: Life, task_id: int) -> Callable[[], None]:
    def act() -> None:
        task = Task.objects.select_related("case", "unit").get(pk=task_id)
        if task.state != Task.State.OPEN or life.dossier is None:
            return
        if _withdraws(life, task):
            engine.withdraw(life.dossier.case_id, actor=life.filer.actor, reason="Thay đổi kế hoạch, xin rút hồ sơ.")
        elif _may_pay(task):
            pay(life.dossier, world.staff)
        elif (actor := _who(world, life, task)) is not None:
            _act(world, life, task, actor)
        _go_on(world, life)

    return act


def _withdraws(life: Life, task: Task) -> bool:
    return life.plan.ending == "withdrawn" and task.step == life.plan.stop


def _may_pay(task: Task) -> bool:
    return task.is_applicant and any(edge.action == "paid" for edge in engine.available_actions(task))


def _who(world: World, life: Life, task: Task) -> Actor | None:
    assert life.dossier is not None
    if task.is_applicant:
        return life.filer.actor
    if chosen_edge(task, "").effect == "hand_over" and life.dossier.return_channel == ReturnChannel.ONLINE and life.dossier.finished_at:
        return Actor.system("online delivery")
    return world.staff.for_task(task)


def _act(world: World, life: Life, task: Task, actor: Actor) -> None:
    assert life.dossier is not None
    wish = ""
    if life.plan.ending == "rejected" and task.step == "reception":
        wish = "refuse"
    elif life.plan.supplement == task.step and not life.asked:
        wish, life.asked = "request_supplement", True
    if task.role == Role.SPECIALIST and not task.case.parent_task_id:
        if task.assignee_id is None:
            engine.claim(task.pk, actor=actor)
        if world.chance.random() < 0.15:
            notes.add_note(life.dossier, actor, world.chance.choice(NOTES))
    edge = chosen_edge(task, wish)
    if edge.effect == "sign" and task.unit_id:
        signers.certify_leader(actor, task.unit_id, world.since)
    if edge.effect == "number":
        outcome = heading_for(engine.graph_of(task.case.flow_version_id), task.step)
        signers.certify_seal(signing_unit(life.dossier, outcome), world.since)
    take(task, life.dossier, actor, life.writer, wish=wish)


def _claim(world: World, task_id: int) -> Callable[[], None]:
    def act() -> None:
        task = Task.objects.select_related("case", "unit").get(pk=task_id)
        if task.state == Task.State.OPEN and task.assignee_id is None and (actor := world.staff.for_task(task)):
            engine.claim(task.pk, actor=actor)

    return act


def _apology(world: World, life: Life) -> Callable[[], None]:
    def act() -> None:
        dossier = life.dossier
        assert dossier is not None
        actor = world.staff.for_role(Role.RECEPTIONIST, dossier.case.actors.get("desk"))
        if actor is None or dossier.due_at is None or timezone.now() <= dossier.due_at:
            return
        new_due = datetime.combine(timezone.localdate() + timedelta(days=12), time(17), LOCAL)
        reception.apologise(dossier, actor, reason=LATE, new_due_at=new_due)

    return act
