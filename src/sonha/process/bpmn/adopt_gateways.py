"""Import, second part: gateways and branching arrows become choices, actions, splits and joins of ours."""

from typing import Any

from django.utils.translation import gettext as _

from sonha.process.bpmn.actors import limit_of
from sonha.process.bpmn.expressions import NotTranslatable, parse
from sonha.process.bpmn.net import Net, Way, like
from sonha.process.bpmn.reading import GATEWAYS, TASKS


def adopt_gateways(net: Net) -> None:
    _translate(net)
    _event_gateways(net)
    for key in [key for key, shape in net.shapes.items() if shape.type in GATEWAYS and shape.own is None]:
        _gateway(net, key)
    _branching_tasks(net)
    for key in [key for key, shape in net.shapes.items() if shape.type == "exclusiveGateway" and shape.own is None]:
        _choice(net, key)


def _translate(net: Net) -> None:
    """Conditions of ways that are not ours. What cannot be translated is told and left to a person's choice."""
    for way in net.ways:
        if way.own is not None or not way.condition:
            continue
        try:
            way.when = parse(way.condition)
        except NotTranslatable:
            net.note(
                way.source,
                _("Điều kiện «%(text)s» của mũi tên từ %(name)s chưa hiểu được; hãy đặt lại điều kiện hoặc để người xử lý chọn.")
                % {"text": way.condition, "name": net.called(way.source)},
            )
            way.name = way.name or way.condition.strip("${}=# ")


def _event_gateways(net: Net) -> None:
    """Whichever event comes first: a person says which one it was."""
    for shape in [shape for shape in net.shapes.values() if shape.type == "eventBasedGateway" and shape.own is None]:
        for way in net.out(shape.id):
            event = net.shapes[way.target]
            way.chosen, way.name = True, way.name or event.name or event.event_text
            if event.event == "timer":
                limit, _sentence = limit_of(event.event_text)
                if limit:
                    net.steps.setdefault(shape.id, {})["limit"] = limit
            if event.type == "intermediateCatchEvent":
                net.bypass(event.id)
        shape.type, shape.name = "userTask", shape.name or _("Chờ sự kiện xảy ra trước")
        net.note(
            shape.id,
            _("Cổng chờ sự kiện %(name)s trở thành một việc: người phụ trách ghi nhận sự kiện nào đến trước.")
            % {"name": net.called(shape.id)},
        )


def _gateway(net: Net, key: str) -> None:
    shape = net.shapes[key]
    coming, leaving = net.into(key), net.out(key)
    if not leaving:
        shape.type = "endEvent"
        net.note(key, _("Cổng %(name)s không có lối ra; được hiểu là điểm kết thúc.") % {"name": net.called(key)})
    elif len(leaving) == 1 and (len(coming) < 2 or shape.type == "exclusiveGateway"):
        net.bypass(key)
        if net.start == key:
            net.start = leaving[0].target
    elif shape.type != "exclusiveGateway":
        _parallel(net, key, coming, leaving)


def _parallel(net: Net, key: str, coming: list[Way], leaving: list[Way]) -> None:
    shape = net.shapes[key]
    if shape.type == "complexGateway":
        net.note(key, _("Cổng phức hợp %(name)s được hiểu là tách hoặc gộp các nhánh song song.") % {"name": net.called(key)})
    inclusive = shape.type != "parallelGateway"
    if len(leaving) == 1:
        net.steps[key] = {"kind": "join", "maybe": inclusive}
        return
    if inclusive:
        _otherwise(leaving)
        if all(way.when for way in leaving) and not any(way.default for way in leaving):
            net.note(
                key, _("Mọi nhánh của cổng %(name)s đều có điều kiện; cần ít nhất một nhánh luôn được đi.") % {"name": net.called(key)}
            )
    if len(coming) > 1:
        join = like(shape, net.fresh("join"), "parallelGateway")
        net.insert_before(key, join, coming)
        net.steps[join.id] = {"kind": "join", "maybe": inclusive}
        net.note(key, _("Cổng %(name)s vừa gộp vừa tách; được chia thành hai bước.") % {"name": net.called(key)})
        if net.start == key:
            net.start = join.id
    net.steps[key] = {"kind": "split"}


def _otherwise(leaving: list[Way]) -> None:
    """The default way of an inclusive gateway is taken when no condition holds: we say so in a condition."""
    conditions = [way.when for way in leaving if way.when]
    for way in leaving:
        if way.default and conditions:
            any_of: dict[str, Any] = conditions[0] if len(conditions) == 1 else {"any": conditions}
            way.when = {"not": any_of}


def _branching_tasks(net: Net) -> None:
    """Several arrows out of a step without a gateway: actions when they are named, otherwise parallel branches."""
    for key in list(net.shapes):
        shape = net.shapes[key]
        ways = [way for way in net.out(key) if not way.chosen and way.own is None]
        if shape.type in GATEWAYS or len(ways) < 2 or (shape.own is not None and len(ways) != len(net.out(key))):
            continue
        names = {"name": net.called(key)}
        if shape.type in TASKS and all(way.name and not way.when for way in ways):
            for way in ways:
                way.chosen = True
            net.note(key, _("Các mũi tên có tên từ bước %(name)s trở thành các hành động để người xử lý chọn.") % names)
            continue
        gateway = like(shape, net.fresh("spread"), "inclusiveGateway" if any(way.when for way in ways) else "parallelGateway")
        net.insert_after(key, gateway, ways)
        _otherwise(ways)
        net.steps[gateway.id] = {"kind": "split"}
        net.note(key, _("Bước %(name)s có nhiều mũi tên ra; được hiểu là các nhánh song song.") % names)


def _choice(net: Net, key: str) -> None:
    """A choice by conditions stays one; a choice without conditions is made by a person: by the one before, where there is one."""
    ways = net.out(key)
    open_ways = [way for way in ways if not way.when]
    default = next((way for way in ways if way.default), None)
    if default is not None:
        default.when = None
    if len(open_ways) <= 1:
        net.steps[key] = {"kind": "choice"}
        if not open_ways and default is None:
            net.note(key, _("Cổng %(name)s chưa có đường đi cho trường hợp còn lại.") % {"name": net.called(key)})
        return
    question = net.shapes[key].name.rstrip(" ?:.")
    for way in ways:
        way.name = f"{question}: {way.name}" if question and way.name else way.name
        way.chosen, way.default = True, False
    before = net.into(key)
    if before and all(net.shapes[way.source].type in TASKS and _is_only_way(net, way) for way in before):
        net.note(
            key,
            _("Các lối ra của cổng %(name)s không có điều kiện; trở thành các hành động của bước đứng trước.") % {"name": net.called(key)},
        )
        net.bypass(key)
        return
    net.shapes[key].type = "userTask"
    net.shapes[key].name = net.shapes[key].name or _("Chọn hướng xử lý")
    net.note(key, _("Cổng %(name)s không có điều kiện; trở thành một việc để người phụ trách chọn hướng đi.") % {"name": net.called(key)})


def _is_only_way(net: Net, way: Way) -> bool:
    others = [other for other in net.out(way.source) if other is not way]
    return all(other.chosen for other in others) and net.shapes[way.source].own is None and not way.when
