"""One item of a catalogue: added, read with its earlier meanings, ended."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.channels.administration.catalogues.forms import EndItemForm, ItemForm
from sonha.channels.administration.catalogues.lists import READERS
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.catalogues import services
from sonha.foundation.catalogues.models import Catalogue, CatalogueItem


@officials_only(Role.ADMINISTRATOR)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A new item, with the paper that orders it."""
    catalogue = get_object_or_404(Catalogue, code=code)
    form = ItemForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    form.fields["parent"].queryset = catalogue.items.on(timezone.localdate())  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            item = services.add_item(request.actor, catalogue, **form.cleaned_data)  # type: ignore[attr-defined]
        except services.Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Đã thêm mục %(code)s.") % {"code": item.code})
            return redirect("administration:catalogue", code=code)
    context = {"catalogue": catalogue, "form": form}
    return render(request, "administration/catalogues/add.html", context, status=422 if form.errors else 200)


@officials_only(*READERS)
def detail(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The item, what its code meant on other days, every change of it. Posting ends it."""
    actor = request.actor  # type: ignore[attr-defined]
    item = get_object_or_404(CatalogueItem.objects.select_related("catalogue", "parent"), catalogue__code=code, pk=pk)
    form = EndItemForm(request.POST or None, initial={"valid_to": timezone.localdate()})
    if request.method == "POST":
        if not actor.is_administrator:
            raise PermissionDenied
        if form.is_valid() and _end(actor, item, form):
            messages.success(request, _("Mục %(code)s sẽ hết hiệu lực sau ngày ấy; dữ liệu cũ giữ nguyên nghĩa.") % {"code": item.code})
            return redirect("administration:catalogue_item", code=code, pk=pk)
    context = {
        "catalogue": item.catalogue,
        "item": item,
        "form": form,
        "meanings": CatalogueItem.objects.filter(catalogue=item.catalogue, code=item.code).order_by("valid_from"),
        "changes": item.events.select_related("pgh_context").order_by("-pgh_id")[:20],  # type: ignore[attr-defined]
        "may_write": actor.is_administrator,
        "today": timezone.localdate(),
    }
    return render(request, "administration/catalogues/item.html", context, status=422 if form.errors else 200)


def _end(actor: Any, item: CatalogueItem, form: EndItemForm) -> bool:
    try:
        services.end_item(actor, item, form.cleaned_data["valid_to"], source=form.cleaned_data["source"])
    except services.Refused as refused:
        form.add_error(refused.field or None, str(refused))
        return False
    return True
