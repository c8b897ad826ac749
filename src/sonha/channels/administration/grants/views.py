"""The grants of registers: read, added, changed after a preview, removed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from sonha.channels.administration.changes import telling
from sonha.channels.administration.grants.forms import GrantForm
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
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
    """A new grant, or one that is changed or removed; seen in words before it is saved."""
    actor = request.actor  # type: ignore[attr-defined]
    grant = get_object_or_404(RegisterGrant.objects.select_related("unit", "user"), pk=pk) if pk else None
    if grant and request.method == "POST" and "remove" in request.POST and not previews.going_back(request):
        title, save = _("Bỏ quyền"), _("Bỏ quyền này")
        if page := previews.first(request, KEY, lambda: services.remove(actor, grant), title=title, save=save):
            return page
        messages.success(request, _("Đã bỏ quyền này. Lấy lại được trong lịch sử thay đổi."))
        return redirect("administration:grants")
    initial = GrantForm.initial_of(grant) if grant else {"register": request.GET.get("so", "")}
    form = GrantForm(request.POST or None, initial=initial)
    page = None
    try:
        page = previews.sent(
            request, KEY, form, lambda: services.write(actor, form.values(), of=grant), title=_("Sửa quyền") if grant else _("Thêm quyền"),
            then=lambda: (_("Đã lưu quyền."), reverse("administration:grants")),
        )  # fmt: skip
    except ValidationError as refused:
        _say(form, refused)
    if page:
        return page
    context = {
        "grant": grant,
        "form": form,
        "changes": telling.of_row(actor, KEY, grant.pk) if grant else [],
        "fields": _fields(form["register"].value()),
        "may_write": True,
    }
    return render(request, "administration/grants/edit.html", context, status=422 if form.errors else 200)


def _say(form: GrantForm, refused: ValidationError) -> None:
    """Puts what is wrong where it was typed."""
    for name, sentences in refused.message_dict.items():
        place = {"fields": "fields_shown", "user": "username"}.get(name, name)
        for sentence in sentences:
            form.add_error(place if place in form.fields else None, sentence)


def _fields(code: Any) -> list[tuple[str, Any]]:
    """(name, title) of the fields of the chosen register, to pick from."""
    try:
        declared: type[Register] = register(str(code))
    except LookupError:
        return []
    return [(each.name, each.title) for each in declared.fields()]
