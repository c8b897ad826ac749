"""Findings, as far as the actor may read the records and the fields that they are about."""

from dataclasses import fields as attributes
from typing import Any

from django.db.models import Count, Q, QuerySet

from sonha.foundation.access.actor import Actor
from sonha.registry.declarations import Register, Rule, Severity
from sonha.registry.grants.rights import Rights, rights
from sonha.registry.records.selectors import records

from .models import Finding, QualityRun

OPEN = Finding.State.OPEN
NAMING = ("field", "fields", "then", "by", "earlier", "later", "within")


def mentions(rule: Rule) -> frozenset[str]:
    """The fields whose values a rule's sentences may tell."""
    found: set[str] = set()
    for each in attributes(rule):
        value = getattr(rule, each.name)
        if each.name in NAMING:
            found |= set(value) if isinstance(value, tuple) else {value}
    return frozenset(found)


def visible_rules(register: type[Register], held: Rights) -> list[Rule]:
    """Rules about fields that this actor sees: what is masked must not be told by a finding."""
    content = {each.name for each in register.fields()}
    shown = held.inside | held.outside
    return [rule for rule in register.rules if mentions(rule) & content <= shown]


def findings(actor: Actor, register: type[Register]) -> QuerySet[Finding]:
    """Findings in the areas in which the actor reads in full; nobody's own and no public reading counts here."""
    held = rights(actor, register)
    if not held.inside:
        return Finding.objects.none()
    rules = [rule.code for rule in visible_rules(register, held)]
    found = Finding.objects.filter(register=register.code, rule__in=rules)
    if held.areas is None and held.secret_rows:
        return found
    readable = records(actor, register, ended=True)
    if held.areas is not None:
        readable = readable.filter(commune_code__in=held.areas)
    return found.filter(record_id__in=readable.order_by().values("pk"))


def by_rule(actor: Actor, register: type[Register]) -> list[dict[str, Any]]:
    """Every rule that the actor may know with its open and accepted findings, in the order of the declaration."""
    counted = (
        findings(actor, register)
        .order_by()
        .values("rule")
        .annotate(open=Count("pk", filter=Q(state=OPEN)), accepted=Count("pk", filter=Q(state=Finding.State.ACCEPTED)))
    )
    counts = {each["rule"]: each for each in counted}
    found = []
    for rule in visible_rules(register, rights(actor, register)):
        said = counts.get(rule.code, {"open": 0, "accepted": 0})
        words = getattr(rule, "words", None)
        title = words(register) if words else rule.title
        found.append(
            {"rule": rule, "words": title, "severity": Severity(rule.severity), "open": said["open"], "accepted": said["accepted"]}
        )
    return found


def last_run(register: type[Register]) -> QualityRun | None:
    return QualityRun.objects.filter(register=register.code).select_related("progress", "started_by").first()
