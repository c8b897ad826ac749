"""Daily digest of problems for administrators. Apps add their own by `@source`."""

from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.audit import selectors as audit
from sonha.foundation.identity.models import User
from sonha.foundation.jobs import selectors as jobs
from sonha.foundation.organisations.models import Position

from . import selectors, services

Source = Callable[[], Iterable[str]]
_sources: list[Source] = []


def source(function: Source) -> Source:
    """Registers a function that returns sentences about what is wrong now (none when all is well)."""
    if function not in _sources:
        _sources.append(function)
    return function


@source
def failed_jobs() -> Iterable[str]:
    failed = jobs.failed()
    if failed:
        names = ", ".join(sorted({row["name"] for row in failed}))
        yield _("%(count)s việc chạy nền không thực hiện được: %(names)s.") % {"count": len(failed), "names": names}


@source
def waiting_jobs() -> Iterable[str]:
    status = jobs.status()
    if status["oldest"] > 15 * 60:
        yield _("Hàng đợi chậm: việc cũ nhất đã chờ %(minutes)s phút.") % {"minutes": int(status["oldest"] // 60)}


@source
def undelivered_mail() -> Iterable[str]:
    count = selectors.undelivered().count()
    if count:
        yield _("%(count)s thư điện tử không gửi được.") % {"count": count}


@source
def broken_log() -> Iterable[str]:
    check = audit.last_check()
    if check is not None and not check.ok:
        yield _("Nhật ký không còn nguyên vẹn, chỗ đầu tiên: %(place)s. Chạy lệnh verify_audit để xem đầy đủ.") % {"place": check.broken[0]}


def problems() -> list[str]:
    return [sentence for function in _sources for sentence in function()]


def send() -> int:
    """Tells every administrator what is wrong; nobody when nothing is. Returns how many were told."""
    found = problems()
    if not found:
        return 0
    today = timezone.localdate()
    told = 0
    holders = Position.objects.on(today).filter(role="administrator").values("user_id")
    for user in User.objects.filter(pk__in=holders, is_active=True):
        context = {"day": f"{today:%d/%m/%Y}", "count": len(found), "problems": "\n".join(f"- {sentence}" for sentence in found)}
        told += services.notify(user, "system.problems", context, key=f"problems:{today}") is not None
    return told
