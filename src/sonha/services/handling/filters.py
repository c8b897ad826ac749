"""Saved filters: each person's own, by list."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.process.cases.errors import ActionRefused
from sonha.services.dossiers.filters import PARAMETERS
from sonha.services.handling.models import SavedFilter

MOST = 20
LONGEST = 200
KEPT = {
    SavedFilter.Page.DOSSIERS: frozenset(PARAMETERS.values()),
    SavedFilter.Page.WORK: frozenset({"q", "step", "late", "held"}),
    SavedFilter.Page.UNIT_WORK: frozenset({"q", "step", "late", "held"}),
}
"""The parameters of each list that a filter keeps; paging is not among them."""


def saved(actor: Actor, page: str) -> QuerySet[SavedFilter]:
    """The actor's own filters of one list."""
    return SavedFilter.objects.filter(user_id=actor.user_id, page=page) if actor.user_id else SavedFilter.objects.none()


def kept(page: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Those parameters of an address that narrow or order the list."""
    return {name: value.strip()[:LONGEST] for name, value in parameters.items() if name in KEPT[SavedFilter.Page(page)] and value.strip()}


@transaction.atomic
def save(actor: Actor, page: str, name: str, parameters: Mapping[str, str], *, default: bool = False) -> SavedFilter:
    """Keeps the selection under `name`, in place of an earlier one of that name. ActionRefused in words."""
    name = " ".join(name.split())[:60]
    chosen = kept(page, parameters)
    if not name:
        raise ActionRefused(_("Hãy đặt tên cho bộ lọc."))
    if not chosen:
        raise ActionRefused(_("Danh sách chưa lọc theo điều kiện nào. Hãy chọn điều kiện rồi lưu."))
    own = saved(actor, page)
    if own.exclude(name=name).count() >= MOST:
        raise ActionRefused(_("Đã có %(most)d bộ lọc. Hãy bỏ bớt một bộ lọc rồi lưu.") % {"most": MOST})
    if default:
        own.update(is_default=False)
    values: dict[str, Any] = {"parameters": chosen} | ({"is_default": True} if default else {})
    try:
        with transaction.atomic():
            return SavedFilter.objects.update_or_create(user=actor.user, page=page, name=name, defaults=values)[0]
    except IntegrityError:
        raise ActionRefused(_("Bộ lọc vừa được lưu ở một cửa sổ khác. Hãy tải lại trang.")) from None


@transaction.atomic
def set_default(actor: Actor, found: SavedFilter, *, on: bool) -> None:
    """The list opens with this filter, or with everything again."""
    saved(actor, found.page).update(is_default=False)
    saved(actor, found.page).filter(pk=found.pk).update(is_default=on)


def forget(actor: Actor, found: SavedFilter) -> None:
    saved(actor, found.page).filter(pk=found.pk).delete()
