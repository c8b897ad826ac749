"""Who does what in a file drawn elsewhere: lanes and performers by name, and durations as limits."""

import math
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from sonha.process.flows.keys import plain
from sonha.process.flows.vocabulary import ROLES, UNITS

Actor = tuple[str, str]

WORDS: tuple[tuple[tuple[str, ...], Actor], ...] = (
    (("nguoi nop", "cong dan", "nguoi dan", "doanh nghiep", "nguoi yeu cau", "nguoi khieu nai", "to chuc ca nhan",
      "applicant", "citizen", "customer", "complainant", "khach hang"), ("applicant", "")),
    (("mot cua", "tiep nhan", "tiep dan", "reception", "front desk", "front office", "one stop", "desk"), ("receptionist", "desk")),
    (("van thu", "clerk", "registry", "records"), ("clerk", "agency")),
    (("truong phong", "pho phong", "lanh dao phong", "head of", "team lead", "manager", "truong ban"), ("head", "division")),
    (("uy ban", "uy ban nhan dan tinh", "ubnd tinh", "chu tich", "authority"), ("leader", "authority")),
    (("lanh dao", "giam doc", "director", "leader", "thu truong", "chief"), ("leader", "agency")),
    (("chuyen vien", "can bo", "cong chuc", "specialist", "officer", "expert", "case worker", "thu ly", "phong", "back office",
      "investigator"), ("specialist", "division")),
)  # fmt: skip
DEFAULT: Actor = ("specialist", "division")
DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z"
)


def actor_of(names: tuple[str, ...], known: Mapping[str, Actor]) -> Actor | None:
    """(role, unit) for lane or group names, innermost first; None when no name says who it is.

    `known` are the names somebody has already settled. Names of our own roles and units, as exports write them, are understood.
    """
    settled = {plain(name): actor for name, actor in known.items()}
    for name in names:
        text = plain(name)
        if text in settled:
            return settled[text]
        if actor := _our_own(name):
            return actor
    for name in names:
        text = f" {plain(name)} "
        for words, actor in WORDS:
            if any(f" {word} " in text for word in words):
                return actor
    return None


def _our_own(name: str) -> Actor | None:
    role_name, _sign, unit_name = name.partition(" – ")
    role = next((key for key, label in ROLES.items() if plain(role_name) in {plain(label), key}), None)
    unit = next((key for key, label in UNITS.items() if plain(unit_name) in {plain(label), key}), None)
    if role == "applicant":
        return ("applicant", "")
    return (role, unit) if role and unit else None


def limit_of(text: str) -> tuple[dict[str, object] | None, str]:
    """A duration as a limit and, where something had to be decided, a sentence about it. (None, sentence) when it is no duration."""
    match = DURATION.match(text.strip().strip('"').lstrip("=").strip('" '))
    if not match or not any(match.groups()):
        return None, _("Thời gian «%(text)s» không phải là một khoảng thời gian cố định nên không thành thời hạn.") % {"text": text}
    years, months, weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    whole = years * 365 + months * 30 + weeks * 7 + days
    short = hours + minutes / 60 + seconds / 3600
    sentence = ""
    if years or months:
        sentence = _("Thời gian «%(text)s» được tính tròn 30 ngày một tháng, 365 ngày một năm.") % {"text": text}
    if short and (short % 24 or whole != int(whole)):
        if whole == 0 and short < 24:
            note = _("Thời gian «%(text)s» được hiểu là giờ làm việc.") % {"text": text}
            return {"amount": max(1, math.ceil(short)), "unit": "working_hours"}, note
        sentence = _("Thời gian «%(text)s» được làm tròn lên theo ngày.") % {"text": text}
    return {"amount": max(1, math.ceil(whole + short / 24)), "unit": "calendar_days"}, sentence
