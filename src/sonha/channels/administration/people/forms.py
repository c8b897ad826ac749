"""Forms of the administration of people."""

from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.roles import Role
from sonha.foundation.identity.forms import DayInput, tidy
from sonha.foundation.identity.models import User
from sonha.foundation.organisations.models import Unit

REASONS = (
    _("Nghỉ việc, nghỉ hưu"),
    _("Chuyển sang cơ quan khác"),
    _("Tài khoản không dùng nữa"),
    _("Nghi bị người khác sử dụng"),
    _("Theo yêu cầu của chủ tài khoản"),
)


class FilterForm(forms.Form):
    """What the list of accounts is narrowed by."""

    q = forms.CharField(
        label=_("Tên, tên đăng nhập, số định danh, thư điện tử"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    don_vi = forms.ModelChoiceField(
        label=_("Cơ quan"), queryset=Unit.objects.none(), to_field_name="code", required=False, empty_label=_("Mọi cơ quan")
    )
    vai_tro = forms.ChoiceField(label=_("Vai trò"), choices=[("", _("Mọi vai trò")), *Role.choices], required=False)
    loai = forms.ChoiceField(
        label=_("Loại"), choices=[("", _("Tất cả")), ("official", _("Cán bộ")), ("citizen", _("Người dân, doanh nghiệp"))], required=False
    )
    trang_thai = forms.ChoiceField(
        label=_("Trạng thái"), choices=[("", _("Tất cả")), ("1", _("Đang hoạt động")), ("0", _("Đã ngừng"))], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["don_vi"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.filter(is_agency=True).order_by("level", "name")


class PersonForm(forms.Form):
    """What an account says of its owner."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    email = forms.EmailField(label=_("Thư điện tử công vụ"), help_text=_("Thư đặt mật khẩu được gửi tới đây."))
    phone = forms.CharField(label=_("Điện thoại"), max_length=15, required=False)

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        others = User.objects.filter(email__iexact=email)
        if (others.exclude(pk=self.user.pk) if self.user else others).exists():
            raise forms.ValidationError(gettext("Địa chỉ này đã dùng cho một tài khoản khác."))
        return email

    def clean(self) -> dict[str, Any]:
        return tidy(super().clean() or {})


class OfficialForm(PersonForm):
    """A new official's account."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        help_text=_("Không dấu, ví dụ nv.an; không đổi được về sau."),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
    )
    field_order = ("full_name", "username", "email", "phone")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(gettext("Tên đăng nhập này đã có người dùng, xin chọn tên khác."))
        return username


class PositionForm(forms.Form):
    """A role in a unit for a time."""

    unit = forms.CharField(
        label=_("Mã hoặc tên đơn vị"),
        help_text=_("Gõ vài chữ của tên rồi chọn trong danh sách."),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Vai trò trên hệ thống"), choices=Role.choices)
    title = forms.CharField(label=_("Chức danh"), help_text=_("Như in dưới chữ ký, ví dụ: Phó Giám đốc."), max_length=150, required=False)
    valid_from = forms.DateField(label=_("Từ ngày"), widget=DayInput())
    valid_to = forms.DateField(
        label=_("Đến hết ngày"), help_text=_("Để trống nếu chưa định ngày kết thúc."), required=False, widget=DayInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()

    def clean_unit(self) -> Unit:
        said = self.cleaned_data["unit"].strip()
        code = said.rpartition(" · ")[2] or said
        found = Unit.objects.filter(code=code).first() or _only(Unit.objects.filter(name__iexact=said)[:2])
        if found is None:
            raise forms.ValidationError(gettext("Không có đơn vị nào có mã hoặc tên này."))
        return found


class TitleForm(forms.Form):
    """The job title of a position."""

    title = forms.CharField(label=_("Chức danh"), max_length=150, required=False)


class EndForm(forms.Form):
    """The last day of a position."""

    valid_to = forms.DateField(label=_("Hết ngày"), widget=DayInput())


def _only(rows: Any) -> Any:
    """The one row, or nothing when there is none or several."""
    found = list(rows)
    return found[0] if len(found) == 1 else None


class UnitForm(forms.Form):
    """What is said of a unit."""

    name = forms.CharField(label=_("Tên"), max_length=250)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=250, required=False)
    short_name = forms.CharField(label=_("Tên viết tắt"), max_length=80, required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    code_qd20 = forms.CharField(label=_("Mã theo Quyết định 20/2020/QĐ-TTg"), max_length=35, required=False)
    code_102 = forms.CharField(label=_("Mã theo QCVN 102"), max_length=35, required=False)
    valid_to = forms.DateField(label=_("Hoạt động đến hết ngày"), required=False, widget=DayInput())
    source = forms.CharField(label=_("Văn bản căn cứ"), max_length=300, required=False)


class NewUnitForm(UnitForm):
    """A unit below another."""

    code = forms.CharField(label=_("Mã riêng"), max_length=12, help_text=_("Nối sau mã đơn vị cấp trên, ví dụ NUOC."))
    kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=Unit.Kind.choices)
    valid_from = forms.DateField(label=_("Hoạt động từ ngày"), widget=DayInput())

    field_order = ("code", "kind", "name", "name_en", "short_name", "valid_from", "valid_to", "source")
