"""Import, first part: sub-processes, starts, waiting and boundary events become steps, limits and actions of ours."""

from django.utils.translation import gettext as _

from sonha.process.bpmn.actors import limit_of
from sonha.process.bpmn.net import Net, Way, like
from sonha.process.bpmn.reading import GROUPS

EVENT_NAMES = {
    "message": "thông điệp", "timer": "hẹn giờ", "signal": "tín hiệu", "error": "lỗi", "escalation": "báo cấp trên",
    "conditional": "điều kiện", "link": "liên kết", "compensate": "bù trừ", "cancel": "huỷ", "terminate": "chấm dứt",
}  # fmt: skip


def adopt_events(net: Net) -> None:
    _flatten(net)
    _boundaries(net)
    _links(net)
    _intermediates(net)
    _starts(net)


def _what(event: str) -> str:
    return _(EVENT_NAMES.get(event, event))


def _flatten(net: Net) -> None:
    """The steps of an embedded sub-process take its place. Innermost first, because ways out of the inside lead on."""
    groups = [shape for shape in net.shapes.values() if shape.type in GROUPS and shape.own is None]
    for group in sorted(groups, key=lambda group: -_depth(net, group.id)):
        inside = [shape for shape in net.shapes.values() if shape.parent == group.id]
        if group.attributes.get("triggeredByEvent") == "true":
            net.note(group.id, _("Bỏ quy trình con %(name)s vì nó chạy theo sự kiện.") % {"name": net.called(group.id)})
            for shape in inside:
                net.remove(shape.id)
            net.remove(group.id)
            continue
        if not inside:
            group.type = "callActivity"
            net.note(
                group.id,
                _("Quy trình con %(name)s không có bước nào; được coi là lời gọi một quy trình khác.") % {"name": net.called(group.id)},
            )
            continue
        if group.repeats:
            net.note(group.id, _("Quy trình con %(name)s vốn lặp nhiều lần; ở đây chỉ thực hiện một lần.") % {"name": net.called(group.id)})
        if group.type == "adHocSubProcess":
            net.note(group.id, _("Các bước trong %(name)s vốn không có thứ tự; hãy kiểm tra lại thứ tự.") % {"name": net.called(group.id)})
        _open_group(net, group.id)


def _open_group(net: Net, key: str) -> None:
    group = net.shapes[key]
    inside = [shape for shape in net.shapes.values() if shape.parent == key]
    starts = [shape for shape in inside if shape.type == "startEvent"] or [shape for shape in inside if not net.into(shape.id)][:1]
    for boundary in [shape for shape in net.shapes.values() if shape.attributes.get("attachedToRef") == key]:
        net.note(boundary.id, _("Bỏ sự kiện gắn vào cả nhóm %(name)s: thời hạn chỉ đặt được cho từng bước.") % {"name": net.called(key)})
        net.remove(boundary.id)
    if not starts:
        starts = inside[:1]
    entry, onward = starts[0].id, net.out(key)
    ends = [shape.id for shape in inside if shape.type == "endEvent" and shape.event != "terminate"]
    for way in net.into(key):
        way.target = entry
    if len(onward) > 1:
        gateway = like(group, net.fresh("spread"), "parallelGateway")
        net.insert_after(key, gateway, onward)
        onward = net.out(key)
    for end in ends:
        if onward:
            for way in net.into(end):
                way.target = onward[0].target
            net.remove(end)
    for shape in inside:
        shape.parent, shape.lanes, shape.own_lane = group.parent, shape.lanes or group.lanes, shape.own_lane or group.own_lane
    if net.shapes.get(entry) is not None and net.shapes[entry].type == "startEvent" and (net.into(entry) or group.parent):
        net.bypass(entry)
    for other in starts[1:]:
        net.note(other.id, _("Nhóm %(name)s có nhiều điểm bắt đầu; chỉ giữ điểm đầu tiên.") % {"name": net.called(key)})
        net.remove(other.id)
    net.note(key, _("Các bước trong nhóm %(name)s được đưa ra quy trình chính.") % {"name": net.called(key)})
    net.remove(key)


def _depth(net: Net, key: str) -> int:
    depth = 0
    while key in net.shapes and net.shapes[key].parent:
        key, depth = net.shapes[key].parent, depth + 1
    return depth


def _boundaries(net: Net) -> None:
    """A timer becomes the limit of its step; a way out of it becomes an action when it interrupts the step."""
    for shape in [shape for shape in net.shapes.values() if shape.type == "boundaryEvent"]:
        host = shape.attributes.get("attachedToRef", "").rpartition(":")[2]
        if host not in net.shapes:
            net.note(shape.id, _("Bỏ sự kiện %(name)s vì không gắn vào bước nào.") % {"name": net.called(shape.id)})
            net.remove(shape.id)
            continue
        if shape.event == "timer":
            _limit(net, host, shape.id, shape.event_text)
        interrupts = shape.attributes.get("cancelActivity", "true") != "false"
        names = {"name": net.called(host), "event": _what(shape.event)}
        onward = net.out(shape.id)
        if onward and interrupts and shape.event != "compensate":
            for way in onward:
                title = way.name or shape.name or (_("Quá hạn") if shape.event == "timer" else _what(shape.event).capitalize())
                net.ways.append(Way(host, way.target, title, chosen=True))
            net.note(shape.id, _("Đường đi khi có sự kiện %(event)s ở bước %(name)s trở thành một hành động để người xử lý chọn.") % names)
        elif onward:
            net.note(
                shape.id, _("Bỏ đường đi phụ khi có sự kiện %(event)s ở bước %(name)s; hệ thống tự nhắc việc và báo cấp trên.") % names
            )
        elif shape.event != "timer":
            net.note(shape.id, _("Bỏ sự kiện %(event)s gắn ở bước %(name)s.") % names)
        net.remove(shape.id)


def _limit(net: Net, host: str, event: str, text: str) -> None:
    limit, sentence = limit_of(text)
    if limit and "limit" not in net.steps.setdefault(host, {}):
        net.steps[host]["limit"] = limit
        net.note(
            event,
            _("Hẹn giờ ở bước %(name)s trở thành thời hạn của bước; hãy kiểm tra là ngày thường hay ngày làm việc.")
            % {"name": net.called(host)},
        )
    elif limit:
        sentence = _("Bước %(name)s có nhiều hẹn giờ; chỉ giữ hẹn giờ đầu tiên làm thời hạn.") % {"name": net.called(host)}
    if sentence:
        net.note(event, sentence)


def _links(net: Net) -> None:
    """A thrown link goes on where the link of the same name is caught."""
    caught = {
        shape.event_text or shape.name: shape.id
        for shape in net.shapes.values()
        if shape.type == "intermediateCatchEvent" and shape.event == "link"
    }
    for shape in [shape for shape in net.shapes.values() if shape.type == "intermediateThrowEvent" and shape.event == "link"]:
        if target := caught.get(shape.event_text or shape.name):
            net.ways.append(Way(shape.id, target))
            net.bypass(shape.id)
        else:
            net.note(shape.id, _("Liên kết %(name)s không có điểm đến.") % {"name": net.called(shape.id)})
    for key in caught.values():
        net.bypass(key)


def _intermediates(net: Net) -> None:
    """Waiting becomes a task that somebody confirms; throwing is passed over. Events behind an event gateway are left to it."""
    for shape in list(net.shapes.values()):
        if shape.type not in {"intermediateCatchEvent", "intermediateThrowEvent"} or shape.own is not None:
            continue
        names = {"name": net.called(shape.id), "event": _what(shape.event)}
        behind_choice = any(net.shapes[way.source].type == "eventBasedGateway" for way in net.into(shape.id))
        if shape.type == "intermediateThrowEvent" or not shape.event:
            net.note(shape.id, _("Bỏ sự kiện trung gian %(name)s; quy trình đi thẳng qua.") % names)
            net.bypass(shape.id)
        elif not behind_choice:
            shape.type = "userTask"
            shape.name = shape.name or _("Chờ %(event)s") % names
            if shape.event == "timer":
                limit, sentence = limit_of(shape.event_text)
                if limit:
                    net.steps.setdefault(shape.id, {})["limit"] = limit
                if sentence:
                    net.note(shape.id, sentence)
            net.note(shape.id, _("Sự kiện chờ %(name)s trở thành một việc để người phụ trách xác nhận.") % names)


def _starts(net: Net) -> None:
    starts = [shape for shape in net.shapes.values() if shape.type == "startEvent"]
    plain = [shape for shape in starts if not shape.event] or starts
    if not starts and all(shape.own is not None for shape in net.shapes.values()):
        return
    if not starts:
        first = next((key for key in net.shapes if not net.into(key)), next(iter(net.shapes), ""))
        if first:
            net.start = first
            net.note(first, _("Tệp không có điểm bắt đầu; quy trình bắt đầu từ %(name)s.") % {"name": net.called(first)})
        return
    start = plain[0]
    if start.event:
        net.note(start.id, _("Quy trình vốn bắt đầu khi có %(event)s; ở đây do người dùng bắt đầu.") % {"event": _what(start.event)})
    for other in starts:
        if other is not start:
            net.note(other.id, _("Có nhiều điểm bắt đầu; bỏ điểm %(name)s.") % {"name": net.called(other.id)})
            net.remove(other.id)
    onward = net.out(start.id)
    if len(onward) > 1:
        gateway = like(start, net.fresh("spread"), "parallelGateway")
        net.insert_after(start.id, gateway, onward)
        net.note(start.id, _("Điểm bắt đầu có nhiều mũi tên; được hiểu là các nhánh song song."))
        onward = net.out(start.id)
    net.start = onward[0].target if onward else ""
    if not net.start:
        net.note(start.id, _("Điểm bắt đầu không nối với bước nào."))
    net.remove(start.id)
