"""What a draft changes against the version in force, as a plain list for the person who publishes it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

IDENTITY = ("key", "family", "assumption", "number", "valid_from", "valid_to")
"""Parts of a declaration that say which version it is, not what it asks."""

CALLED = "_called"
"""What people call a thing, beside its properties: where its own title does not say enough."""

PARTS = {
    "papers": gettext_lazy("Giấy tờ"),
    "form": gettext_lazy("Tờ khai"),
    "steps": gettext_lazy("Các bước"),
    "ways": gettext_lazy("Đường đi"),
    "fees": gettext_lazy("Phí, lệ phí"),
    "routing": gettext_lazy("Phân công"),
    "outcome": gettext_lazy("Kết quả"),
    "legal_basis": gettext_lazy("Căn cứ pháp lý"),
    "about": gettext_lazy("Thông tin chung"),
}

WORDS = {
    "title": gettext_lazy("tên"),
    "label": gettext_lazy("nhãn"),
    "type": gettext_lazy("loại"),
    "required": gettext_lazy("bắt buộc"),
    "when": gettext_lazy("điều kiện"),
    "options": gettext_lazy("lựa chọn"),
    "unit": gettext_lazy("đơn vị"),
    "help": gettext_lazy("hướng dẫn"),
    "min": gettext_lazy("nhỏ nhất"),
    "max": gettext_lazy("lớn nhất"),
    "prefill": gettext_lazy("điền sẵn"),
    "limit": gettext_lazy("thời hạn"),
    "role": gettext_lazy("vai trò"),
    "requires": gettext_lazy("điều kiện cần"),
    "form": gettext_lazy("biểu mẫu"),
    "clock": gettext_lazy("đồng hồ"),
    "copies": gettext_lazy("số bản"),
    "reuse": gettext_lazy("dùng lại"),
    "source": gettext_lazy("căn cứ"),
    "amount": gettext_lazy("mức thu"),
    "then": gettext_lazy("kết quả"),
    "to": gettext_lazy("bước đến"),
    "effect": gettext_lazy("tác động"),
    "comment": gettext_lazy("lý do"),
    "time_limit": gettext_lazy("thời hạn giải quyết"),
    "summary": gettext_lazy("tóm tắt"),
    "division": gettext_lazy("phòng phụ trách"),
    "authority": gettext_lazy("cơ quan ký"),
    "body": gettext_lazy("nội dung in"),
    "validity": gettext_lazy("thời hạn hiệu lực"),
    "number": gettext_lazy("cách đánh số"),
    "template": gettext_lazy("mẫu in"),
    "refusal": gettext_lazy("văn bản từ chối"),
    "audience": gettext_lazy("đối tượng"),
    "channels": gettext_lazy("cách nộp"),
    "hit": gettext_lazy("cách áp dụng"),
    "due": gettext_lazy("lúc phải nộp"),
    "start": gettext_lazy("bước đầu"),
    "kind": gettext_lazy("loại"),
    "times": gettext_lazy("nhân với"),
    "citation": gettext_lazy("trích dẫn"),
    "article": gettext_lazy("điều khoản"),
    "valid_from": gettext_lazy("hiệu lực từ"),
    "valid_to": gettext_lazy("hiệu lực đến"),
    "fields": gettext_lazy("mục"),
    "consulted": gettext_lazy("cơ quan được hỏi ý kiến"),
    "order": gettext_lazy("thứ tự"),
    "life_events": gettext_lazy("sự kiện trong đời"),
    "permit_type": gettext_lazy("loại giấy phép"),
}


@dataclass(frozen=True)
class Change:
    """One change. `how`: added, removed or changed; `sentence` names the thing and what became different."""

    part: str
    how: str
    sentence: str

    @property
    def part_title(self) -> str:
        return str(PARTS[self.part])


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The differences of two declarations, part by part, in the order a reader meets them."""
    found: list[Change] = []
    for part, items in _parts(new).items():
        found += _compare(part, _parts(old)[part], items)
    return found


def _parts(whole: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each part as things by a stable key, in order."""
    flow, fees, routing = (whole.get(name) or {} for name in ("flow", "fees", "routing"))
    single = ("papers", "form", "flow", "fees", "routing", "outcome", "legal_basis", *IDENTITY)
    return {
        "about": {
            name: {name: value}
            for name, value in [
                *_texts(whole, single),
                *_texts({f"flow {n}": v for n, v in flow.items()}, ("flow steps", "flow transitions")),
            ]
        },
        "legal_basis": {str(entry.get("id")): entry for entry in whole.get("legal_basis") or ()},
        "papers": {str(paper.get("code")): paper for paper in whole.get("papers") or ()},
        "form": dict(_form_things(whole.get("form") or {}, "")),
        "steps": dict(_step_things(flow.get("steps") or ())),
        "ways": _way_things(flow),
        "fees": _rows(fees),
        "routing": _rows(routing),
        "outcome": {"outcome": whole.get("outcome") or {}},
    }


def _texts(whole: Mapping[str, Any], left_out: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in whole.items() if name not in left_out]


def _form_things(form: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for section in form.get("sections") or ():
        yield f"{prefix}#{section.get('key')}", {name: value for name, value in section.items() if name != "fields"}
        yield from _field_things(section.get("fields") or (), prefix)


def _field_things(fields: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for field in fields:
        path = prefix + str(field.get("key"))
        yield path, {name: value for name, value in field.items() if name != "fields"}
        yield from _field_things(field.get("fields") or (), f"{path}.")


def _step_things(steps: Any) -> Iterator[tuple[str, Any]]:
    for step in steps:
        key = str(step.get("key"))
        yield key, {name: value for name, value in step.items() if name != "form"}
        yield from _form_things(step.get("form") or {}, f"{key}: ")


def _way_things(flow: Mapping[str, Any]) -> dict[str, Any]:
    titles = {step.get("key"): step.get("title") or step.get("key") for step in flow.get("steps") or ()}
    found: dict[str, Any] = {}
    for way in flow.get("transitions") or ():
        ends = f"{titles.get(way.get('from'), way.get('from'))} → {titles.get(way.get('to'), way.get('to'))}"
        key = f"{way.get('from')}/{way.get('action') or way.get('to')}"
        while key in found:
            key += "+"
        called = f"{ends} ({way['title']})" if way.get("title") else ends
        found[key] = {**way, "to": titles.get(way.get("to"), way.get("to")), CALLED: called}
    return found


def _rows(table: Mapping[str, Any]) -> dict[str, Any]:
    rows: dict[str, Any] = {
        "": {"title": _("cách áp dụng của bảng"), **{name: table.get(name) for name in ("hit", "due") if name in table}}
    }
    for number, rule in enumerate(table.get("rules") or (), start=1):
        then = rule.get("then") or {}
        title = then.get("title") or _("dòng %(number)s") % {"number": number}
        rows[str(number)] = {**then, **{name: value for name, value in rule.items() if name != "then"}, "title": title}
    return rows


def _compare(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key, thing in new.items():
        if key not in old:
            yield Change(part, "added", _("Thêm %(thing)s") % {"thing": _called(key, thing)})
        elif thing != old[key] and (differences := "; ".join(_differences(old[key], thing))):
            yield Change(part, "changed", _("Sửa %(thing)s: %(differences)s") % {"thing": _called(key, thing), "differences": differences})
    for key, thing in old.items():
        if key not in new:
            yield Change(part, "removed", _("Bỏ %(thing)s") % {"thing": _called(key, thing)})
    kept_old, kept_new = [key for key in old if key in new], [key for key in new if key in old]
    if kept_old != kept_new and part not in {"about", "fees", "routing"}:
        yield Change(part, "changed", _("Đổi thứ tự"))


def _called(key: str, thing: Mapping[str, Any]) -> str:
    name = (
        thing.get(CALLED) or thing.get("title") or thing.get("label") or thing.get("citation") or WORDS.get(key.removeprefix("flow "), key)
    )
    return f"«{name}»"


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name), new.get(name)
        if before == after or name == CALLED:
            continue
        word = str(WORDS.get(name.removesuffix("_en").removeprefix("flow "), name)) + (_(" (tiếng Anh)") if name.endswith("_en") else "")
        if _is_short(before) and _is_short(after):
            yield f"{word} {_shown(before)} → {_shown(after)}"
        else:
            yield word


def _is_short(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 60)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return _("(trống)")
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, int) and value >= 10_000:
        return f"{value:,}".replace(",", ".")
    return f"“{value}”" if isinstance(value, str) else str(value)
