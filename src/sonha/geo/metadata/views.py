"""The catalogue service at /csw and its pages at /sieu-du-lieu/."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.geo.layers.callers import map_service
from sonha.geo.layers.limits import limits_of
from sonha.geo.ows.reports import OTHER, Refused, report
from sonha.geo.ows.writing import XML_TYPE

from .asking import Wanted, wanted
from .catalogue import capabilities, describe_record, get_record_by_id, get_records
from .domains import get_domain
from .iso import links, metadata
from .models import Description
from .records import MetadataRecord, records
from .services import describe

ANSWERS: dict[str, Callable[[Actor, Wanted, str], str]] = {
    "GetCapabilities": capabilities,
    "DescribeRecord": describe_record,
    "GetDomain": get_domain,
    "GetRecords": get_records,
    "GetRecordById": get_record_by_id,
}


@map_service("GET", "POST")
def csw(request: HttpRequest) -> HttpResponse:
    """Every mistake is an exception report."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        asked = wanted(request, limits_of(actor))
        return HttpResponse(ANSWERS[asked.operation](actor, asked, _root(request)), content_type=XML_TYPE)
    except Refused as refused:
        return report(refused)
    except RequestDataTooBig:
        return report(Refused(_("Yêu cầu quá dài."), "", OTHER, 413))


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")


def index(request: HttpRequest) -> HttpResponse:
    """Records by database; `q` looks in all their words."""
    sought = request.GET.get("q", "").strip()[:100]
    groups: dict[str, list[MetadataRecord]] = {}
    for each in records(request.actor):  # type: ignore[attr-defined]
        words = " ".join([each.title, each.abstract, *each.keywords]).lower()
        if all(word in words for word in sought.lower().split()):
            groups.setdefault(str(each.register.database.title), []).append(each)
    return render(request, "metadata/index.html", {"groups": groups, "q": sought, "address": f"{_root(request)}csw"})


def _found(request: HttpRequest, name: str) -> MetadataRecord:
    for each in records(request.actor, [name]):  # type: ignore[attr-defined]
        return each
    raise Http404


def record(request: HttpRequest, name: str) -> HttpResponse:
    found = _found(request, name)
    west, south, east, north = found.box
    said = {"record": found, "links": links(found, _root(request))[1:], "box": f"{west}–{east}, {south}–{north}"}
    return render(request, "metadata/record.html", said)


def as_iso(request: HttpRequest, name: str) -> HttpResponse:
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + metadata(_found(request, name), _root(request))
    return HttpResponse(text, content_type=XML_TYPE)


class DescriptionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Description
        fields = [
            "abstract", "keywords", "contact_unit", "contact_email", "contact_phone", "lineage", "frequency", "restrictions",
        ]  # fmt: skip
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("abstract", "lineage", "restrictions")}


@officials_only(Role.ADMINISTRATOR)
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """What the declaration cannot know: contact, lineage, frequency, restrictions. For administrators; seen before it is saved."""
    found = _found(request, name)
    form = DescriptionForm(request.POST or None, instance=found.description)
    actor = request.actor  # type: ignore[attr-defined]
    page = previews.sent(
        request, "sieu-du-lieu", form, lambda: describe(actor, form.instance), title=_("Sửa siêu dữ liệu"),
        then=lambda: (_("Đã lưu siêu dữ liệu."), reverse("metadata:record", args=[name])),
    )  # fmt: skip
    return page or render(request, "metadata/edit.html", {"record": found, "form": form}, status=422 if form.errors else 200)
