"""What becomes of each demonstration dossier: which procedure, whose, when filed, how it ends or where it rests."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sonha.services.dossiers.models import Channel
from sonha.services.procedures.models import Procedure

MODELLED = (860, 870, 827, 836, 864, 816, 858, 875, 817, 848, 866, 868)
"""Rows of the catalogue that are declared in full, the most telling first."""
BUSINESS = frozenset({836, 848, 864, 866, 870, 875})
"""Procedures that a business would file."""
AGENCIES = ("STNMT", "SXD", "STP", "SCT", "SNNPTNT", "SVHTTDL", "SGTVT", "SLDTBXH", "SYT")
OLD, MIDDLE, RECENT = (330, 490), (90, 300), (40, 85)
"""Days since filing, of the dossiers that have come to their end."""
REACHED = {
    "reception": 0.02,
    "payment": 0.12,
    "assign": 0.12,
    "supplement": 0.15,
    "appraise": 0.3,
    "more": 0.4,
    "field_check": 0.45,
    "answer": 0.45,
    "draft": 0.55,
    "head_review": 0.6,
    "sign": 0.66,
    "number": 0.72,
    "hand_over": 0.8,
}
"""Share of the time limit after which a dossier of ordinary pace has come to a step."""
FAMILY_NAME_LENGTH = 140
LIVES = ("suspend", "extend", "resume", "amend", "revoke", "", "expire", "transfer", "", "", "hand_back", "")
"""What later happens to the first permit of each of the twelve."""
CHOSEN: dict[int, dict[str, Any]] = {858: {"months": 3}}
"""An exploration so short that its permit has run out."""
CONSULTING = frozenset({827, 836, 858, 860, 864, 870, 875})
"""Procedures that ask other agencies."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One dossier to be. `days_ago`: since filing; `late`: days beyond the time limit; `pace`: share of each step's limit used."""

    stt: int
    ending: str  # granted, refused, rejected, withdrawn, or open
    stop: str = ""
    days_ago: float = 0
    pace: float = 0.5
    channel: str = Channel.ONLINE
    filer: str = ""  # username of a declared account, else anybody
    business: bool = False
    supplement: str = ""  # the step that asks for more
    apology: bool = False
    life: str = ""  # what happens to the permit afterwards
    chosen: dict[str, Any] = field(default_factory=dict)
    commune: str = ""


def plans(chance: random.Random) -> list[Plan]:
    """Every plan, the most telling first, so that a short demonstration is the beginning of a long one."""
    rounds = [_modelled(stt, number) for number, stt in enumerate(MODELLED)]
    families = [_family(procedure, number) for number, procedure in enumerate(family_procedures().values())]
    told = list(_interleaved(rounds))
    ordered = [*told[:36], *(stories[0] for stories in families), *told[36:], *_interleaved([stories[1:] for stories in families])]
    return [_filled(plan, chance, number) for number, plan in enumerate(ordered)]


def _interleaved(groups: list[list[Plan]]) -> Iterator[Plan]:
    for turn in range(max(map(len, groups), default=0)):
        yield from (group[turn] for group in groups if turn < len(group))


def _filled(plan: Plan, chance: random.Random, number: int) -> Plan:
    channels = [Channel.ONLINE, Channel.ONLINE, Channel.DESK, Channel.ONLINE, Channel.POST]
    changes: dict[str, Any] = {}
    if not plan.filer:
        changes["channel"] = channels[number % len(channels)] if not plan.supplement and plan.ending != "withdrawn" else Channel.ONLINE
    if not plan.days_ago and plan.ending != "open":
        changes["days_ago"] = chance.uniform(*MIDDLE)
    return replace(plan, **changes)


def _modelled(stt: int, number: int) -> list[Plan]:
    """The stories of one modelled procedure. The named accounts own some of each kind."""
    firm = stt in BUSINESS
    own = "doanhnghiep" if firm else "congdan"
    other = "" if firm else ("congdan2", "nguoiduocuyquyen")[number % 2]
    waiting = ("payment", "supplement", "more")[number % 3]
    asking = {"supplement": "reception", "more": "appraise"}.get(waiting, "")
    middle = "number" if stt == 848 else ("head_review", "sign", "number", "draft")[number % 4]
    month = 30.0 * number
    stories = [
        Plan(stt, "granted", days_ago=400 - number * 7, filer=own if number < 5 else other, life=LIVES[number], chosen=CHOSEN.get(stt, {})),
        Plan(stt, "open", stop="appraise", filer=own if number % 2 == 0 else ""),
        Plan(stt, "rejected", days_ago=25 + month * 1.2) if number % 2 else Plan(stt, "open", stop="reception", filer=other),
        Plan(stt, "open", stop=waiting, supplement=asking, filer=own if number < 6 else other),
        Plan(stt, "open", stop="answer" if stt in CONSULTING else "assign", commune="06112" if number % 2 else ""),
        Plan(stt, "open", stop=middle, commune="" if number % 2 else "06112"),
        Plan(stt, "open", stop="appraise" if number % 2 else "draft", days_ago=-(4.0 + number), pace=1.0, apology=number % 3 == 0),
    ]
    if number % 2 == 0:
        stories.append(Plan(stt, "granted", days_ago=70 + month * 0.8, supplement="appraise" if number % 4 else "reception", pace=0.6))
    if number % 4 == 0:
        stories.append(Plan(stt, "refused", days_ago=130 + month * 0.7))
    if number % 4 == 1:
        stories.append(Plan(stt, "open", stop="hand_over", channel=Channel.DESK))
    if number % 4 == 3:
        stories.append(Plan(stt, "withdrawn", stop="appraise", days_ago=60 + month * 0.6))
    stories.append(Plan(stt, "rejected", days_ago=190 - month * 0.4) if number % 2 == 0 else Plan(stt, "open", stop="reception"))
    return [replace(story, business=firm) for story in stories]


def _family(procedure: Procedure, number: int) -> list[Plan]:
    """The stories of a procedure that a family serves: one open, late or ended long ago, and another."""
    stt, commune = procedure.stt, "06112" if procedure.agency_id is None else ""
    stop = ("reception", "appraise", "assign", "draft", "sign", "supplement")[number % 6]
    asking, filer = "reception" if stop == "supplement" else "", "congdan" if number % 5 == 0 else ""
    ended = ("granted", "rejected", "rejected", "withdrawn")[number // 3 % 4]
    stories = [
        Plan(stt, "open", stop=stop, supplement=asking, filer=filer),
        Plan(stt, ended, stop="appraise", days_ago=35.0 + number * 14, pace=1.5 if number % 2 else 0.5),
        Plan(stt, "open", stop="appraise", days_ago=-(3.0 + number), pace=1.0, apology=number % 2 == 0),
    ]
    first = number % 3
    return [replace(story, commune=commune) for story in (stories[first], stories[(first + 1) % 3])]


def family_procedures() -> dict[str, Procedure]:
    """One procedure for each family, of an agency that the demonstration staffs; those of district and commune level in Bình Gia."""
    rows = Procedure.objects.filter(fully_modelled=False).exclude(family="").select_related("agency").defer("search").order_by("stt")
    wanted: dict[str, list[Procedure]] = {}
    for row in rows:
        if len(row.name) <= FAMILY_NAME_LENGTH and (row.agency is None or row.agency.code in AGENCIES):
            wanted.setdefault(row.family, []).append(row)
    served: Counter[str] = Counter()
    chosen: dict[str, Procedure] = {}
    for family in sorted(wanted, key=lambda family: len({_agency(row) for row in wanted[family]})):
        best = min(wanted[family], key=lambda row: (served[_agency(row)], len(row.name), row.stt))
        served[_agency(best)] += 1
        chosen[family] = best
    return dict(sorted(chosen.items()))


def _agency(row: Procedure) -> str:
    return row.agency.code if row.agency else row.level
