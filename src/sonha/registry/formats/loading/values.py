"""Values of a file as the register writes them. Each converter gives text for the database or raises Refused with one sentence."""

import json
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.catalogues.selectors import items
from sonha.foundation.organisations.selectors import communes
from sonha.registry.declarations import Register, of_model
from sonha.registry.declarations.fields import Field

from .mapping import COMMUNE, folded, titles

Converter = Callable[[Any], str | None]
DAY_ZERO = date(1899, 12, 30)  # of spreadsheets
YES = frozenset({"co", "x", "1", "true", "yes", "dung", "t", "y"})
NO = frozenset({"khong", "0", "false", "no", "sai", "f", "n"})


class Refused(Exception):
    """The value cannot be taken. One sentence, without the name of the field."""


def text_of(value: Any) -> str:
    """A cell as text: whole numbers without a point, spaces put in order, letters composed."""
    if value is None:
        return ""
    if isinstance(value, float):
        value = int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, str):
        return (
            value
            if value.isascii() and value == value.strip() and "  " not in value
            else " ".join(unicodedata.normalize("NFC", value).split())
        )
    return f"{value:%d/%m/%Y}" if isinstance(value, date) and not isinstance(value, datetime) else str(value).strip()


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, float) and value != value)


def line(model_field: Any) -> Converter:
    most = model_field.max_length

    def convert(value: Any) -> str:
        text = text_of(value).replace("\x00", "")
        if most and len(text) > most:
            raise Refused(_("dài quá %(most)s ký tự") % {"most": most})
        return text

    return convert


def number(model_field: Any, *, whole: bool, foreign: bool) -> Converter:
    """`foreign`: points divide decimals (1.234 is one and a bit); else as written in Vietnamese, where points divide thousands."""
    places = 0 if whole else getattr(model_field, "decimal_places", None)
    digits = getattr(model_field, "max_digits", None)

    def convert(value: Any) -> str | None:
        if is_empty(value):
            return None
        if isinstance(value, bool):
            value = int(value)
        try:
            given = Decimal(
                repr(value) if isinstance(value, float) else _machine(text_of(value), foreign) if isinstance(value, str) else str(value)
            )
        except InvalidOperation:
            raise Refused(_("«%(value)s» không phải là số") % {"value": text_of(value)[:40]}) from None
        if not given.is_finite():
            raise Refused(_("«%(value)s» không phải là số") % {"value": value})
        if whole and given != given.to_integral_value():
            raise Refused(_("«%(value)s» phải là số nguyên") % {"value": value})
        if (digits and places is not None and abs(given) >= Decimal(10) ** (digits - places)) or (whole and abs(given) > 2**31 - 1):
            raise Refused(_("«%(value)s» quá lớn") % {"value": value})
        return str(int(given)) if whole else f"{given:f}"

    return convert


def _machine(text: str, foreign: bool) -> str:
    plain = text.replace(" ", "").replace("\u00a0", "")
    if "," in plain and "." in plain:
        return plain.replace(",", "") if plain.rindex(".") > plain.rindex(",") else plain.replace(".", "").replace(",", ".")
    if "," in plain:
        return plain.replace(",", "") if foreign and plain.count(",") > 1 else plain.replace(",", ".")
    if plain.count(".") > 1 or (not foreign and _thousands(plain)):
        return plain.replace(".", "")
    return plain


def _thousands(plain: str) -> bool:
    head, _point, tail = plain.lstrip("-").partition(".")
    return len(tail) == 3 and 1 <= len(head) <= 3 and head != "0"


def writes_foreign(values: Iterable[Any]) -> bool:
    """Whether the texts of a column use the point for decimals: one of them can only be read so."""
    texts = [text_of(each).replace(" ", "") for each in values if isinstance(each, str)]
    if any("," in each for each in texts):
        return any("." in each and each.rindex(".") > each.rindex(",") for each in texts if "," in each)
    return any(each.count(".") == 1 and not _thousands(each) for each in texts)


def day(value: Any) -> str | None:
    if is_empty(value):
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)) and 10_000 < value < 80_000:
        return (DAY_ZERO + timedelta(days=int(value))).isoformat()
    text = text_of(value)
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d"):
        try:
            found = datetime.strptime(text[:10].strip(), pattern).date()
        except ValueError:
            continue
        if found.year >= 1800:
            return found.isoformat()
    raise Refused(_("«%(value)s» không phải là ngày (viết dạng 31/12/2025)") % {"value": text[:40]})


def moment(value: Any) -> str | None:
    if is_empty(value):
        return None
    if not isinstance(value, datetime):
        try:
            value = datetime.fromisoformat(text_of(value))
        except ValueError:
            value = datetime.fromisoformat(day(value) or "")
    return (timezone.make_aware(value) if timezone.is_naive(value) else value).isoformat()


def boolean(value: Any) -> str | None:
    if isinstance(value, bool):
        return "t" if value else "f"
    word = folded(text_of(value))
    if not word:
        return None
    if word in YES or word in NO:
        return "t" if word in YES else "f"
    raise Refused(_("«%(value)s» phải là Có hoặc Không") % {"value": text_of(value)[:40]})


def chosen(options: Iterable[tuple[str, Any]], *, null: bool, what: str) -> Converter:
    """One of some values, given as value or as title, marks and case ignored."""
    known: dict[str, str] = {}
    exact: set[str] = set()
    for value, title in options:
        exact.add(value)
        for words in titles(title):
            known.setdefault(folded(words), value)
    for value in exact:
        known[folded(value)] = value

    def convert(value: Any) -> str | None:
        text = text_of(value)
        if not text:
            return None if null else ""
        if text in exact:
            return text
        found = known.get(folded(text)) or known.get(folded(text.partition(" - ")[0])) or known.get(folded(text.rpartition("(")[2]))
        if found is None:
            raise Refused(_("«%(value)s» không có trong %(list)s") % {"value": text[:40], "list": what})
        return found

    return convert


def commune() -> Converter:
    """A code, or the name of a commune of the province."""
    known = {folded(area.name): area.code for area in communes()}
    codes = set(known.values())

    def convert(value: Any) -> str:
        text = text_of(value)
        if not text:
            return ""
        if text.isdecimal() and len(text) <= 5:
            return text.zfill(5)
        found = known.get(folded(text)) or next(
            (known[folded(f"{kind} {text}")] for kind in ("xã", "phường") if folded(f"{kind} {text}") in known), ""
        )
        if not found and text not in codes:
            raise Refused(_("«%(value)s» không phải xã, phường của tỉnh") % {"value": text[:40]})
        return found or text

    return convert


def reference(model_field: Any) -> Converter:
    """Another record by what names it: the first of its register's identity, its uid, or for plain tables its code."""
    related: Any = model_field.related_model
    register = of_model(related)
    naming = next(iter(register.identity), register.naming()) if register is not None else _code_of(related)
    known: dict[str, str | None] = {}

    def convert(value: Any) -> str | None:
        text = text_of(value)
        if not text:
            return None
        if text not in known:
            rows = related._default_manager.filter(**{naming: text}) if naming else related._default_manager.none()
            if register is not None:
                rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))
            ids = list(rows.values_list("pk", flat=True)[:2])
            known[text] = str(ids[0]) if len(ids) == 1 else None
        if known[text] is None:
            raise Refused(
                _("«%(value)s» không có, hoặc có nhiều hơn một, trong %(list)s") % {"value": text[:40], "list": _name_of(related, register)}
            )
        return known[text]

    return convert


def _code_of(model: Any) -> str:
    names = {each.name for each in model._meta.concrete_fields}
    return next((name for name in ("code", "number", "tax_code", "personal_id") if name in names), "")


def _name_of(model: Any, register: type[Register] | None) -> str:
    return f"«{register.title if register is not None else model._meta.verbose_name}»"


def json_text(value: Any) -> str | None:
    if is_empty(value):
        return None
    try:
        return json.dumps(json.loads(value) if isinstance(value, str) else value, ensure_ascii=False)
    except (ValueError, TypeError, RecursionError):
        raise Refused(_("không phải JSON")) from None


def converter(register: type[Register], target: Field | None, *, foreign: bool, day_of: date) -> Converter:
    """For one field; None stands for the commune."""
    if target is None:
        return commune()
    model_field = register.model._meta.get_field(target.name)
    if target.kind == "code":
        options = [(item.code, item.name) for item in items(target.catalogue, day_of)]
        return chosen(options, null=model_field.null, what=_("danh mục %(code)s") % {"code": target.catalogue})
    if target.kind == "choice":
        return chosen(target.choices, null=model_field.null, what=_("các giá trị cho phép"))
    if target.kind == "reference":
        return reference(model_field)
    if target.is_numeric:
        return number(model_field, whole=target.kind == "integer", foreign=foreign)
    simple: dict[str, Converter] = {"date": day, "moment": moment, "boolean": boolean, "json": json_text}
    return simple.get(target.kind) or line(model_field)


__all__ = ["COMMUNE", "Converter", "Refused", "converter", "writes_foreign"]
