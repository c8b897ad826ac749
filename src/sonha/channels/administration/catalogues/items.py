"""One item of a catalogue: added, read with its earlier meanings, corrected field by field, ended."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.channels.administration.catalogues.forms import ChangeItemForm, EndItemForm, ItemForm
from sonha.channels.administration.catalogues.lists import READERS
from sonha.channels.administration.changes import telling
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.foundation.catalogues import services
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem

KEY = "muc-danh-muc"


@officials_only(Role.ADMINISTRATOR)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A new item, with the paper that orders it."""
    catalogue = get_object_or_404(Catalogue, code=code)
    form = ItemForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    form.fields["parent"].queryset = catalogue.items.on(timezone.localdate())  # type: ignore[attr-defined]
    actor, title = request.actor, _("Thêm mục vào danh mục %(name)s") % {"name": catalogue.name}  # type: ignore[attr-defined]
    page = previews.sent(
        request, KEY, form, lambda: services.add_item(actor, catalogue, **form.cleaned_data), title=title,
        then=lambda: (_("Đã thêm mục %(code)s.") % form.cleaned_data, reverse("administration:catalogue", args=[code])),
    )  # fmt: skip
    if page:
        return page
    context = {"catalogue": catalogue, "form": form}
    return render(request, "administration/catalogues/add.html", context, status=422 if form.errors else 200)


@officials_only(*READERS)
def detail(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The item, what its code meant on other days, every change of it. Posting ends it."""
    actor = request.actor  # type: ignore[attr-defined]
    item = get_object_or_404(CatalogueItem.objects.select_related("catalogue", "parent"), catalogue__code=code, pk=pk)
    form = EndItemForm(request.POST or None, initial={"valid_to": timezone.localdate()})
    if request.method == "POST" and not actor.is_administrator:
        raise PermissionDenied
    words, title = {"code": item.code}, _("Kết thúc mục %(code)s") % {"code": item.code}
    page = previews.sent(
        request, KEY, form, lambda: services.end_item(actor, item, form.cleaned_data["valid_to"], source=form.cleaned_data["source"]),
        title=title, save=title,
        then=lambda: (
            _("Mục %(code)s sẽ hết hiệu lực sau ngày ấy; dữ liệu cũ giữ nguyên nghĩa.") % words,
            reverse("administration:catalogue_item", args=[code, pk]),
        ),
    )  # fmt: skip
    if page:
        return page
    context = {
        "catalogue": item.catalogue,
        "item": item,
        "form": form,
        "meanings": CatalogueItem.objects.filter(catalogue=item.catalogue, code=item.code).order_by("valid_from"),
        "changes": telling.of_row(actor, KEY, pk, limit=20),
        "may_write": actor.is_administrator,
        "today": timezone.localdate(),
    }
    return render(request, "administration/catalogues/item.html", context, status=422 if form.errors else 200)


@officials_only(Role.ADMINISTRATOR)
def edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What is said of an item, field by field; seen before it is saved."""
    item = get_object_or_404(CatalogueItem.objects.select_related("catalogue", "parent"), catalogue__code=code, pk=pk)
    form = ChangeItemForm(request.POST or None, item=item)
    actor, words = request.actor, {"code": item.code}  # type: ignore[attr-defined]
    page = previews.sent(
        request, KEY, form, lambda: services.change_item(actor, item, form.cleaned_data), title=_("Sửa mục %(code)s") % words,
        then=lambda: (_("Đã sửa mục %(code)s.") % words, reverse("administration:catalogue_item", args=[code, pk])),
    )  # fmt: skip
    if page:
        return page
    context = {"catalogue": item.catalogue, "item": item, "form": form}
    return render(request, "administration/catalogues/edit_item.html", context, status=422 if form.errors else 200)
