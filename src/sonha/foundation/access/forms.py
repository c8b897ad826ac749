"""Making a personal token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sonha.foundation.access.tokens import LIFETIMES
from sonha.foundation.identity.models import ApiToken

LENGTHS = [(days, ngettext_lazy("%(days)d ngày", "%(days)d ngày", days) % {"days": days}) for days in LIFETIMES]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Tên"), max_length=100, help_text=_("Để nhận ra sau này, ví dụ: Phần mềm kế toán của công ty."), strip=True
    )
    scope = forms.ChoiceField(
        label=_("Quyền"), choices=ApiToken.Scope.choices, initial=ApiToken.Scope.READ, widget=forms.RadioSelect,
        help_text=_("Mã chỉ đọc xem được những gì ông/bà xem được; mã đọc và ghi nộp và xử lý hồ sơ thay ông/bà."),
    )  # fmt: skip
    days = forms.TypedChoiceField(label=_("Thời hạn"), choices=LENGTHS, coerce=int, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"class": "form-control", "autocomplete": "off"}
        self.fields["days"].widget.attrs |= {"class": "form-select"}
