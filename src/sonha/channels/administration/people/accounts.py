"""Accounts: the list, one account, and what an administrator may do with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sonha.channels.administration.changes import telling
from sonha.channels.administration.people.forms import REASONS, EndForm, FilterForm, OfficialForm, PersonForm, PositionForm
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.foundation.audit.selectors import events_for
from sonha.foundation.identity import services
from sonha.foundation.identity.lockout import is_locked
from sonha.foundation.identity.models import Representation, User
from sonha.foundation.organisations import people
from sonha.foundation.organisations.models import Position, Substitution, Unit

KEY = "tai-khoan"
PAGE = 50
READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


@officials_only(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first, fifty a page; `?truoc=<id>` continues below."""
    actor = request.actor  # type: ignore[attr-defined]
    form = FilterForm(request.GET)
    form.is_valid()
    said = form.cleaned_data
    rows = people.matching(people.accounts(actor), said.get("q", ""))
    rows = people.holding(rows, unit=said.get("don_vi"), role=said.get("vai_tro", ""))
    if said.get("loai"):
        rows = rows.filter(kind=said["loai"])
    if said.get("trang_thai"):
        rows = rows.filter(is_active=said["trang_thai"] == "1")
    before = request.GET.get("truoc", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    held: dict[int, list[Position]] = {}
    for position in Position.objects.on(timezone.localdate()).filter(user__in=shown).select_related("unit").order_by("pk"):
        held.setdefault(position.user_id, []).append(position)
    context = {
        "form": form,
        "rows": [(user, held.get(user.pk, [])) for user in shown],
        "more": shown[-1].pk if len(found) > PAGE else None,
        "may_write": actor.is_administrator,
    }
    return render(request, "administration/people/accounts.html", context)


@officials_only(Role.ADMINISTRATOR)
def create(request: HttpRequest) -> HttpResponse:
    """A new official; the next page gives the first position."""
    actor = request.actor  # type: ignore[attr-defined]
    form = OfficialForm(request.POST or None)

    def then() -> tuple[str, str]:
        user = User.objects.get(username=form.cleaned_data["username"])
        address = reverse("administration:account_detail", args=[user.pk])
        return _("Đã tạo tài khoản. Tiếp theo: giao vị trí, rồi gửi thư đặt mật khẩu."), address

    shown = previews.sent(
        request, KEY, form, lambda: services.create_official(actor, **form.cleaned_data), title=_("Thêm cán bộ"), then=then
    )
    return shown or render(request, "administration/people/create.html", {"form": form}, status=422 if form.errors else 200)


@officials_only(*READERS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: who, positions, who stands in, whom it represents, what happened to it. Posting corrects the person's data."""
    actor = request.actor  # type: ignore[attr-defined]
    user = get_object_or_404(people.accounts(actor), pk=pk)
    form = PersonForm(request.POST or None, user=user, initial={"full_name": user.full_name, "email": user.email, "phone": user.phone})
    if request.method == "POST" and not actor.is_administrator:
        raise PermissionDenied
    shown = previews.sent(
        request, KEY, form, lambda: services.edit_account(actor, user, **form.cleaned_data),
        title=_("Sửa tài khoản %(name)s") % {"name": user},
        then=lambda: (_("Đã lưu thông tin."), reverse("administration:account_detail", args=[pk])),
    )  # fmt: skip
    return shown or page(request, user, form=form)


def page(request: HttpRequest, user: User, **forms: Any) -> HttpResponse:
    """The page of an account; status 422 when one of its forms was refused."""
    actor = request.actor  # type: ignore[attr-defined]
    initial = {"full_name": user.full_name, "email": user.email, "phone": user.phone}
    context = {
        "account": user,
        "form": forms.get("form") or PersonForm(user=user, initial=initial),
        "position_form": forms.get("position_form") or PositionForm(),
        "end_form": forms.get("end_form") or EndForm(initial={"valid_to": timezone.localdate()}),
        "ending": forms.get("ending"),
        "title_form": forms.get("title_form"),
        "titling": forms.get("titling"),
        "positions": people.positions(user),
        "substitutions": people.substitutions(actor).filter(pk__in=_about(user)),
        "representations": Representation.objects.filter(user=user).select_related("party").order_by("-pk"),
        "factors": Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("pk"),
        "locked": is_locked(user),
        "events": events_for(actor, user).reverse()[:30],
        "changes": _changes(actor, user),
        "may_write": actor.is_administrator,
        "reasons": REASONS,
        "units": Unit.objects.on(timezone.localdate()).order_by("path") if actor.is_administrator else (),
        "today": timezone.localdate(),
    }
    refused = any(form.errors for form in forms.values() if hasattr(form, "errors"))
    return render(request, "administration/people/account.html", context, status=422 if refused else 200)


def _changes(actor: Any, user: User) -> list[dict[str, Any]]:
    """The last changes that people made of the account and of its posts, newest first."""
    posts = Position.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)[:5]
    found = [*telling.of_row(actor, KEY, user.pk, limit=5), *(row for pk in posts for row in telling.of_row(actor, "vi-tri", pk, limit=3))]
    return sorted((row for row in found if row["change"].user_id), key=lambda row: row["change"].at, reverse=True)[:8]


def _about(user: User) -> Any:
    return (Substitution.objects.filter(absent=user) | Substitution.objects.filter(substitute=user)).values("pk")


@dataclass(frozen=True)
class Act:
    """What is done to an account; with a title it is seen before. `lines` say what the account's own fields do not."""

    work: Callable[[], object]
    title: str
    done: str
    lines: list[str] = field(default_factory=list)


def _deactivate(request: HttpRequest, actor: Any, user: User) -> Act:
    chosen = request.POST.get("reason", "")
    reason = next((str(each) for each in REASONS if str(each) == chosen), "")
    if not reason:
        raise ValueError(_("Xin chọn lý do ngừng tài khoản."))
    return Act(
        lambda: services.deactivate(actor, user, reason=reason),
        _("Ngừng tài khoản %(name)s") % {"name": user},
        _("Đã ngừng tài khoản. Mọi phiên đăng nhập và mã truy cập của tài khoản này không dùng được nữa."),
        [_("Lý do: %(reason)s.") % {"reason": reason}],
    )


def _reactivate(request: HttpRequest, actor: Any, user: User) -> Act:
    title = _("Cho tài khoản %(name)s hoạt động lại") % {"name": user}
    return Act(lambda: services.reactivate(actor, user), title, _("Tài khoản đã hoạt động lại."))


def _second_factor(request: HttpRequest, actor: Any, user: User) -> Act:
    return Act(
        lambda: services.reset_second_factor(actor, user),
        _("Bỏ lớp xác thực thứ hai của %(name)s") % {"name": user},
        _("Đã bỏ các lớp xác thực thứ hai. Người dùng bật lại khi đăng nhập lần sau."),
        [_("Ứng dụng xác thực và khoá truy cập của người này bị bỏ hết; việc này không lấy lại được.")],
    )


def _unlock(request: HttpRequest, actor: Any, user: User) -> Act:
    return Act(lambda: services.unlock_sign_in(actor, user), "", _("Đã mở khoá đăng nhập."))


def _invite(request: HttpRequest, actor: Any, user: User) -> Act:
    return Act(lambda: services.invite(actor, user, request), "", _("Đã gửi thư đặt mật khẩu tới %(email)s.") % {"email": user.email})


ACTS: dict[str, Callable[[HttpRequest, Any, User], Act]] = {
    "ngung": _deactivate,
    "hoat-dong-lai": _reactivate,
    "bo-lop-hai": _second_factor,
    "mo-khoa": _unlock,
    "gui-thu": _invite,
}


@require_POST
@officials_only(Role.ADMINISTRATOR)
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One act upon an account, named in the address."""
    if act not in ACTS:
        raise Http404
    actor = request.actor  # type: ignore[attr-defined]
    user = get_object_or_404(people.accounts(actor), pk=pk)
    try:
        chosen = ACTS[act](request, actor, user)
        if previews.going_back(request):
            return redirect("administration:account_detail", pk=pk)
        if not chosen.title:
            chosen.work()
        elif shown := previews.first(request, KEY, chosen.work, title=chosen.title, lines=chosen.lines):
            return shown
        messages.success(request, chosen.done)
    except ValueError as refused:
        messages.error(request, str(refused))
    return redirect("administration:account_detail", pk=pk)
