"""What must hold after a soak, each a question to the database with its answer: how many were looked at, and what is wrong."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count

from sonha.foundation.audit.models import Event
from sonha.foundation.audit.verification import verify
from sonha.foundation.files.models import StoredFile
from sonha.foundation.notifications.models import Delivery
from sonha.foundation.payments.models import Invoice, Payment
from sonha.process.cases.models import Task
from sonha.services.dossiers import money
from sonha.services.dossiers.models import Dossier, Draft, Note
from sonha.services.permits.models import Permit

from .disturbances import MailServer
from .people import Promises

DRAINING = 240  # seconds: a letter refused four times comes after about two minutes


@dataclass(frozen=True)
class Finding:
    """One invariant: `looked_at` things, and what is `wrong` with some of them."""

    title: str
    looked_at: int
    wrong: list[str]


def drained(since: datetime) -> bool:
    """Waits until nothing is due and no letter waits; False when that takes too long."""
    end = time.monotonic() + DRAINING
    while time.monotonic() < end:
        if not _unfinished() and not Delivery.objects.filter(message__created_at__gte=since, state="waiting").exists():
            return True
        time.sleep(1)
    return False


def reckon(promises: Promises, since: datetime, mail: MailServer | None) -> list[Finding]:
    """Every invariant. `since`: when the run began."""
    findings = [
        _filed(promises),
        _accepted(promises),
        _drafts(since),
        _paid(promises),
        _notes(promises),
        _files(promises),
        _codes(),
        _permits(),
        _jobs(since),
        _letters(since, mail),
        _audit(),
    ]
    connection.close()
    return findings


def _filed(promises: Promises) -> Finding:
    """Each promised dossier is there, with one beginning and its first task."""
    wrong = []
    for code in promises.filed:
        found = Dossier.objects.filter(code=code).first()
        if found is None:
            wrong.append(f"{code} is not there")
        elif not Task.objects.filter(case=found.case_id).exists() or _events("dossier.submitted", code) != 1:
            wrong.append(f"{code} is not whole")
    return Finding("filed dossiers exist, each with its event and task", len(promises.filed), wrong)


def _events(verb: str, code: str) -> int:
    return Event.objects.filter(verb=verb, payload__dossier=code).count()


def _accepted(promises: Promises) -> Finding:
    """Each accepted dossier has one receipt, one decision, and stands at one step."""
    wrong = []
    for code in promises.accepted:
        dossier = Dossier.objects.get(code=code)
        receipts = dossier.official_papers.filter(kind="receipt").count()
        decided = Task.objects.filter(case=dossier.case_id, step="reception", state="done").count()
        open_tasks = Task.objects.filter(case=dossier.case_id, state="open").count()
        if (receipts, decided, open_tasks) != (1, 1, 1):
            wrong.append(f"{code}: {receipts} receipts, {decided} decisions, {open_tasks} open tasks")
    return Finding("accepted dossiers: one receipt, one decision, one open step", len(promises.accepted), wrong)


def _drafts(since: datetime) -> Finding:
    filed = Dossier.objects.filter(submitted_at__gte=since)
    drafts = Draft.objects.filter(dossier__in=filed).values("dossier").annotate(count=Count("pk")).order_by()
    lonely = set(filed.values_list("pk", flat=True)) - set(Draft.objects.filter(dossier__in=filed).values_list("dossier_id", flat=True))
    wrong = [f"{row['count']} drafts for one dossier" for row in drafts if row["count"] != 1] + [
        f"dossier {pk} without draft" for pk in lonely
    ]
    return Finding("one dossier for each draft that was sent, however often", filed.count(), wrong)


def _paid(promises: Promises) -> Finding:
    wrong = []
    for code in promises.paid:
        dossier = Dossier.objects.get(code=code)
        for invoice in money.invoices(dossier):
            settling = invoice.payments.filter(standing=Payment.Standing.SETTLES).count()
            if invoice.state != Invoice.State.PAID or settling != 1 or invoice.payments.count() != 1:
                wrong.append(f"{code}: {invoice.state}, {invoice.payments.count()} payments")
    for code in promises.paid_online:
        for invoice in money.invoices(Dossier.objects.get(code=code)):
            standings = Counter(invoice.payments.values_list("standing", flat=True))
            if invoice.state != Invoice.State.PAID or standings[Payment.Standing.SETTLES] != 1:
                wrong.append(f"{code}: {invoice.state}, {dict(standings)} although the gateway took the money")
    return Finding("fees taken at the desk and online: paid exactly once", len(promises.paid) + len(promises.paid_online), wrong)


def _notes(promises: Promises) -> Finding:
    texts = Note.objects.filter(text__in=list(promises.notes)).values_list("text", flat=True)
    missing = [text for text in promises.notes if text not in set(texts)]
    return Finding("notes that officials left are there", len(promises.notes), missing)


def _files(promises: Promises) -> Finding:
    stored = {str(file.pk): file for file in StoredFile.objects.filter(pk__in=promises.files)}
    wrong = [f"file {pk} is not known" for pk in promises.files if pk not in stored]
    wrong += [f"file {pk} is not on disk" for pk, file in stored.items() if not file.path.exists() or file.path.stat().st_size != file.size]
    return Finding("uploaded files are stored whole", len(promises.files), wrong)


def _codes() -> Finding:
    """Codes of each agency and day count from 1 without a gap."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for code in Dossier.objects.values_list("code", flat=True):
        day, _dash, number = code.rpartition("-")
        numbers[day].append(int(number))
    wrong = [f"{day}: {sorted(given)[:5]}…" for day, given in numbers.items() if sorted(given) != list(range(1, len(given) + 1))]
    return Finding("codes of dossiers have no gap per agency and day", len(numbers), wrong)


def _permits() -> Finding:
    """No number twice on one day by one authority."""
    rows = Permit.objects.values_list("issuer__code", "number", "issued_on")
    numbers = Counter(f"{issuer}: {number} ({day:%d/%m/%Y})" for issuer, number, day in rows)
    return Finding("no permit twice", len(numbers), [number for number, times in numbers.items() if times > 1])


def _unfinished() -> list[str]:
    """Jobs that are due or claimed; the queue's own housekeeping comes and goes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT task_name || ' ' || id FROM procrastinate_jobs WHERE queue_name <> 'system'
                   AND (status = 'doing' OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))"""
        )
        return [name for (name,) in cursor.fetchall()]


def _jobs(since: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT job.task_name || ' ' || job.id, job.status::text FROM procrastinate_jobs job
               JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred' WHERE event.at >= %s""",
            [since],
        )
        rows = cursor.fetchall()
    failed = [f"{name} failed" for name, status in rows if status == "failed"]
    return Finding("jobs: none stuck, none given up", len(rows), failed + [f"{name} is stuck" for name in _unfinished()])


def _letters(since: datetime, mail: MailServer | None) -> Finding:
    sent = list(Delivery.objects.filter(message__created_at__gte=since))
    wrong = [f"letter {each.pk}: {each.state} {each.problem}" for each in sent if each.state != "sent"]
    if mail and len(mail.letters) < len(sent) - len(wrong):
        wrong.append(f"{len(sent)} said to be sent, {len(mail.letters)} arrived")
    return Finding("letters: every one sent" + (" and arrived" if mail else ""), len(sent), wrong)


def _audit() -> Finding:
    checked = verify()
    return Finding("the audit log holds, link by link", checked.links, [broken.words("vi") for broken in checked.broken])


def problems(findings: Iterable[Finding]) -> list[str]:
    return [f"{finding.title}: {each}" for finding in findings for each in finding.wrong]
