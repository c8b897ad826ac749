"""The verbs of the audit log: what may be recorded, with which payload, and how it reads.

An app declares its verbs in its `verbs.py`:

    register("dossier.accepted", _("{actor} tiếp nhận hồ sơ, hẹn trả {due_at}"), due_at=datetime, receipt=int | None, for_applicant=True)

The log cannot be changed afterwards, so it must not hold personal data: a payload has only declared keys, only plain values, and no text
that looks like a personal number, a telephone number or an e-mail address. Refer to rows by id instead.
"""

import re
import types
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

LONGEST_TEXT = 120
PERSONAL = re.compile(r"\d{9,}|@")
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,64}")
PLAIN = (bool, int, str, date, datetime, Decimal, uuid.UUID)


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    sentence: str | Promise
    payload: Mapping[str, Any]
    for_applicant: bool


_verbs: dict[str, Verb] = {}


def register(name: str, sentence: str | Promise, *, for_applicant: bool = False, **payload: Any) -> Verb:
    """Declares a verb `<thing>.<past participle>`. `payload` maps keys to types: `int`, `str`, `bool`, `date`, `datetime`, `Decimal`,
    `UUID`, `list[int]`, `list[str]`, each also `| None` = may be absent. `for_applicant`: the applicant may see such events.
    """
    if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", name):
        raise ValueError(f"{name!r}: a verb is lower case words joined by dots")
    verb = Verb(name, sentence, dict(payload), for_applicant)
    known = _verbs.get(name)
    if known is not None and known != verb:
        raise ValueError(f"the verb {name} is already declared differently")
    _verbs[name] = verb
    return verb


def verb(name: str) -> Verb:
    """LookupError when the verb was never declared."""
    try:
        return _verbs[name]
    except KeyError:
        raise LookupError(f"the verb {name!r} is not declared: add it to the app's verbs.py") from None


def shown_to_applicants() -> list[str]:
    return [name for name, declared in _verbs.items() if declared.for_applicant]


def checked(name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as JSON values. ValueError when a key is unknown or missing, a value has another type, or looks like personal data."""
    declared = verb(name).payload
    unknown = payload.keys() - declared.keys()
    if unknown:
        raise ValueError(f"{name}: {sorted(unknown)} not declared; the payload may hold {sorted(declared)}")
    result = {}
    for key, kind in declared.items():
        value = payload.get(key)
        if value is None:
            if not _optional(kind):
                raise ValueError(f"{name}: {key} is missing")
            continue
        result[key] = _plain(f"{name}: {key}", value, kind)
    return result


def words(name: str, payload: Mapping[str, Any], actor: str) -> str:
    """The event as a sentence in the reader's language; the bare verb when it is no longer declared."""
    declared = _verbs.get(name)
    if declared is None:
        return f"{actor}: {name}"
    values = {key: _shown(payload.get(key), kind) for key, kind in declared.payload.items()}
    return str(declared.sentence).format(actor=actor, **values)


def _optional(kind: Any) -> bool:
    return isinstance(kind, types.UnionType) and types.NoneType in get_args(kind)


def _kind(kind: Any) -> Any:
    return next(part for part in get_args(kind) if part is not types.NoneType) if isinstance(kind, types.UnionType) else kind


def _plain(where: str, value: Any, kind: Any) -> Any:
    kind = _kind(kind)
    if get_origin(kind) is list:
        if not isinstance(value, list | tuple):
            raise ValueError(f"{where} must be a list")
        return [_plain(where, item, get_args(kind)[0]) for item in value]
    if kind not in PLAIN:
        raise ValueError(f"{where} is declared with a type that cannot be recorded")
    if type(value) is not kind and not (isinstance(value, kind) and kind is not int and kind is not date):
        raise ValueError(f"{where} must be {kind.__name__}, not {type(value).__name__}")
    if kind is datetime and timezone.is_naive(value):
        raise ValueError(f"{where} has no time zone")
    if kind is str:
        _refuse_personal(where, value)
        return str(value)
    return value if kind in (bool, int) else value.isoformat() if kind in (date, datetime) else str(value)


def _refuse_personal(where: str, value: str) -> None:
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"{where} is longer than {LONGEST_TEXT} characters: keep the text in its own row and record its id")
    if PERSONAL.search(value) and not IDENTIFIER.fullmatch(value):
        raise ValueError(f"{where} looks like personal data: record an id instead")


def _shown(value: Any, kind: Any) -> str:
    kind = _kind(kind)
    if value is None:
        return ""
    if kind is date:
        return date_format(date.fromisoformat(value), "d/m/Y")
    if kind is datetime:
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "H:i d/m/Y")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


register(
    "audit.change_accepted",
    gettext_lazy("{actor} chịu trách nhiệm về thay đổi trực tiếp số {number} trong bảng {table} theo văn bản {document}"),
    table=str, number=int, document=str,
)  # fmt: skip
