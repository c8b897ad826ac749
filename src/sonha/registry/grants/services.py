"""Writing grants: administrators only, each change audited and kept in history."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.services import record
from sonha.foundation.organisations.models import Position
from sonha.registry.declarations import register

from .models import EVERYBODY, SIGNED_IN, RegisterGrant
from .rights import content_fields

OPEN = (EVERYBODY, SIGNED_IN)


class NotAnAdministrator(Exception):
    """Only administrators write grants."""


@transaction.atomic
def write(actor: Actor, values: Mapping[str, Any], *, of: RegisterGrant | None = None) -> RegisterGrant:
    """Adds a grant or changes `of`. `values`: register, audience, unit, user, level, personal, secret, fields, everywhere, valid_from,
    valid_to, source. ValidationError by field; NotAnAdministrator.
    """
    _check(actor)
    grant = of or RegisterGrant()
    for name, value in values.items():
        setattr(grant, name, value)
    problems = mistakes(grant)
    if problems:
        raise ValidationError(problems)
    grant.full_clean()
    grant.save()
    _tell("grant.changed", grant, actor)
    return grant


@transaction.atomic
def remove(actor: Actor, grant: RegisterGrant) -> None:
    """A declared grant is ended yesterday rather than removed: the declaration would bring it back."""
    _check(actor)
    _tell("grant.removed", grant, actor)
    if grant.declared:
        grant.valid_to = timezone.localdate() - timedelta(days=1)
        grant.valid_from = min(grant.valid_from, grant.valid_to) if grant.valid_from else None
        grant.save()
    else:
        grant.delete()


def mistakes(grant: RegisterGrant) -> dict[str, str]:
    """What must not be granted, by field: personal and secret data never go to everybody, fields must exist, dates must be in order."""
    found: dict[str, str] = {}
    try:
        declared = register(grant.register)
    except LookupError:
        return {"register": _("Không có sổ này.")}
    if grant.audience in OPEN and (grant.personal or grant.secret):
        found["personal" if grant.personal else "secret"] = _("Dữ liệu cá nhân và thông tin mật không được mở cho mọi người.")
    if grant.audience in OPEN and grant.level >= RegisterGrant.Level.EDIT:
        found["level"] = _("Chỉ cán bộ giữ một vị trí mới được giao cập nhật.")
    if grant.audience in OPEN and not grant.everywhere:
        found["everywhere"] = _("Quyền cho mọi người phải là quyền trên toàn tỉnh.")
    unknown = sorted(set(grant.fields) - content_fields(declared))
    if unknown:
        found["fields"] = _("Sổ này không có trường: %(names)s.") % {"names": ", ".join(unknown)}
    elif grant.audience == EVERYBODY and set(grant.fields or content_fields(declared)) & (declared.personal | declared.secret):
        found["fields"] = _("Hãy chọn các trường được công khai; không gồm dữ liệu cá nhân và trường mật.")
    if grant.valid_from and grant.valid_to and grant.valid_to < grant.valid_from:
        found["valid_to"] = _("Ngày cuối phải từ ngày đầu trở đi.")
    return found


def reach(grant: RegisterGrant) -> int | None:
    """How many officials the grant is for today; None for everybody."""
    if grant.audience in OPEN:
        return None
    held = Position.objects.on(timezone.localdate()).filter(role=grant.audience, user__is_active=True)
    if grant.unit_id:
        held = held.filter(unit__path__startswith=grant.unit.path)  # type: ignore[union-attr]
    if grant.user_id:
        held = held.filter(user_id=grant.user_id)
    return held.values("user").distinct().count()


def _check(actor: Actor) -> None:
    if not (actor.is_administrator or actor.is_system):
        raise NotAnAdministrator


def _tell(verb: str, grant: RegisterGrant, actor: Actor) -> None:
    payload = {"number": grant.pk or 0, "register": grant.register, "audience": str(grant.audience)}
    record(verb, subject=("grants", grant.register), actor=actor, payload=payload)
