"""Signing up and keeping one's data."""

import unicodedata
from typing import Any

from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sonha.foundation.identity import services
from sonha.foundation.identity.account_forms import HELP, TWICE
from sonha.foundation.identity.models import Party, User
from sonha.foundation.identity.numbers import birth_year, born_later_than, is_personal_id, is_tax_code, plain

PERSONAL_ID_RULE = _("Số định danh cá nhân gồm 12 chữ số (căn cước) hoặc 9 chữ số (chứng minh nhân dân).")
PERSONAL_ID_YEAR = _("Số này không đúng: chữ số thứ 4 đến thứ 6 nói năm sinh chưa tới. Xin xem lại trên căn cước.")
TAX_CODE_RULE = _("Mã số thuế gồm 10 chữ số, hoặc 10 chữ số và 3 chữ số sau dấu gạch ngang; xin xem lại từng chữ số.")
PHONE_RULE = _("Số điện thoại gồm 10 hoặc 11 chữ số, bắt đầu bằng số 0.")


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


def tidy(data: dict[str, Any]) -> dict[str, Any]:
    """Text as it is kept: one Unicode form, no spaces at the ends, numbers without the spaces typed between digits."""
    for name, value in data.items():
        if isinstance(value, str) and not name.startswith("password"):
            data[name] = unicodedata.normalize("NFC", value.strip())
    for name in ("personal_id", "tax_code", "phone"):
        if data.get(name):
            data[name] = plain(data[name])
    return data


def check_personal_id(form: forms.Form | forms.ModelForm, number: str) -> None:  # type: ignore[type-arg]
    """Puts what is wrong with the number, or with the day of birth beside it, onto the form."""
    born = form.cleaned_data.get("birth_date")
    if not is_personal_id(number):
        form.add_error("personal_id", PERSONAL_ID_RULE)
    elif born_later_than(number, timezone.localdate()):
        form.add_error("personal_id", PERSONAL_ID_YEAR)
    elif born and birth_year(number) not in (None, born.year):
        form.add_error(
            "birth_date", gettext("Ngày sinh không khớp số định danh: số này của người sinh năm %d.") % (birth_year(number) or 0)
        )


def check_phone(form: forms.Form | forms.ModelForm) -> None:  # type: ignore[type-arg]
    number = form.cleaned_data.get("phone") or ""
    if number and not (number.isdecimal() and number.startswith("0") and 10 <= len(number) <= 11):
        form.add_error("phone", PHONE_RULE)


class PartyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A citizen's or business's own data. What identifies it can be given once; correcting it is a matter for the desk."""

    class Meta:
        model = Party
        fields = ("kind", "name", "personal_id", "tax_code", "birth_date", "address", "phone", "email")
        labels = {
            "kind": _("Là"),
            "name": _("Họ và tên, tên tổ chức"),
            "personal_id": _("Số định danh cá nhân"),
            "tax_code": _("Mã số thuế"),
            "birth_date": _("Ngày sinh"),
            "address": _("Địa chỉ"),
            "phone": _("Điện thoại"),
            "email": _("Thư điện tử"),
        }
        widgets = {
            "birth_date": DayInput(),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "personal_id": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        known = self.instance.pk is not None
        if known and self.instance.identifier:
            unused = "tax_code" if self.instance.personal_id else "personal_id"
            del self.fields[unused]
            for name in {"kind", "personal_id", "tax_code"} - {unused}:
                self.fields[name].disabled = True
            shown = "personal_id" if unused == "tax_code" else "tax_code"
            self.fields[shown].help_text = gettext("Muốn sửa, xin mang giấy tờ đến bộ phận một cửa.")
        if known and self.instance.kind not in {Party.Kind.PERSON, Party.Kind.HOUSEHOLD}:
            del self.fields["birth_date"]

    def clean(self) -> dict[str, Any]:
        data = tidy(super().clean() or {})
        person = data.get("kind") in {Party.Kind.PERSON, Party.Kind.HOUSEHOLD}
        if "personal_id" in self.fields and person:
            check_personal_id(self, data.get("personal_id", ""))
        if "tax_code" in self.fields and not person and not is_tax_code(data.get("tax_code", "")):
            self.add_error("tax_code", TAX_CODE_RULE)
        check_phone(self)
        known = services.known_identifiers(data.get("personal_id", ""), data.get("tax_code", ""), besides=self.instance.pk)
        for name in known:
            self.add_error(name, services.TAKEN[name])
        return data

    def validate_constraints(self) -> None:
        """`clean` has said so in better words."""

    def save(self, commit: bool = True) -> Party:
        party: Party = super().save(commit=False)
        with transaction.atomic():
            party.save()
            if self.user is not None and self.user.party_id is None:
                self.user.party = party
                self.user.save(update_fields=["party"])
        return party


class SignupForm(BaseSignupForm):  # type: ignore[misc]
    """A new account: the person who uses it and, when it is for a business or organisation, what that person represents."""

    kind = forms.ChoiceField(
        label=_("Tài khoản này dùng cho"),
        choices=[
            (Party.Kind.PERSON, _("Bản thân tôi")),
            (Party.Kind.BUSINESS, _("Doanh nghiệp mà tôi là người đại diện theo pháp luật")),
            (Party.Kind.ORGANISATION, _("Tổ chức mà tôi là người đại diện theo pháp luật")),
        ],
        initial=Party.Kind.PERSON,
        widget=forms.RadioSelect,
    )
    organisation_name = forms.CharField(label=_("Tên doanh nghiệp, tổ chức"), max_length=250, required=False)
    tax_code = forms.CharField(label=_("Mã số thuế"), max_length=16, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    organisation_address = forms.CharField(label=_("Địa chỉ trụ sở"), max_length=300, required=False)
    name = forms.CharField(label=_("Họ và tên"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    personal_id = forms.CharField(
        label=_("Số định danh cá nhân"),
        help_text=_("12 chữ số trên căn cước, hoặc 9 chữ số của chứng minh nhân dân."),
        max_length=16,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    birth_date = forms.DateField(label=_("Ngày sinh"), required=False, widget=DayInput(autocomplete="bday"))
    phone = forms.CharField(
        label=_("Điện thoại"), max_length=15, required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {
            "username": (_("Tên đăng nhập"), _("Chữ không dấu, chữ số và các dấu . _ - @ +")),
            "email": (_("Thư điện tử"), _("Để nhận thông báo và lấy lại mật khẩu khi quên.")),
            "password1": (_("Mật khẩu"), HELP["password1"]),
            "password2": (_("Nhập lại mật khẩu"), ""),
        }
        for name, (label, help_text) in said.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
            self.fields[name].widget.attrs.pop("placeholder", None)

    @property
    def for_organisation(self) -> bool:
        return self["kind"].value() in {Party.Kind.BUSINESS, Party.Kind.ORGANISATION}

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = tidy(self.cleaned_data)
        if "personal_id" not in self.errors:
            check_personal_id(self, data.get("personal_id", ""))
        check_phone(self)
        if not self.for_organisation:
            data.update(organisation_name="", tax_code="", organisation_address="")
        else:
            if not data.get("organisation_name"):
                self.add_error("organisation_name", gettext("Xin ghi tên doanh nghiệp, tổ chức."))
            if not is_tax_code(data.get("tax_code", "")):
                self.add_error("tax_code", TAX_CODE_RULE)
        for name in services.known_identifiers(data.get("personal_id", ""), data.get("tax_code", "")):
            self.add_error(name, services.TAKEN[name])
        return data

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "password2" and not isinstance(error, forms.ValidationError):
            error = TWICE
        super().add_error(field, error)

    def save(self, request: HttpRequest) -> User:
        """The account with its person and organisation, all or nothing. services.IdentifierTaken when someone else was faster."""
        with services.naming_what_is_taken(), transaction.atomic():
            user: User = super().save(request)
            services.attach_person(user, self.cleaned_data)
        return user
