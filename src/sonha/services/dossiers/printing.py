"""The printed form of a result: which paper, with which head, bases, text, annexes and signature block (Nghị định 30/2020/NĐ-CP).

Papers are in Vietnamese, whatever language the official reads the pages in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sonha.foundation.organisations.models import Position, Unit
from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.rendering import papers as layouts
from sonha.foundation.rendering.words import thousands
from sonha.process.forms.display import display_value
from sonha.process.forms.schema import Field, load
from sonha.process.forms.shapes import to_vn2000
from sonha.services.dossiers.models import Dossier
from sonha.services.dossiers.papers import letterhead
from sonha.services.dossiers.texts import fill

UNIT_KIND_OF_COMMITTEE = "ỦY BAN NHÂN DÂN"
LEADING_CAPITALS = re.compile(r"^[^\W\d_]+", re.UNICODE)


def declared(dossier: Dossier, outcome: str) -> Mapping[str, Any]:
    """What the declaration says of the result: the outcome itself, or its refusal letter."""
    whole: dict[str, Any] = dossier.version.content.get("outcome") or {}
    if outcome == "granted":
        return whole
    return {"kind": "letter", "template": "letter", "title": _("Văn bản trả lời"), **whole.get("refusal", {})}


@translation.override("vi")
def first_body(dossier: Dossier, outcome: str) -> dict[str, Any]:
    """The text a draft starts from: the declaration's bases and paragraphs with the dossier's values filled in."""
    said = declared(dossier, outcome)
    default = _("Về hồ sơ {dossier.code} của {owner.name}: {dossier.procedure}.")
    return {
        "outcome": outcome,
        "title": fill(said.get("title") or dossier.procedure.name, dossier),
        "bases": bases(dossier) if outcome == "granted" and said.get("template") != "letter" else [],
        "paragraphs": [fill(text, dossier) for text in said.get("body") or [default]],
    }


@translation.override("vi")
def layout(
    dossier: Dossier, body: Mapping[str, Any], *, signer: Position | None, check_code: str = "", awaits_number: bool = False
) -> layouts.Result:
    """The paper that a body is printed on. With a `check_code` it is the one to sign, where the clerk's stamp brings number and date;
    without one it is a draft, dated with dots, or with nothing where it `awaits_number`.
    """
    said = declared(dossier, body["outcome"])
    unit = signing_unit(dossier, body["outcome"])
    granted = body["outcome"] == "granted"
    head = letterhead(unit, symbol=symbol(number_pattern(said, unit)), awaits_number=awaits_number or bool(check_code))
    common: dict[str, Any] = {
        "letterhead": replace(head, day=head.day if check_code else None),
        "check_url": check_url(check_code),
        "check_code": check_code,
        "title": body["title"],
        "signatory": signatory(unit, signer),
        "bases": [text.rstrip(" ;.") for text in body.get("bases", bases(dossier) if granted else ())],
        "recipients": [_("Như trên") if said.get("template") == "letter" else dossier.owner.name, "Lưu: VT, HS"],
        "annexes": annexes(dossier, said, body["paragraphs"]) if granted else (),
    }
    paragraphs = list(body["paragraphs"])
    template = said.get("template", "generic")
    if template == "permit":
        return layouts.Permit(**common, issuer=_issuer(unit), articles=_articles(paragraphs))
    if template == "decision":
        common["title"] = "QUYẾT ĐỊNH"
        return layouts.Decision(**common, issuer=_issuer(unit), subject=body["title"], articles=_articles(paragraphs))
    if template == "certificate":
        return layouts.Certificate(**common, issuer=_issuer(unit), statement="\n".join(paragraphs))
    if template == "confirmation":
        return layouts.Confirmation(**common, issuer=_issuer(unit), paragraphs=paragraphs)
    if template == "letter":
        return layouts.Letter(**common, subject=in_a_sentence(body["title"]), addressees=[dossier.owner.name], paragraphs=paragraphs)
    return layouts.Generic(**common, paragraphs=paragraphs)


def check_url(check_code: str) -> str:
    """Where anybody checks the signed paper; empty without a code."""
    return f"{settings.SITE_URL}{reverse('signing:document', args=[check_code])}" if check_code else ""


def in_a_sentence(title: str) -> str:
    """A title behind "V/v": `Trả lời hồ sơ` becomes `trả lời hồ sơ`; names in capitals (`UBND tỉnh`) stay."""
    first = LEADING_CAPITALS.match(title)
    if first is None or (len(first[0]) > 1 and first[0].isupper()):
        return title
    return title[0].lower() + title[1:]


def signing_unit(dossier: Dossier, outcome: str) -> Unit:
    """Who signs: the authority for what is granted, the agency itself for a refusal letter unless it is declared otherwise."""
    name = declared(dossier, outcome).get("signed_by") or ("authority" if outcome == "granted" else "agency")
    return Unit.objects.select_related("parent", "area").get(pk=dossier.case.actors[name])


def signatory(unit: Unit, signer: Position | None) -> layouts.Signatory:
    """Signature block per Nghị định 30/2020/NĐ-CP, Phụ lục I: TM. for a committee, KT. for a deputy, the position in capitals.

    A draft, whose signer is not known yet, bears the position of the unit's leader and no name.
    """
    post = signer or expected_signer(unit)
    title = (post.title if post and post.title else _("Lãnh đạo")).upper()
    head = [f"TM. {UNIT_KIND_OF_COMMITTEE}"] if unit.kind == Unit.Kind.COMMITTEE else []
    if title.startswith("PHÓ "):
        head.append("KT. " + title.removeprefix("PHÓ "))
    return layouts.Signatory(authority=[*head, title], name=signer.user.full_name if signer else "")


def expected_signer(unit: Unit) -> Position | None:
    """The leader who will probably sign for a unit today."""
    return Position.objects.on(timezone.localdate()).filter(unit=unit, role="leader").order_by("pk").first()


def number_pattern(said: Mapping[str, Any], unit: Unit) -> str:
    """The declared number, else number and symbol per Nghị định 30/2020/NĐ-CP, Phụ lục I: `{number}/QĐ-STP`, `{number}/UBND`."""
    abbreviation = "UBND" if unit.kind == Unit.Kind.COMMITTEE else unit.code.rpartition(".")[2]
    return str(said.get("number") or ("{number}/QĐ-" if said.get("template") == "decision" else "{number}/") + abbreviation)


def symbol(pattern: str) -> str:
    """What the letterhead prints behind the number; nothing where the number stands inside."""
    return pattern.removeprefix("{number}/") if pattern.startswith("{number}/") else ""


def bases(dossier: Dossier) -> list[str]:
    """The lines `Căn cứ …`: every legal basis that is law, printed under its full name, none twice; then the dossier itself."""
    lines: list[str] = []
    for entry in dossier.version.content.get("legal_basis", []):
        if entry.get("assumption") or entry.get("printed") is False:
            continue
        line = f"Căn cứ {entry.get('official') or entry['citation']}"
        if line not in lines:
            lines.append(line)
    return [*lines, f"Xét hồ sơ số {dossier.code} của {dossier.owner.name}"]


def annexes(dossier: Dossier, said: Mapping[str, Any], paragraphs: list[str]) -> list[layouts.Annex]:
    """What the text calls `phụ lục`: tables of the groups, corner points and long texts that the register keeps of this result."""
    if not any("phụ lục" in text.lower() for text in paragraphs) or dossier.version.form_version is None:
        return []
    form = load(dossier.version.form_version.schema)
    texts: list[str] = []
    tables: list[layouts.Table] = []
    for path in (said.get("fields") or {}).values():
        found = re.fullmatch(r"\{answers\.(\w+)\}", str(path))
        field = form.by_path.get(found[1]) if found else None
        value = dossier.answers.get(found[1]) if found else None
        if field is None or value in (None, "", []):
            continue
        if field.type == "repeat" and isinstance(value, list):
            tables.append(_group(field, value))
        elif field.type == "polygon" and isinstance(value, Mapping):
            tables.append(_corners(field, value))
        elif field.type == "textarea":
            texts.append(f"{field.text('label')}: {value}")
    return [layouts.Annex(title=_("Nội dung chi tiết kèm theo"), paragraphs=texts, tables=tables)] if tables or texts else []


def _group(field: Field, rows: list[Any]) -> layouts.Table:
    shown = [child for child in field.fields if child.type not in {"file", "note", "lookup", "repeat"}]
    heads = [_head(child) for child in shown]
    with translation.override("vi"):
        cells = [[_cell(child, row.get(child.key)) for child in shown] for row in rows if isinstance(row, Mapping)]
    numeric = [place for place, child in enumerate(shown, 1) if child.type in {"number", "integer", "money"}]
    lines = [[str(place), *row] for place, row in enumerate(cells, 1)]
    return layouts.Table(headers=["TT", *heads], rows=lines, caption=field.text("label"), numeric=numeric)


def _head(field: Field) -> str:
    label, unit = field.text("label"), f"({field.text('unit')})"
    return f"{label} {unit}" if field.text("unit") and unit not in label else label


def _cell(field: Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if field.type == "point" and isinstance(value, Mapping):
        east, north = to_vn2000(*value["coordinates"][:2])
        return f"VN-2000\nX {_figure(north, 2)}\nY {_figure(east, 2)}"
    return area_name(str(value)) if field.type == "admin_unit" else display_value(field, value)


def _corners(field: Field, shape: Mapping[str, Any]) -> layouts.Table:
    """Corner points in VN-2000 metres (X north, Y east, as maps of permits have them) and degrees; the closing point is left out."""
    rows = []
    for place, (longitude, latitude) in enumerate(_points(shape), 1):
        east, north = to_vn2000(longitude, latitude)
        rows.append([str(place), *(_figure(value, 2) for value in (north, east)), *(_figure(value, 6) for value in (latitude, longitude))])
    headers = ["Điểm", "X VN-2000 (m)", "Y VN-2000 (m)", "Vĩ độ WGS 84", "Kinh độ WGS 84"]
    return layouts.Table(headers=headers, rows=rows, caption=field.text("label"), numeric=[1, 2, 3, 4])


def _figure(value: float, decimals: int) -> str:
    return thousands(Decimal(f"{value:.{decimals}f}"))


def _points(shape: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    coordinates = shape.get("coordinates") or []
    rings = [polygon[0] for polygon in coordinates] if shape.get("type") == "MultiPolygon" else coordinates[:1]
    for ring in rings:
        for point in ring[:-1]:
            yield float(point[0]), float(point[1])


def _issuer(unit: Unit) -> str:
    """Whose authority the paper is: a committee as a body (its leader signs TM.), elsewhere the head of the agency."""
    if unit.kind == Unit.Kind.COMMITTEE:
        return unit.name.upper()
    return f"{'CHI CỤC TRƯỞNG' if unit.kind == Unit.Kind.SUBDEPARTMENT else 'GIÁM ĐỐC'} {unit.name.upper()}"


def _articles(paragraphs: list[str]) -> list[layouts.Article]:
    """Paragraphs that begin with `Điều n.` open an article, the others belong to it."""
    articles: list[list[str]] = []
    for text in paragraphs:
        opening, _dot, rest = text.partition(".")
        if opening.startswith("Điều ") and opening[5:].strip().isdigit():
            articles.append([rest.strip()])
        elif articles:
            articles[-1].append(text)
        else:
            articles.append([text])
    return [layouts.Article(paragraphs=texts) for texts in articles]
