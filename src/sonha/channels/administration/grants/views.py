"""The grants of registers: read, added, changed after a preview, removed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sonha.channels.administration.grants.forms import GrantForm
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import undo
from sonha.registry.declarations import Register, databases, register
from sonha.registry.grants import services
from sonha.registry.grants.models import RegisterGrant

KEY = "quyen-so"


@officials_only(Role.ADMINISTRATOR, Role.AUDITOR)
def listing(request: HttpRequest) -> HttpResponse:
    """All of them by register; `?so=` one register."""
    chosen = request.GET.get("so", "")
    rows = RegisterGrant.objects.select_related("unit", "user").order_by("pk")
    held: dict[str, list[RegisterGrant]] = {}
    for grant in rows:
        held.setdefault(grant.register, []).append(grant)
    groups = [
        (base, [(each, held.get(each.code, [])) for each in registers if not chosen or each.code == chosen])
        for base, registers in databases().items()
    ]
    context = {
        "groups": [(base, found) for base, found in groups if found],
        "registers": [each for registers in databases().values() for each in registers],
        "chosen": chosen,
        "may_write": request.actor.is_administrator,  # type: ignore[attr-defined]
    }
    return render(request, "administration/grants/list.html", context)


@officials_only(Role.ADMINISTRATOR)
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new grant, or one that is changed or removed. What is typed is shown in words first; `confirmed` saves it."""
    actor = request.actor  # type: ignore[attr-defined]
    grant = get_object_or_404(RegisterGrant.objects.select_related("unit", "user"), pk=pk) if pk else None
    if grant and request.method == "POST" and "remove" in request.POST:
        services.remove(actor, grant)
        messages.success(request, _("Đã bỏ quyền này. Lấy lại được trong lịch sử thay đổi."))
        return redirect("administration:grants")
    initial = GrantForm.initial_of(grant) if grant else {"register": request.GET.get("so", "")}
    form = GrantForm(request.POST or None, initial=initial)
    preview = None
    if request.method == "POST" and form.is_valid():
        said = RegisterGrant(pk=pk, **form.values())
        problems = services.mistakes(said)
        for name, sentence in problems.items():
            form.add_error({"fields": "fields_shown"}.get(name, name), sentence)
        if not problems and "confirmed" in request.POST and _saved(request, form, grant):
            return redirect("administration:grants")
        if not problems:
            preview = in_words(said)
    kept = undo.lists()[KEY]
    changes = undo.changes(actor, KEY, row=grant.pk, limit=10) if grant else []
    context = {
        "grant": grant,
        "form": form,
        "preview": preview,
        "changes": [{"change": each, "differing": undo.differing(kept, each)} for each in changes],
        "fields": _fields(form["register"].value()),
        "may_write": True,
        "key": KEY,
    }
    return render(request, "administration/grants/edit.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: GrantForm, grant: RegisterGrant | None) -> bool:
    try:
        services.write(request.actor, form.values(), of=grant)  # type: ignore[attr-defined]
    except ValidationError as refused:
        for sentence in refused.messages:
            form.add_error(None, sentence)
        return False
    messages.success(request, _("Đã lưu quyền."))
    return True


def in_words(grant: RegisterGrant) -> list[str]:
    """What a grant means, as sentences."""
    declared = register(grant.register)
    reach = services.reach(grant)
    who = str(grant.get_audience_display())
    if grant.unit:
        who = _("%(who)s của %(unit)s") % {"who": who, "unit": grant.unit.name}
    if grant.user:
        who = str(grant.user)
    lines = [_("%(who)s được: %(what)s «%(register)s».") % {"who": who, "what": grant.get_level_display(), "register": declared.title}]
    if reach is not None:
        lines.append(_("Hôm nay có %(count)d cán bộ được quyền này.") % {"count": reach})
    lines.append(_("Trên toàn tỉnh.") if grant.everywhere else _("Chỉ trong địa bàn của đơn vị người đó."))
    if grant.personal:
        lines.append(_("Thấy cả dữ liệu cá nhân."))
    if grant.secret:
        lines.append(_("Thấy cả thông tin mật."))
    if grant.fields:
        titles = [str(declared.field(name).title) for name in grant.fields]
        lines.append(_("Chỉ thấy: %(fields)s.") % {"fields": ", ".join(titles)})
    return lines


def _fields(code: Any) -> list[tuple[str, Any]]:
    """(name, title) of the fields of the chosen register, to pick from."""
    try:
        declared: type[Register] = register(str(code))
    except LookupError:
        return []
    return [(each.name, each.title) for each in declared.fields()]
