"""The one form of the check page: a code, or a file."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from sonha.foundation.signing import codes

MAX_BYTES = 20 * 1024 * 1024


class CheckForm(forms.Form):
    code = forms.CharField(
        label=_("Mã kiểm tra in trên văn bản"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("Hoặc tải lên tệp PDF đã ký"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_code(self) -> str:
        typed = str(self.cleaned_data.get("code") or "").strip()
        if typed and not codes.read(typed):
            raise forms.ValidationError(_("Mã kiểm tra gồm 10 chữ và số, ví dụ 7K2M9-QX4TB; hãy xem lại mã in cạnh ô vuông QR."))
        return codes.read(typed)

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data.get("file")
        if file is not None and (file.size or 0) > getattr(settings, "SONHA_CHECK_MAX_BYTES", MAX_BYTES):
            raise forms.ValidationError(_("Tệp lớn hơn 20 MB nên không kiểm tra được tại đây."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("code") and not data.get("file"):
            raise forms.ValidationError(_("Hãy nhập mã kiểm tra hoặc chọn tệp PDF cần kiểm tra."))
        return data
