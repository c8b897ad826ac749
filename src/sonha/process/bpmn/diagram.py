"""The diagram of a flow as SVG drawn on the server: for telephones, for paper, and wherever no script runs.

Colours never speak alone: what is done carries a tick, what is current a dot and a word, what is late an exclamation mark and a word.
Only presentation attributes are used, which a strict Content-Security-Policy allows; the classes let a theme change the colours.
"""

from collections.abc import Collection, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sonha.process.bpmn.drawing import START, draw, transitions
from sonha.process.bpmn.geometry import Box, Direction, Drawing, Point
from sonha.process.bpmn.labels import Label, place_labels, wrap
from sonha.process.bpmn.lanes import lane_name
from sonha.process.deadlines.limits import Limit
from sonha.process.deadlines.words import limit_words
from sonha.process.flows.condition_check import form_fields
from sonha.process.flows.structure import Flow, Structure, structure
from sonha.process.flows.vocabulary import KINDS, OUTCOMES, ROLES, UNITS

GROUND, BAND, RULE, INK, QUIET, WAY = "#faf8f3", "#f3efe6", "#ddd6c8", "#1c2321", "#5c655f", "#8a938d"
PINE, TEAL, RED, PAPER = "#1f5c46", "#0f7c8a", "#b3261e", "#ffffff"
FONT = "'Be Vietnam Pro', 'Noto Sans', Arimo, sans-serif"
TEXT, SMALL, CAPTION = 12.5, 10.5, 11.0
LANE_HEADER = {"right": 118.0, "down": 56.0}

Names = Mapping[str, str]


def diagram_svg(
    flow: Flow,
    current: Collection[str] = (),
    done: Collection[str] = (),
    late: Collection[str] = (),
    *,
    direction: Direction = "right",
    units: Names | None = None,
    ident: str = "flow-diagram",
) -> str:
    """An accessible SVG of a flow and of where a case stands in it.

    current, done, late: keys of steps (a late step is usually current as well). `units` gives names for actor names or `code:` units.
    `direction` "down" fits telephones and upright paper. `ident` keeps ids apart when a page shows several diagrams.
    """
    shape = structure(flow)
    drawing = draw(shape, direction=direction, header=LANE_HEADER[direction])
    state = _states(shape, current, done, late)
    edges = transitions(shape)
    small = {key: _title(step) for key, step in shape.steps.items() if step.get("kind") in {"choice", "split", "join", "end"}}
    small |= {START: _("Bắt đầu")}
    ways, captions = place_labels(
        drawing, {place: _way_words(edge, shape) for place, edge in enumerate(edges)}, small, size=SMALL, taken=_headers(drawing)
    )
    title = _title(flow) or _("Quy trình")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow-diagram" role="img" aria-labelledby="{ident}-title {ident}-desc" '
        f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" width="{drawing.width:g}" height="{drawing.height:g}" '
        f"font-family={quoteattr(FONT)}>",
        f'<title id="{ident}-title">{escape(title)}</title>',
        f'<desc id="{ident}-desc">{escape(diagram_text(flow, current, done, late, units=units))}</desc>',
        *_arrowheads(ident),
        f'<rect class="flow-ground" width="{drawing.width:g}" height="{drawing.height:g}" fill="{GROUND}"/>',
        *_lanes(drawing, units),
    ]
    passed = {
        place
        for place, edge in enumerate(edges)
        if state.get(edge["from"]) == "done" and state.get(edge["to"]) in {"done", "current", "late"} and not edge.get("returns")
    }
    for place, way in sorted(drawing.ways.items(), key=lambda item: item[0] in passed):
        returns = place >= 0 and bool(edges[place].get("returns"))
        parts.append(_way(way, place in passed or (place < 0 and bool(done or current)), returns, ident))
    parts += [_words(label, SMALL, QUIET, "flow-way-label") for label in ways.values()]
    if START in drawing.boxes:
        parts.append(_start(drawing.boxes[START], captions.get(START)))
    for key, step in shape.steps.items():
        parts.append(_step(step, drawing.boxes[key], state.get(key, "open"), captions.get(key), units))
    return "".join([*parts, "</svg>"])


def diagram_text(
    flow: Flow,
    current: Collection[str] = (),
    done: Collection[str] = (),
    late: Collection[str] = (),
    *,
    units: Names | None = None,
) -> str:
    """The diagram in one paragraph, for those who do not see it."""
    shape = structure(flow)
    state = _states(shape, current, done, late)
    waiting = [key for key, step in shape.steps.items() if step.get("kind") in {"task", "consultation", "subprocess"}]
    count = len(waiting)
    sentences = [ngettext("Quy trình gồm %(count)d bước.", "Quy trình gồm %(count)d bước.", count) % {"count": count}]
    for wanted, sentence in (
        ({"done"}, _("Đã xong: %(steps)s.")),
        ({"current", "late"}, _("Đang ở: %(steps)s.")),
        ({"late"}, _("Quá hạn: %(steps)s.")),
    ):
        named = [f"{_title(shape.steps[key])} ({_who(shape.steps[key], units)})" for key in shape.steps if state.get(key) in wanted]
        if named:
            sentences.append(sentence % {"steps": ", ".join(named)})
    return " ".join(sentences)


def diagram_list(
    flow: Flow,
    current: Collection[str] = (),
    done: Collection[str] = (),
    late: Collection[str] = (),
    *,
    units: Names | None = None,
) -> list[dict[str, Any]]:
    """The steps people perform, in the order of the diagram, as a text alternative to it.

    Each: `key`, `title`, `who`, `limit` (words), `state` (done | current | late | open), `state_text`, and `next`: what may follow,
    as a list of {title, step}.
    """
    shape = structure(flow)
    state = _states(shape, current, done, late)
    drawing = draw(shape)
    words = {"done": _("Đã xong"), "current": _("Đang thực hiện"), "late": _("Quá hạn"), "open": _("Chưa đến")}
    rows = []
    order = {key: (step.get("kind") == "end", drawing.boxes[key].centre[0], drawing.boxes[key].y) for key, step in shape.steps.items()}
    for key in sorted(shape.steps, key=lambda key: order[key]):
        step = shape.steps[key]
        if step.get("kind") not in {"task", "consultation", "subprocess", "end"}:
            continue
        rows.append(
            {
                "key": key,
                "title": _title(step),
                "who": _who(step, units),
                "limit": _limit(step),
                "state": state.get(key, "open"),
                "state_text": words[state.get(key, "open")],
                "next": [{"title": _title(edge), "step": _title(shape.steps[edge["to"]])} for edge in shape.outgoing[key]],
            }
        )
    return rows


def _states(shape: Structure, current: Collection[str], done: Collection[str], late: Collection[str]) -> dict[str, str]:
    found = dict.fromkeys(done, "done") | dict.fromkeys(current, "current") | dict.fromkeys(late, "late")
    return {key: value for key, value in found.items() if key in shape.steps}


def _title(item: Mapping[str, Any]) -> str:
    """In the reader's language where it is given."""
    english = item.get("title_en") if (get_language() or "vi").startswith("en") else None
    title = english or item.get("title")
    if not title and item.get("kind") == "end":
        title = _(OUTCOMES.get(str(item.get("outcome")), "Kết thúc"))
    return str(title or "")


def _way_words(edge: Mapping[str, Any], shape: Structure) -> str:
    """The action's name; on automatic ways the answer that leads there, where its name is known."""
    if title := _title(edge):
        return title
    if len(shape.outgoing[edge["from"]]) < 2 or shape.steps[edge["from"]].get("kind") == "split":
        return ""
    when = edge.get("when")
    if when is None:
        return _("trường hợp khác")
    return option_words(when, shape) if isinstance(when, Mapping) else ""


def option_words(when: Mapping[str, Any], shape: Structure) -> str:
    """«Đề nghị cấp phép» for {field: task.appraise.conclusion, eq: grant}; empty when the condition says anything else."""
    path = str(when.get("field", "")).split(".")
    if set(when) != {"field", "eq"} or len(path) != 3 or path[0] != "task":
        return ""
    field = form_fields(shape.steps.get(path[1], {}).get("form")).get(path[2], {})
    english = (get_language() or "vi").startswith("en")
    for option in field.get("options") or ():
        if isinstance(option, Mapping) and option.get("value") == when["eq"]:
            return str((english and option.get("label_en")) or option.get("label") or "")
    return ""


def _who(step: Mapping[str, Any], units: Names | None) -> str:
    role = ROLES.get(str(step.get("role")), str(step.get("role") or ""))
    unit = _unit(str(step.get("unit") or ""), units)
    return ", ".join([_(name) for name in (role, unit) if name]) or _(KINDS.get(str(step.get("kind")), "Việc tự động"))


def _unit(unit: str, units: Names | None) -> str:
    if units and unit in units:
        return units[unit]
    return _(UNITS[unit]) if unit in UNITS else unit.removeprefix("code:")


def _limit(step: Mapping[str, Any]) -> str:
    limit = step.get("limit")
    try:
        return limit_words(Limit.from_data(limit)) if isinstance(limit, Mapping) else ""
    except (ArithmeticError, KeyError, ValueError):  # a draft may hold half a limit
        return ""


def _arrowheads(ident: str) -> list[str]:
    heads = [
        f'<marker id="{ident}-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path class="flow-head is-{name}" d="M0 0.6 L7.4 4 L0 7.4 Z" fill="{colour}"/></marker>'
        for name, colour in (("open", WAY), ("passed", PINE))
    ]
    return ["<defs>", *heads, "</defs>"]


def _headers(drawing: Drawing) -> list[Box]:
    if drawing.direction == "right":
        return [Box(0, lane.y, LANE_HEADER["right"], lane.height) for lane in drawing.lanes.values()]
    return [Box(lane.x, 0, lane.width, LANE_HEADER["down"]) for lane in drawing.lanes.values()]


def _lanes(drawing: Drawing, units: Names | None) -> list[str]:
    parts = []
    for place, ((lane, box), header) in enumerate(zip(drawing.lanes.items(), _headers(drawing), strict=True)):
        if place % 2:
            parts.append(
                f'<rect class="flow-lane" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" fill="{BAND}"/>'
            )
        end = f'x2="{box.right:g}" y2="{box.y:g}"' if drawing.direction == "right" else f'x2="{box.x:g}" y2="{box.bottom:g}"'
        if place:
            parts.append(f'<line class="flow-rule" x1="{box.x:g}" y1="{box.y:g}" {end} stroke="{RULE}"/>')
        role, unit = _(ROLES.get(lane[0], lane[0])), _unit(lane[1], units)
        if not role and not unit:
            role = _(lane_name(lane))
        width = header.width - 20
        first = wrap(role, width, CAPTION, 2)
        second = wrap(unit, width, SMALL, 3 if drawing.direction == "right" else 2)
        x = header.x + 12
        y = header.centre[1] - (len(first) * 14 + len(second) * 13) / 2 + 11
        for line in first:
            parts.append(_line(line, x, y, CAPTION, INK, "flow-lane-role", weight="600"))
            y += 14
        for line in second:
            parts.append(_line(line, x, y, SMALL, QUIET, "flow-lane-unit"))
            y += 13
    if drawing.direction == "right":
        x = LANE_HEADER["right"]
        parts.append(f'<line class="flow-rule" x1="{x:g}" y1="0" x2="{x:g}" y2="{drawing.height:g}" stroke="{RULE}"/>')
    else:
        y = LANE_HEADER["down"]
        parts.append(f'<line class="flow-rule" x1="0" y1="{y:g}" x2="{drawing.width:g}" y2="{y:g}" stroke="{RULE}"/>')
    return parts


def _line(text: str, x: float, y: float, size: float, fill: str, name: str, *, weight: str = "400", anchor: str = "start") -> str:
    return (
        f'<text class="{name}" x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _way(points: tuple[Point, ...], passed: bool, returns: bool, ident: str) -> str:
    """Rounded corners; returns dashed."""
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before, 7), _towards(corner, after, 7)
        path += f" L{near[0]:g} {near[1]:g} Q{corner[0]:g} {corner[1]:g} {far[0]:g} {far[1]:g}"
    path += f" L{points[-1][0]:g} {points[-1][1]:g}"
    dash = ' stroke-dasharray="5 4"' if returns else ""
    colour, width, name = (PINE, 2, "passed") if passed else (WAY, 1.3, "open")
    return (
        f'<path class="flow-way is-{name}" d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash} '
        f'marker-end="url(#{ident}-{name})"/>'
    )


def _towards(corner: Point, other: Point, most: float) -> Point:
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(most, length / 2) / length if length else 0
    return (corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share)


def _words(label: Label, size: float, fill: str, name: str) -> str:
    """Words on a halo of the ground, so that a line behind them does not hurt. Two texts, since printers ignore `paint-order`."""
    lines = "".join(
        f'<tspan x="{label.box.centre[0]:g}" y="{label.box.y + size * (1.0 + 1.25 * place):g}">{escape(line)}</tspan>'
        for place, line in enumerate(label.lines)
    )
    common = f'font-size="{size:g}" text-anchor="middle"'
    halo = (
        f'<text class="flow-halo" aria-hidden="true" {common} fill="{GROUND}" stroke="{GROUND}" stroke-width="3" stroke-linejoin="round">'
    )
    return f'{halo}{lines}</text><text class="{name}" {common} fill="{fill}">{lines}</text>'


def _start(box: Box, label: Label | None) -> str:
    x, y = box.centre
    circle = f'<circle class="flow-start" cx="{x:g}" cy="{y:g}" r="14" fill="{PAPER}" stroke="{PINE}" stroke-width="2"/>'
    return circle + (_words(label, SMALL, QUIET, "flow-caption") if label else "")


def _step(step: Mapping[str, Any], box: Box, state: str, label: Label | None, units: Names | None) -> str:
    kind = str(step.get("kind"))
    draw_kind = {"choice": _gateway, "split": _gateway, "join": _gateway, "end": _end}.get(kind)
    body = draw_kind(step, box, state) if draw_kind else _task(step, box, state)
    if label:
        body += _words(label, SMALL, INK if state != "open" else QUIET, "flow-caption")
    hint = escape(f"{_title(step) or _(KINDS.get(kind, kind))} – {_who(step, units)}" + (f" – {_limit(step)}" if _limit(step) else ""))
    return f'<g class="flow-step is-{state}" data-step={quoteattr(str(step.get("key")))}><title>{hint}</title>{body}</g>'


LOOK = {  # state: fill, border, border width, text, quiet text
    "open": (PAPER, "#bdb6a8", 1.2, INK, QUIET),
    "done": (PINE, PINE, 1.2, "#ffffff", "#d5e5dd"),
    "current": (PAPER, TEAL, 3, INK, TEAL),
    "late": ("#fdf3f1", RED, 3, INK, RED),
}


def _task(step: Mapping[str, Any], box: Box, state: str) -> str:
    fill, border, width, ink, quiet = LOOK[state]
    kind = step.get("kind")
    dash = ' stroke-dasharray="6 3"' if kind == "service" and state == "open" else ""
    parts = [
        f'<rect class="flow-box" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="9" fill="{fill}" '
        f'stroke="{border}" stroke-width="{width}"{dash}/>'
    ]
    if kind in {"consultation", "subprocess"}:
        parts.append(
            f'<rect class="flow-frame" x="{box.x + 4:g}" y="{box.y + 4:g}" width="{box.width - 8:g}" height="{box.height - 8:g}" '
            f'rx="6" fill="none" stroke="{border}" stroke-width="1"/>'
        )
    foot = _foot(step, state)
    lines = wrap(_title(step), box.width - 22, TEXT, 3 if foot else 4)
    y = box.centre[1] - (len(lines) * 16 + (15 if foot else 0)) / 2 + 12
    for line in lines:
        parts.append(_line(line, box.centre[0], y, TEXT, ink, "flow-title", weight="500", anchor="middle"))
        y += 16
    if foot:
        weight = "600" if state in {"current", "late"} else "400"
        parts.append(_line(foot, box.centre[0], y, SMALL, quiet, "flow-foot", weight=weight, anchor="middle"))
    parts.append(_mark(state, box.right - 4, box.y + 4))
    return "".join(parts)


def _foot(step: Mapping[str, Any], state: str) -> str:
    if state == "late":
        return _("Quá hạn")
    if state == "current":
        return _("Đang ở bước này")
    return _limit(step) or (_("tự động") if step.get("kind") == "service" else "")


def _mark(state: str, x: float, y: float) -> str:
    if state == "open":
        return ""
    colour = {"done": PINE, "current": TEAL, "late": RED}[state]
    ring = f'<circle class="flow-mark" cx="{x:g}" cy="{y:g}" r="9" fill="{colour}" stroke="{GROUND}" stroke-width="2"/>'
    if state == "done":
        sign = _sign(f"M{x - 4:g} {y:g} l3 3.2 l5 -6", 1.8)
    elif state == "current":
        sign = f'<circle class="flow-dot" cx="{x:g}" cy="{y:g}" r="3" fill="#fff"/>'
    else:
        sign = _sign(f"M{x:g} {y - 4.5:g} v5.5 M{x:g} {y + 3.8:g} v0.6", 2.2)
    return ring + sign


def _sign(path: str, width: float) -> str:
    return f'<path class="flow-sign" d="{path}" fill="none" stroke="#fff" stroke-width="{width}" stroke-linecap="round"/>'


def _gateway(step: Mapping[str, Any], box: Box, state: str) -> str:
    fill, border, width, ink, _quiet = LOOK[state]
    x, y = box.centre
    half = box.width / 2
    diamond = f"M{x:g} {y - half:g} L{x + half:g} {y:g} L{x:g} {y + half:g} L{x - half:g} {y:g} Z"
    sign = "M-7 -7 L7 7 M7 -7 L-7 7" if step.get("kind") == "choice" else "M-9 0 H9 M0 -9 V9"
    return (
        f'<path class="flow-box" d="{diamond}" fill="{fill}" stroke="{border}" stroke-width="{width}" stroke-linejoin="round"/>'
        f'<path class="flow-gate" transform="translate({x:g} {y:g})" d="{sign}" fill="none" '
        f'stroke="{ink if state == "done" else border}" stroke-width="2.4" stroke-linecap="round"/>'
        + _mark("open" if state == "done" else state, x + half / 2, y - half / 2)
    )


def _end(step: Mapping[str, Any], box: Box, state: str) -> str:
    x, y = box.centre
    refused = step.get("outcome") == "refused"
    colour = RED if refused else QUIET if step.get("outcome") == "withdrawn" else PINE
    fill = colour if state != "open" else PAPER
    name = "refused" if refused else "withdrawn" if step.get("outcome") == "withdrawn" else "good"
    return f'<circle class="flow-end is-{name}" cx="{x:g}" cy="{y:g}" r="15" fill="{fill}" stroke="{colour}" stroke-width="4"/>'
