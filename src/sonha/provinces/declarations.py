"""Loads the declarations of a profile: internal processes, modelled procedures, families for the others, life events.

procedures/*.yaml         one procedure each (`stt`)
families/*.yaml           defaults; families/index.yaml says which procedures a family serves
processes/*.yaml          internal processes: a flow only
catalogue/divisions.csv   agency, field, division: who handles a field inside an agency
catalogue/life_events.yaml
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.search.folding import fold
from sonha.process.flows.services import publish_flow
from sonha.provinces.matching import family_of
from sonha.provinces.profiles import Profile, ProfileError, read_yaml
from sonha.services.procedures.defaults import publish_defaults
from sonha.services.procedures.models import LifeEvent, Procedure
from sonha.services.procedures.services import publish_version

INDEX = "index.yaml"


@dataclass(slots=True)
class DeclarationOutcome:
    """What was found, and how many versions of procedures were new."""

    processes: int = 0
    modelled: int = 0
    families: int = 0
    versions: int = 0
    life_events: int = 0


@dataclass(frozen=True, slots=True)
class Divisions:
    """The division that handles a field inside an agency."""

    by_field: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, procedure: Procedure) -> dict[str, str]:
        if procedure.agency is None or procedure.field is None:
            return {}
        division = self.by_field.get((procedure.agency.code, procedure.field.slug), "")
        return {"division": division} if division else {}


@transaction.atomic
def load_declarations(profile: Profile, actor: Actor) -> DeclarationOutcome:
    """Publishes every declaration of the profile; what is published already stays as it is."""
    outcome = DeclarationOutcome()
    for document in _documents(profile, "processes/*.yaml"):
        publish_flow(document["key"], document["flow"], subject_kind="internal")
        outcome.processes += 1
    modelled = list(_documents(profile, "procedures/*.yaml"))
    for document in modelled:
        outcome.versions += _publish_modelled(document, actor)
    outcome.modelled = len(modelled)
    outcome.families, versions = _publish_families(profile, actor)
    outcome.versions += versions
    outcome.life_events = _load_life_events(profile, _declared_events(modelled))
    return outcome


def _documents(profile: Profile, pattern: str) -> Iterator[dict[str, Any]]:
    for path in profile.files(pattern):
        if path.name == INDEX:
            continue
        document = read_yaml(path)
        if not isinstance(document, dict) or "key" not in document:
            raise ProfileError(_("%(file)s không phải là một khai báo: thiếu key.") % {"file": path})
        yield document


def _publish_modelled(document: dict[str, Any], actor: Actor) -> int:
    procedure = Procedure.objects.filter(stt=document["stt"]).first()
    if procedure is None:
        raise ProfileError(_("Khai báo %(key)s trỏ tới STT %(stt)s không có trong danh mục.") % document)
    before = procedure.versions.count()
    for version in document["versions"]:
        publish_version(procedure, version, key=document["key"], actor=actor, number=version.get("number"))
    values = {"declaration": document["key"], "fully_modelled": True, "family": ""}
    if any(getattr(procedure, name) != value for name, value in values.items()):
        Procedure.objects.filter(pk=procedure.pk).update(**values)
    return procedure.versions.count() - before


def _publish_families(profile: Profile, actor: Actor) -> tuple[int, int]:
    families = {document["key"]: document for document in _documents(profile, "families/*.yaml")}
    if not families:
        return 0, 0
    served: dict[str, list[Procedure]] = {key: [] for key in families}
    for procedure in Procedure.objects.filter(fully_modelled=False).select_related("agency", "field").defer("search"):
        served[_family(procedure, profile, families)].append(procedure)
    divisions = Divisions({(row["agency"], row["field"]): row["division"] for row in profile.rows("catalogue/divisions.csv")})
    versions = 0
    for key, procedures in served.items():
        for version in families[key]["versions"]:
            versions += publish_defaults(procedures, version, key=key, actor=actor, particular=divisions.of)
        Procedure.objects.filter(pk__in=[procedure.pk for procedure in procedures]).exclude(family=key).update(family=key, declaration=key)
    return len(families), versions


def _family(procedure: Procedure, profile: Profile, known: Container[str]) -> str:
    row = {
        "agency": procedure.agency_raw,
        "field": procedure.field_raw,
        "name": procedure.name,
        "level": procedure.level,
    }
    try:
        key = family_of(row, profile.folder)
    except LookupError as error:
        raise ProfileError(str(error)) from error
    if key not in known:
        raise ProfileError(_("families/index.yaml nêu nhóm %(family)s không có tệp.") % {"family": key})
    return key


def matches(rule: Mapping[str, Any], procedure: Procedure) -> bool:
    """Whether everything a rule of a life event gives holds.

    stt, agencies, levels, fields: the procedure's is among those listed; words: any phrase stands in the name; without: none.
    """
    return (
        ("stt" not in rule or procedure.stt in rule["stt"])
        and ("agencies" not in rule or (procedure.agency is not None and procedure.agency.code in rule["agencies"]))
        and ("levels" not in rule or procedure.level in rule["levels"])
        and ("fields" not in rule or (procedure.field is not None and procedure.field.slug in rule["fields"]))
        and ("words" not in rule or _names(rule["words"], procedure))
        and ("without" not in rule or not _names(rule["without"], procedure))
    )


def _names(phrases: Iterable[str], procedure: Procedure) -> bool:
    name = _folded(procedure.name)
    return any(_folded(phrase) in name for phrase in phrases)


_folded = lru_cache(maxsize=8192)(fold)


def _load_life_events(profile: Profile, declared: Mapping[int, list[str]]) -> int:
    events = profile.document("catalogue/life_events.yaml") or []
    unknown = {key for keys in declared.values() for key in keys} - {event["key"] for event in events}
    if unknown:
        raise ProfileError(_("Khai báo nêu sự kiện chưa có trong life_events.yaml: %(events)s.") % {"events": ", ".join(sorted(unknown))})
    procedures = list(Procedure.objects.select_related("agency", "field").defer("search"))
    for place, event in enumerate(events):
        texts = {name: event.get(name, "") for name in ("title", "title_en", "summary", "keywords")}
        row, _created = LifeEvent.objects.update_or_create(
            key=event["key"], defaults={**texts, "audience": event["audience"], "place": place}
        )
        wanted = {
            procedure.pk
            for procedure in procedures
            if event["key"] in declared.get(procedure.stt, ()) or any(matches(rule, procedure) for rule in event.get("match", []))
        }
        if set(row.procedures.values_list("pk", flat=True)) != wanted:
            row.procedures.set(wanted)
    return len(events)


def _declared_events(modelled: Iterable[dict[str, Any]]) -> dict[int, list[str]]:
    """Life events that modelled procedures name themselves, by `stt`."""
    return {
        document["stt"]: [event for version in document["versions"] for event in version.get("life_events", [])] for document in modelled
    }
