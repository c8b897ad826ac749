"""The catalogues, one catalogue as of a day, and what is said of it as a whole."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.channels.administration.catalogues.forms import CatalogueForm
from sonha.channels.administration.changes import telling
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.foundation.audit.selectors import events_for
from sonha.foundation.catalogues import selectors, services
from sonha.foundation.catalogues.models import Catalogue
from sonha.foundation.search.folding import fold

KEY = "danh-muc"
READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
PAGE = 200


@officials_only(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Every catalogue with the number of its items in force."""
    return render(request, "administration/catalogues/list.html", {"catalogues": selectors.catalogues()})


@officials_only(*READERS)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """`?ngay=` the day (default today), `?q=` words of the name or a code, `?het=1` ended and coming items too, `?sau=` go on below."""
    actor = request.actor  # type: ignore[attr-defined]
    catalogue = get_object_or_404(Catalogue, code=code)
    today = timezone.localdate()
    day, said, everything = (
        _day(request.GET.get("ngay", "")) or today,
        request.GET.get("q", "").strip().replace("\x00", ""),
        request.GET.get("het"),
    )
    items = catalogue.items.select_related("parent").order_by("order", "code", "valid_from")
    if not everything:
        items = items.on(day)
    if said:
        items = items.filter(name_folded__contains=fold(said)) | items.filter(code__iexact=said)
    after = int(text) if (text := request.GET.get("sau", "")).isdecimal() and len(text) < 7 else 0
    found = list(items[after : after + PAGE + 1])
    context = {
        "catalogue": catalogue,
        "items": found[:PAGE],
        "more": after + PAGE if len(found) > PAGE else None,
        "day": day,
        "today": today,
        "said": said,
        "everything": everything,
        "in_force": catalogue.items.on(day).count(),
        "events": events_for(actor, catalogue).reverse()[:20],
        "may_write": actor.is_administrator,
    }
    return render(request, "administration/catalogues/catalogue.html", context)


@officials_only(Role.ADMINISTRATOR)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """What is said of a catalogue as a whole; seen before it is saved."""
    catalogue = get_object_or_404(Catalogue, code=code)
    form = CatalogueForm(request.POST or None, initial={name: getattr(catalogue, name) for name in services.SAID})
    actor, title = request.actor, _("Sửa danh mục %(name)s") % {"name": catalogue.name}  # type: ignore[attr-defined]
    page = previews.sent(
        request, KEY, form, lambda: services.change_catalogue(actor, catalogue, form.cleaned_data), title=title,
        then=lambda: (_("Đã lưu thông tin danh mục."), reverse("administration:catalogue", args=[code])),
    )  # fmt: skip
    if page:
        return page
    context = {"catalogue": catalogue, "form": form, "changes": telling.of_row(actor, KEY, catalogue.pk), "may_write": True}
    return render(request, "administration/catalogues/edit.html", context, status=422 if form.errors else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
