"""Forms of the administration of catalogues."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sonha.foundation.catalogues.models import CatalogueItem
from sonha.foundation.catalogues.services import CHANGED
from sonha.foundation.identity.forms import DayInput

BIGGEST = 2 * 1024 * 1024


class ItemForm(forms.Form):
    """A new item, or an old code with a new meaning from a later day."""

    code = forms.CharField(label=_("Mã"), max_length=40)
    name = forms.CharField(label=_("Tên"), max_length=300)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=300, required=False)
    parent = forms.ModelChoiceField(label=_("Thuộc mục"), queryset=CatalogueItem.objects.none(), required=False, empty_label=_("Không"))
    order = forms.IntegerField(label=_("Thứ tự"), min_value=0, required=False, help_text=_("Để trống: đứng cuối."))
    valid_from = forms.DateField(label=_("Có hiệu lực từ ngày"), widget=DayInput())
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False, widget=DayInput())
    source = forms.CharField(label=_("Văn bản căn cứ"), max_length=300, help_text=_("Số, ký hiệu, ngày của văn bản."))


class ChangeItemForm(forms.Form):
    """What is said of an item, field by field."""

    name = forms.CharField(label=_("Tên"), max_length=300)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=300, required=False)
    parent = forms.ModelChoiceField(label=_("Thuộc mục"), queryset=CatalogueItem.objects.none(), required=False, empty_label=_("Không"))
    order = forms.IntegerField(label=_("Thứ tự"), min_value=0, max_value=999_999, help_text=_("Số nhỏ đứng trước."))
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False, widget=DayInput())
    source = forms.CharField(label=_("Văn bản căn cứ"), max_length=300, help_text=_("Số, ký hiệu, ngày của văn bản."))
    assumption = forms.BooleanField(label=_("Giả định, tỉnh cần xác nhận"), required=False)
    attributes = forms.CharField(
        label=_("Thuộc tính khác"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một thuộc tính: tên, dấu hai chấm, giá trị."),
    )

    def __init__(self, data: Any, *, item: CatalogueItem) -> None:
        initial = {name: getattr(item, name) for name in CHANGED} | {"attributes": attributes_as_text(item.attributes)}
        super().__init__(data, initial=initial)
        self.item = item
        above = CatalogueItem.objects.filter(catalogue_id=item.catalogue_id).exclude(pk=item.pk)
        self.fields["parent"].queryset = above.order_by("order", "code")  # type: ignore[attr-defined]

    def clean_attributes(self) -> dict[str, Any]:
        return attributes_of_text(self.cleaned_data["attributes"], self.item.attributes)


def attributes_as_text(attributes: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {_as_text(value)}" for name, value in attributes.items())


def attributes_of_text(text: str, known: dict[str, Any]) -> dict[str, Any]:
    """Attributes from their lines. A value that was a number or a list stays one; what was text, and what is new, is text."""
    found: dict[str, Any] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not name or not colon:
            raise forms.ValidationError(gettext("“%(line)s”: thiếu dấu hai chấm giữa tên và giá trị.") % {"line": line[:60]})
        if name in found:
            raise forms.ValidationError(gettext("“%(name)s” có hai lần.") % {"name": name})
        found[name] = _as_before(name, value, known.get(name, ""))
    return found


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_before(name: str, value: str, before: Any) -> Any:
    if isinstance(before, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        words = {"name": name, "before": _as_text(before)}
        raise forms.ValidationError(gettext("“%(name)s” trước đây là %(before)s; xin ghi cùng dạng.") % words) from None


class CatalogueForm(forms.Form):
    """What is said of a list as a whole."""

    name = forms.CharField(label=_("Tên"), max_length=200)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=200, required=False)
    owner = forms.CharField(label=_("Cơ quan chủ trì"), max_length=200, required=False)
    source = forms.CharField(label=_("Văn bản ban hành"), max_length=300)
    note = forms.CharField(label=_("Ghi chú"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class EndItemForm(forms.Form):
    """The last day of an item, and by which paper."""

    valid_to = forms.DateField(label=_("Hết hiệu lực sau ngày"), widget=DayInput())
    source = forms.CharField(label=_("Văn bản căn cứ"), max_length=200)


class TableForm(forms.Form):
    """A table to be taken in: first as a file, then, after the trial, as its text."""

    file = forms.FileField(
        label=_("Tệp CSV"), help_text=_("Mã hoá UTF-8, dòng đầu là tên cột. Lấy mẫu bằng cách xuất danh mục."), required=False
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or {}
        file = data.get("file")
        if file is not None:
            if file.size > BIGGEST:  # type: ignore[attr-defined]
                raise forms.ValidationError(gettext("Tệp lớn quá 2 MB."))
            try:
                data["text"] = file.read().decode("utf-8-sig")  # type: ignore[attr-defined]
            except UnicodeDecodeError:
                raise forms.ValidationError(gettext("Tệp không phải văn bản mã hoá UTF-8. Trong Excel, lưu dạng “CSV UTF-8”.")) from None
        if not data.get("text"):
            raise forms.ValidationError(gettext("Xin chọn tệp."))
        return data
