"""The form by which one lets somebody file for oneself."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.identity.forms import DayInput
from sonha.foundation.identity.models import Party


class GrantForm(forms.Form):
    """For whom, to whom, from when until when, on what basis."""

    party = forms.ModelChoiceField(label=_("Nộp thay cho"), queryset=Party.objects.none(), empty_label=None)
    account = forms.CharField(
        label=_("Người được nộp thay"),
        help_text=_("Tên đăng nhập, thư điện tử hoặc số định danh của người ấy. Người ấy phải có tài khoản rồi."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    valid_from = forms.DateField(label=_("Từ ngày"), widget=DayInput())
    valid_to = forms.DateField(
        label=_("Đến hết ngày"), help_text=_("Để trống: cho đến khi ông/bà chấm dứt."), required=False, widget=DayInput()
    )
    basis = forms.CharField(
        label=_("Nội dung, văn bản uỷ quyền"),
        help_text=_("Ví dụ: Hợp đồng uỷ quyền số 12/2026, việc cấp đổi giấy chứng nhận."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["party"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Party.objects.filter(pk__in=[party.pk for party in parties])
        self.fields["valid_from"].initial = timezone.localdate()
        if len(parties) == 1:
            field.initial, field.widget = parties[0], forms.HiddenInput()
