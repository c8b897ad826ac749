"""One item of a catalogue: added, read with its earlier meanings, corrected field by field, ended."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
    if request.method == "POST" and form.is_valid() and not previews.going_back(request):
        actor, said = request.actor, form.cleaned_data  # type: ignore[attr-defined]
        title = _("Thêm mục vào danh mục %(name)s") % {"name": catalogue.name}
        try:
            shown = previews.first(request, KEY, lambda: services.add_item(actor, catalogue, **said), title=title)
        except services.Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            if shown:
                return shown
            messages.success(request, _("Đã thêm mục %(code)s.") % {"code": said["code"]})
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
        if form.is_valid() and not previews.going_back(request):
            said, title = form.cleaned_data, _("Kết thúc mục %(code)s") % {"code": item.code}
            try:
                shown = previews.first(
                    request, KEY, lambda: services.end_item(actor, item, said["valid_to"], source=said["source"]), title=title, save=title
                )
            except services.Refused as refused:
                form.add_error(refused.field or None, str(refused))
            else:
                if shown:
                    return shown
                words = {"code": item.code}
                messages.success(request, _("Mục %(code)s sẽ hết hiệu lực sau ngày ấy; dữ liệu cũ giữ nguyên nghĩa.") % words)
                return redirect("administration:catalogue_item", code=code, pk=pk)
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
    if request.method == "POST" and form.is_valid() and not previews.going_back(request):
        actor, said = request.actor, form.cleaned_data  # type: ignore[attr-defined]
        title = _("Sửa mục %(code)s") % {"code": item.code}
        try:
            shown = previews.first(request, KEY, lambda: services.change_item(actor, item, said), title=title)
        except services.Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            if shown:
                return shown
            messages.success(request, _("Đã sửa mục %(code)s.") % {"code": item.code})
            return redirect("administration:catalogue_item", code=code, pk=pk)
    context = {"catalogue": item.catalogue, "item": item, "form": form}
    return render(request, "administration/catalogues/edit_item.html", context, status=422 if form.errors else 200)
