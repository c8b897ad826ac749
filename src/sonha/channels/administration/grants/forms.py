"""The form of one grant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Unit
from sonha.registry.declarations import databases
from sonha.registry.grants.models import AUDIENCES, RegisterGrant


class GrantForm(forms.Form):
    """What is granted, to whom, in which register, for how long."""

    register = forms.ChoiceField(label=_("Sổ"))
    audience = forms.ChoiceField(label=_("Cho ai"), choices=AUDIENCES)
    unit = forms.ModelChoiceField(
        label=_("Chỉ trong đơn vị"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Mọi đơn vị"),
        help_text=_("Gồm cả các đơn vị trực thuộc."),
    )
    username = forms.CharField(
        label=_("Chỉ cho tài khoản"), max_length=150, required=False, help_text=_("Tên đăng nhập; để trống: mọi người giữ vai trò.")
    )
    level = forms.TypedChoiceField(label=_("Được làm gì"), choices=RegisterGrant.Level.choices, coerce=int)
    personal = forms.BooleanField(label=_("Xem dữ liệu cá nhân"), required=False)
    secret = forms.BooleanField(label=_("Xem thông tin mật"), required=False)
    everywhere = forms.BooleanField(
        label=_("Trên toàn tỉnh"), required=False, help_text=_("Không chọn: chỉ trong địa bàn của đơn vị người đó.")
    )
    fields_shown = forms.CharField(
        label=_("Chỉ các trường"),
        required=False,
        max_length=2000,
        help_text=_("Tên trường, cách nhau bằng dấu phẩy; để trống: mọi trường mà các dấu trên cho phép."),
    )
    valid_from = forms.DateField(label=_("Từ ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label=_("Căn cứ"), max_length=300, help_text=_("Văn bản giao quyền, ví dụ: Quyết định số 12/QĐ-STNMT."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(base.title), [(each.code, each.title) for each in held]) for base, held in databases().items()]
        self.fields["register"].choices = choices  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.order_by("path")  # type: ignore[attr-defined]

    def clean_username(self) -> User | None:
        typed = self.cleaned_data["username"].strip()
        if not typed:
            return None
        found = User.objects.filter(username__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(_("Không có tài khoản nào tên như vậy."))
        return found

    def values(self) -> dict[str, Any]:
        """As registry.grants.services.write takes them."""
        said = dict(self.cleaned_data)
        names = [name.strip() for name in said.pop("fields_shown").split(",") if name.strip()]
        user = said.pop("username")
        return {**said, "user": user, "fields": names}

    @staticmethod
    def initial_of(grant: RegisterGrant) -> dict[str, Any]:
        same = ("register", "audience", "level", "personal", "secret", "everywhere", "valid_from", "valid_to", "source")
        return {
            **{name: getattr(grant, name) for name in same},
            "unit": grant.unit.code if grant.unit else "",
            "username": grant.user.username if grant.user else "",
            "fields_shown": ", ".join(grant.fields),
        }
