"""Changing a draft: every button comes here as `<what>@<place>`, is carried out on the declaration, and is kept and audited."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sonha.channels.administration.procedures import conditions, places, sheet
from sonha.channels.administration.procedures.drafts import Page, load_page, overtaken, render_page, revision
from sonha.channels.administration.procedures.elements import kind_of, scope_of, thing_at, variety_of, with_values
from sonha.channels.administration.procedures.places import Declaration
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.ui.figures import parse_number
from sonha.process.flows import editing
from sonha.process.flows.editing import EditError
from sonha.services.procedures.services import save_draft


class Refused(Exception):
    """The edit cannot be made: a sentence for the whole sheet, or one for each property."""

    def __init__(self, sentence: str = "", errors: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.errors = sentence, errors or {}


Edit = Callable[[Page, str, QueryDict], tuple[Declaration, str]]


@officials_only(Role.ADMINISTRATOR)
def draft(request: HttpRequest, stt: int, section: str) -> HttpResponse:
    """A section of a draft. A post makes one edit; refused, it shows everything typed again (422)."""
    if request.method != "POST":
        return render_page(load_page(request, stt, section))
    with transaction.atomic():
        page = load_page(request, stt, section, lock=True)
        what, _at, place = request.POST.get("do", "").partition("@")
        try:
            return _carried_out(page, what, place)
        except Refused as refused:
            transaction.set_rollback(True)
            page.errors, page.refusal = refused.errors, refused.sentence
        except (EditError, conditions.ConditionRefused) as refused:
            transaction.set_rollback(True)
            page.refusal = str(refused)
        except LookupError:
            transaction.set_rollback(True)
            page.refusal = _("Mục này không còn trong bản soạn.")
    _keep_typed(page, what, place)
    return render_page(page, status=422)


def _carried_out(page: Page, what: str, place: str) -> HttpResponse:
    post = page.request.POST
    if post.get("revision") != revision(page):
        raise Refused(overtaken())
    if what not in EDITS:
        raise Refused(_("Không rõ ông/bà muốn làm gì."))
    declaration, opened = EDITS[what](page, place, post)
    if declaration != page.declaration:
        save_draft(page.draft, declaration, actor=page.actor, part=str(page.section.title))
        messages.success(page.request, _("Đã lưu."))
    page.declaration = declaration
    return redirect(page.url(opened))


def _keep_typed(page: Page, what: str, place: str) -> None:
    """What was typed stays in its sheet; other forms of the page find their values in `kept`."""
    post = page.request.POST
    page.extra = {"kept": post, "refusal": page.refusal, "kept_for": f"{what}@{place}"}
    if what == "save":
        page.opened = place
        try:
            page.typed = sheet.posted(kind_of(place).properties, post)
        except LookupError:
            page.opened = ""


def _save(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
    kind, thing = kind_of(place), thing_at(page.declaration, place)
    typed = sheet.posted(kind.properties, post)
    values, errors = sheet.read(kind.properties, typed, scope_of(page.declaration, place), variety_of(kind, thing, typed))
    if errors:
        raise Refused(errors=errors)
    declaration, at = with_values(page.declaration, place, values)
    if kind.variety == "type" and values.get("type") == "repeat":
        declaration = places.replaced(declaration, at, {"fields": [], **places.element(declaration, at)})
    return declaration, "" if place in {"about", "fees", "routing", "outcome"} else at


def _remove(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
    parts = places.parts_of(place)
    if parts[:2] == ("flow", "steps") and len(parts) == 3:
        step = places.element(page.declaration, place)
        return {**page.declaration, "flow": editing.remove_step(page.declaration["flow"], step["key"])}, ""
    kind_of(place)
    if not parts[-1].isdecimal():
        raise LookupError(place)
    return places.removed(page.declaration, place), _parent(page, place)


def _parent(page: Page, place: str) -> str:
    """After taking away a transition its step stays open; after a field inside a group, the group."""
    parts = places.parts_of(place)
    if parts[:2] == ("flow", "transitions"):
        source = places.element(page.declaration, place).get("from")
        return _step_place(page.declaration, str(source))
    return "/".join(parts[:-2]) if parts.count("fields") == 2 else ""


def _shift(by: int) -> Edit:
    def shift(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
        kind_of(place)
        if place.startswith("flow/transitions/"):
            return _shift_way(page.declaration, place, by)
        return places.moved(page.declaration, place, by)[0], page.request.POST.get("open", "")

    return shift


def _shift_way(declaration: Declaration, place: str, by: int) -> tuple[Declaration, str]:
    """Ways out of one step are tried in their order; a way changes places with its neighbour out of the same step."""
    ways = declaration["flow"]["transitions"]
    way = places.element(declaration, place)
    brothers = [index for index, each in enumerate(ways) if each.get("from") == way.get("from")]
    at = brothers.index(int(places.parts_of(place)[-1]))
    other = brothers[min(max(at + by, 0), len(brothers) - 1)]
    fresh = places.replaced(declaration, place, ways[other])
    fresh = places.replaced(fresh, f"flow/transitions/{other}", way)
    return fresh, _step_place(fresh, str(way.get("from")))


def _add_step(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
    kind, title, after = post.get("kind", "task"), post.get("title", "").strip(), post.get("after", "")
    if not title:
        raise Refused(_("Hãy đặt tên cho bước mới."))
    values: dict[str, Any] = {name: value for name in ("role", "unit") if (value := post.get(name)) and kind in {"task", "consultation"}}
    if values.get("role") == "applicant":
        values.pop("unit", None)
    if kind == "end":
        values = {"outcome": "done"}
    if kind == "service":
        values = {"service": "notify"}
    if kind in {"task", "consultation"} and (limit := _limit(post, "limit")):
        values["limit"] = limit
    flow = page.declaration["flow"]
    if post.get("how") == "branch":
        fresh = editing.add_branch(flow, after, title=title, kind=kind, **values)
    else:
        fresh = editing.add_step(flow, kind=kind, title=title, after=after or None, **values)
    old = {step["key"] for step in flow["steps"]}
    new = next(step["key"] for step in fresh["steps"] if step["key"] not in old and step.get("title") == title)
    declaration = {**page.declaration, "flow": fresh}
    return declaration, _step_place(declaration, new)


def _move_step(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
    step = places.element(page.declaration, place)
    declaration = {**page.declaration, "flow": editing.move(page.declaration["flow"], step["key"], after=post.get("after", ""))}
    return declaration, _step_place(declaration, step["key"])


def _add_way(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
    step = places.element(page.declaration, place)
    condition = conditions.read(conditions.posted(post, "when"), scope_of(page.declaration, place).fields)
    when = condition if isinstance(condition, dict) else None
    title = post.get("title", "").strip()
    if step.get("kind") == "task" and not title:
        raise Refused(_("Hãy đặt tên hành động: chữ trên nút mà người xử lý bấm."))
    values = {"effect": effect} if (effect := post.get("effect")) else {}
    flow = editing.connect(
        page.declaration["flow"], step["key"], post.get("target", ""), title=title, when=when, returns="returns" in post, **values
    )
    return {**page.declaration, "flow": flow}, place


def _add_step_form(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
    """Gives a step a form of its own, with one section to begin with."""
    step = places.element(page.declaration, place)
    form = {"sections": [{"key": "findings", "title": _("Kết quả xử lý"), "fields": []}]}
    page.form_of = step["key"]
    return places.replaced(page.declaration, f"{place}/form", form), ""


def _remove_step_form(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
    page.form_of = ""
    return places.removed(page.declaration, f"{place}/form"), ""


def _limits(page: Page, place: str, post: QueryDict) -> tuple[Declaration, str]:
    """The whole table of clocks at once: the legal limit, and for each step its limit and whether the clock stands."""
    errors: dict[str, str] = {}
    declaration = {**page.declaration, "flow": page.declaration["flow"]}
    try:
        total = _limit(post, "total")
        if total is None:
            errors["total"] = _("Hãy ghi thời hạn giải quyết.")
        else:
            declaration["time_limit"] = {**total, **({"source": source} if (source := post.get("total.source")) else {})}
    except Refused as refused:
        errors["total"] = refused.sentence
    for step in page.declaration["flow"].get("steps") or []:
        name = f"step.{step.get('key')}"
        if f"{name}.amount" not in post:
            continue
        try:
            limit = _limit(post, name)
        except Refused as refused:
            errors[name] = refused.sentence
            continue
        source = (step.get("limit") or {}).get("source")
        values: dict[str, Any] = {"limit": {**limit, **({"source": source} if source else {})} if limit else None}
        values["clock"] = "stop" if f"{name}.stop" in post else ("run" if step.get("clock") == "run" else None)
        declaration["flow"] = editing.change_step(declaration["flow"], step["key"], **values)
    if errors:
        raise Refused(_("Có thời hạn chưa đúng; xem chỗ đánh dấu."), errors)
    return declaration, ""


def _limit(post: QueryDict, name: str) -> dict[str, Any] | None:
    """A typed limit `<name>.amount`, `<name>.unit`; None when it is left empty."""
    text = post.get(f"{name}.amount", "").strip()
    if not text:
        return None
    number = parse_number(text)
    if number is None or number != number.to_integral_value() or not 0 < number <= 10_000:
        raise Refused(_("«%(text)s»: thời hạn phải là số nguyên lớn hơn 0.") % {"text": text})
    unit = post.get(f"{name}.unit", "working_days")
    return {"amount": int(number), "unit": unit if unit in {"working_days", "working_hours", "calendar_days"} else "working_days"}


def _step_place(declaration: Declaration, key: str) -> str:
    return next((f"flow/steps/{index}" for index, step in enumerate(declaration["flow"]["steps"]) if step.get("key") == key), "")


EDITS: dict[str, Edit] = {
    "save": _save,
    "remove": _remove,
    "up": _shift(-1),
    "down": _shift(1),
    "add-step": _add_step,
    "move-step": _move_step,
    "add-way": _add_way,
    "add-form": _add_step_form,
    "remove-form": _remove_step_form,
    "limits": _limits,
}
