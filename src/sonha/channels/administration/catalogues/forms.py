"""Forms of the administration of catalogues."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sonha.foundation.catalogues.models import CatalogueItem
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
                raise forms.ValidationError(_now("Tệp lớn quá 2 MB."))
            try:
                data["text"] = file.read().decode("utf-8-sig")  # type: ignore[attr-defined]
            except UnicodeDecodeError:
                raise forms.ValidationError(_now("Tệp không phải văn bản mã hoá UTF-8. Trong Excel, lưu dạng “CSV UTF-8”.")) from None
        if not data.get("text"):
            raise forms.ValidationError(_now("Xin chọn tệp."))
        return data
