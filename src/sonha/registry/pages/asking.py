"""Who asks for which register, as of when: the beginning of every page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, Self

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.guards import SAFE
from sonha.registry.declarations import Register
from sonha.registry.declarations import register as declared
from sonha.registry.grants.rights import Rights, rights
from sonha.registry.records.selectors import records


@dataclass(frozen=True)
class When:
    """As of which day, and as known at which moment; neither: what is so now, as known now."""

    day: date | None = None
    known_at: datetime | None = None

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """From `day=2025-01-31` and `known_at=2025-02-01T08:30` of an address; what makes no sense does not count."""
        return cls(_day(parameters.get("day", "")), _moment(parameters.get("known_at", "")))

    @property
    def past(self) -> bool:
        return self.known_at is not None or (self.day is not None and self.day != timezone.localdate())

    @property
    def shown_day(self) -> date:
        return self.day or timezone.localdate()

    def parameters(self) -> dict[str, str]:
        found = {}
        if self.day:
            found["day"] = self.day.isoformat()
        if self.known_at:
            found["known_at"] = timezone.localtime(self.known_at).strftime("%Y-%m-%dT%H:%M:%S.%f")
        return found

    @property
    def input_moment(self) -> str:
        """For an input of a day and time."""
        return timezone.localtime(self.known_at).strftime("%Y-%m-%dT%H:%M:%S") if self.known_at else ""


@dataclass(frozen=True)
class Asked:
    """A register and what the actor may do with it."""

    actor: Actor
    register: type[Register]
    rights: Rights

    def rows(self, when: When, *, ended: bool = False) -> Any:
        return records(self.actor, self.register, day=when.day, known_at=when.known_at, ended=ended)

    def row(self, pk: int, when: When | None = None) -> Any:
        """One record, or 404 whether it is not there or not the actor's to read."""
        when = when or When()
        try:
            return self.rows(when, ended=True).select_related("change").get(pk=pk)
        except (self.register.model.DoesNotExist, self.register.model.Version.DoesNotExist):  # type: ignore[attr-defined]
            raise Http404 from None


def reader(request: HttpRequest) -> Actor:
    """Officials read by their posts, everybody else as the person they are."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.in_office() if actor.is_official else actor


def of_register(*, edits: bool = False) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Views of one register, named by its slug: for whoever reads it, or with `edits` for whoever may write somewhere in it.

    The view gets (request, Asked, …). Everybody else is sent to sign in or told no.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                register = declared(slug)
            except LookupError:
                raise Http404 from None
            if register.slug != slug:
                raise Http404
            actor = reader(request)
            held = rights(actor, register)
            if not (held.edits if edits else held.reads):
                if not actor.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise PermissionDenied
            if edits and actor.reads_only and request.method not in SAFE:
                raise PermissionDenied
            return view(request, Asked(actor, register, held), *args, **kwargs)

        return guarded

    return decorate


def _day(text: str) -> date | None:
    try:
        found = parse_date(text.strip())
    except ValueError:
        return None
    return found if found and date(1800, 1, 1) <= found <= date(2200, 1, 1) else None


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        return None
    if found is None or not 1945 <= found.year <= 2200:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found
