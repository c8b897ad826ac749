"""Writes of accounts and of the right to act for others."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sonha.foundation.audit.services import record
from sonha.foundation.identity.errors import NotAllowed, Refused
from sonha.foundation.identity.models import Party, Representation, User

TAKEN = {
    "personal_id": gettext_lazy(
        "Số định danh này đã có trong hệ thống. Nếu là số của ông/bà, xin đăng nhập hoặc chọn “Quên mật khẩu”; "
        "nếu chưa từng có tài khoản, xin mang căn cước đến bộ phận một cửa."
    ),
    "tax_code": gettext_lazy(
        "Mã số thuế này đã có trong hệ thống. Người đại diện đã có tài khoản có thể uỷ quyền cho ông/bà; "
        "nếu chưa ai có, xin mang giấy đăng ký doanh nghiệp đến bộ phận một cửa."
    ),
    "username": gettext_lazy("Tên đăng nhập này đã có người dùng, xin chọn tên khác."),
}
CONSTRAINTS = {
    "party_personal_id_unique": "personal_id",
    "party_tax_code_unique": "tax_code",
    "user_username_ci_unique": "username",
    "identity_user_username_key": "username",
}


class IdentifierTaken(ValueError):
    """Someone else was faster; `field` names what is taken and the text says what to do."""

    def __init__(self, field: str) -> None:
        super().__init__(str(TAKEN[field]))
        self.field = field


@contextmanager
def naming_what_is_taken() -> Iterator[None]:
    """Turns a broken uniqueness rule of the database into IdentifierTaken."""
    try:
        yield
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if broken not in CONSTRAINTS:
            raise
        raise IdentifierTaken(CONSTRAINTS[broken]) from error


def known_identifiers(personal_id: str, tax_code: str, *, besides: int | None = None) -> list[str]:
    """Which of the two numbers already name somebody: `personal_id`, `tax_code`."""
    asked = {name: value for name, value in (("personal_id", personal_id), ("tax_code", tax_code)) if value}
    others = Party.objects.all() if besides is None else Party.objects.exclude(pk=besides)
    return [name for name, value in asked.items() if others.filter(**{name: value}).exists()]


def attach_person(user: User, said: Mapping[str, Any]) -> None:
    """The person behind a new account and, with a tax code, the organisation it represents. Call within a transaction.

    `said`: name, personal_id, birth_date, phone, address, kind, organisation_name, tax_code, organisation_address.
    """
    user.full_name, user.phone = said["name"], said.get("phone", "")
    user.party = Party.objects.create(
        kind=Party.Kind.PERSON,
        name=said["name"],
        personal_id=said["personal_id"],
        birth_date=said.get("birth_date"),
        phone=said.get("phone", ""),
        address=said.get("address", ""),
        email=user.email,
    )
    user.save(update_fields=["full_name", "phone", "party"])
    if said.get("tax_code"):
        organisation = Party.objects.create(
            kind=said["kind"],
            name=said["organisation_name"],
            tax_code=said["tax_code"],
            address=said.get("organisation_address", ""),
            phone=said.get("phone", ""),
            email=user.email,
        )
        basis = _("Tự khai khi tạo tài khoản; đối chiếu khi nộp hồ sơ đầu tiên")
        today = timezone.localdate()
        Representation.objects.create(party=organisation, user=user, kind=Representation.Kind.LEGAL, basis=basis, valid_from=today)
    record("account.signed_up", subject=user, actor=None, payload={"account": user.pk, "kind": said["kind"]})


def grantable_parties(actor: Any) -> list[Party]:
    """Whom the actor may let others act for: oneself, and whom one represents by law. A proxy cannot hand the right on."""
    if actor.user is None:
        return []
    today = timezone.localdate()
    by_law = Representation.objects.on(today).filter(user=actor.user, kind=Representation.Kind.LEGAL).values("party_id")
    return list(Party.objects.filter(Q(pk=actor.user.party_id) | Q(pk__in=by_law)).order_by("kind", "name"))


@transaction.atomic
def grant_representation(
    actor: Any, party: Party, account_name: str, *, valid_from: date, valid_to: date | None, basis: str
) -> Representation:
    """Lets the citizen account of this name, e-mail or personal number act for `party`. Refused says what does not fit."""
    if party not in grantable_parties(actor):
        raise Refused(_("Ông/bà chỉ uỷ quyền được cho chính mình hoặc tổ chức mình đại diện theo pháp luật."))
    said = account_name.strip()
    named = Q(username__iexact=said) | Q(email__iexact=said) | Q(party__personal_id=said)
    found = list(User.objects.filter(named, is_active=True, kind=User.Kind.CITIZEN)[:2]) if said else []
    if len(found) != 1:
        raise Refused(_("Không tìm thấy tài khoản người dân nào như vậy. Xin hỏi người ấy tên đăng nhập."), "account")
    user = found[0]
    today = timezone.localdate()
    if user == actor.user:
        raise Refused(_("Ông/bà không cần uỷ quyền cho chính mình."), "account")
    if valid_from < today:
        raise Refused(_("Ngày bắt đầu không được trước hôm nay."), "valid_from")
    if valid_to is not None and valid_to < valid_from:
        raise Refused(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), "valid_to")
    Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    overlapping = Representation.objects.filter(party=party, user=user, ended_at=None).filter(
        Q(valid_to=None) | Q(valid_to__gte=valid_from)
    )
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_to)
    if overlapping.exists():
        raise Refused(_("Người này đang được nộp thay trong thời gian ấy; muốn đổi, xin chấm dứt uỷ quyền cũ trước."), "account")
    granted = Representation.objects.create(
        party=party, user=user, kind=Representation.Kind.PROXY, basis=basis.strip(), valid_from=valid_from, valid_to=valid_to
    )
    payload = {"account": user.pk, "party": party.pk, "valid_from": valid_from, "valid_to": valid_to}
    record("representation.granted", subject=party, actor=actor, payload=payload)
    return granted


@transaction.atomic
def end_representation(actor: Any, representation_id: int) -> Representation:
    """Ends a right to act at once; either side may. LookupError when it is not the actor's or has ended already."""
    today = timezone.localdate()
    row = Representation.objects.select_for_update(of=("self",)).select_related("party", "user").filter(pk=representation_id).first()
    given = row is not None and row.party in grantable_parties(actor)
    held = row is not None and actor.user is not None and row.user_id == actor.user.pk
    if row is None or row.kind != Representation.Kind.PROXY or not (given or held) or not row.is_open(today):
        raise LookupError(_("Không có uỷ quyền nào như vậy đang còn hiệu lực."))
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record("representation.ended", subject=row.party, actor=actor, payload={"account": row.user_id, "party": row.party_id})
    return row


def _administrators_only(actor: Any) -> None:
    if not actor.is_administrator:
        raise NotAllowed


@transaction.atomic
def create_official(actor: Any, *, username: str, full_name: str, email: str, phone: str = "") -> User:
    """A new account of an official, without a password: it is set through the link that `invite` mails. IdentifierTaken."""
    _administrators_only(actor)
    with naming_what_is_taken():
        user = User.objects.create_user(username, None, full_name=full_name, email=email, phone=phone, kind=User.Kind.OFFICIAL)
    record("account.created", subject=user, actor=actor, payload={"account": user.pk})
    return user


@transaction.atomic
def edit_account(actor: Any, user: User, *, full_name: str, email: str, phone: str) -> None:
    """Corrects what an account says of itself."""
    _administrators_only(actor)
    user.full_name, user.email, user.phone = full_name, email, phone
    user.save(update_fields=["full_name", "email", "phone"])
    record("account.edited", subject=user, actor=actor, payload={"account": user.pk})


@transaction.atomic
def deactivate(actor: Any, user: User, *, reason: str) -> None:
    """Shuts an account at once: its sessions and tokens stop working. What it did stays. ValueError for one's own account."""
    _administrators_only(actor)
    if user == actor.user:
        raise ValueError(_("Ông/bà không thể tự ngừng tài khoản của mình; xin nhờ quản trị khác."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("account.deactivated", subject=user, actor=actor, payload={"account": user.pk, "reason": reason})


@transaction.atomic
def reactivate(actor: Any, user: User) -> None:
    """Lets an account sign in again."""
    _administrators_only(actor)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("account.reactivated", subject=user, actor=actor, payload={"account": user.pk})


def check_taking_back(actor: Any, row: int, before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> None:
    """ValueError, in words, when an account cannot become again what it was `before`: it never goes, nor does one shut one's own."""
    if before is None:
        raise ValueError(_("Tài khoản không bị xoá: nhật ký còn nhắc tới nó. Hãy ngừng tài khoản."))
    if actor.user_id == row and not before["is_active"]:
        raise ValueError(_("Ông/bà không thể tự ngừng tài khoản của mình; xin nhờ quản trị khác."))
    if before["email"] and User.objects.filter(email__iexact=before["email"]).exclude(pk=row).exists():
        raise ValueError(_("Thư điện tử trước đây nay đã dùng cho một tài khoản khác."))


@transaction.atomic
def reset_second_factor(actor: Any, user: User) -> int:
    """Takes away every second factor, for who lost the telephone; officials are asked for a new one. Returns how many there were."""
    from allauth.mfa.models import Authenticator

    _administrators_only(actor)
    removed, _rows = Authenticator.objects.filter(user=user).delete()
    record("account.second_factor_reset", subject=user, actor=actor, payload={"account": user.pk, "removed": removed})
    return removed


@transaction.atomic
def unlock_sign_in(actor: Any, user: User) -> None:
    """Forgets the wrong passwords typed for an account."""
    from sonha.foundation.identity.lockout import unlock

    _administrators_only(actor)
    unlock(user)
    record("account.unlocked", subject=user, actor=actor, payload={"account": user.pk})


@transaction.atomic
def invite(actor: Any, user: User, request: HttpRequest) -> None:
    """Mails the link by which the owner of the account sets a password. ValueError without an e-mail address."""
    from sonha.foundation.identity.invitation import send_password_link

    _administrators_only(actor)
    if not user.email:
        raise ValueError(_("Tài khoản chưa có thư điện tử; xin ghi địa chỉ trước."))
    record("account.invited", subject=user, actor=actor, payload={"account": user.pk})
    transaction.on_commit(lambda: send_password_link(user, request))
