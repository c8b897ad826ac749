"""Signing up and keeping one's data: the same fields, checked by the same rules as everywhere (process.forms has its own widgets)."""

import unicodedata
from typing import Any

from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sonha.foundation.identity.models import Party, User
from sonha.foundation.identity.numbers import is_personal_id, is_tax_code

FIELDS = ("kind", "name", "personal_id", "tax_code", "birth_date", "address", "phone", "email")


class PartyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A citizen's or business's own data."""

    class Meta:
        model = Party
        fields = FIELDS
        labels = {
            "kind": _("Ông/bà đăng ký cho"),
            "name": _("Họ và tên, tên tổ chức"),
            "personal_id": _("Số căn cước"),
            "tax_code": _("Mã số thuế"),
            "birth_date": _("Ngày sinh"),
            "address": _("Địa chỉ"),
            "phone": _("Điện thoại"),
            "email": _("Thư điện tử"),
        }
        widgets = {"birth_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name, value in data.items():
            if isinstance(value, str):
                data[name] = unicodedata.normalize("NFC", value.strip())
        person = data.get("kind") in {Party.Kind.PERSON, Party.Kind.HOUSEHOLD}
        if person and not is_personal_id(data.get("personal_id", "")):
            self.add_error("personal_id", _("Số căn cước gồm 12 chữ số (hoặc 9 chữ số của chứng minh nhân dân)."))
        if not person and not is_tax_code(data.get("tax_code", "")):
            self.add_error("tax_code", _("Mã số thuế gồm 10 chữ số, hoặc 10 chữ số và 3 chữ số sau dấu gạch ngang."))
        return data

    def save(self, commit: bool = True) -> Party:
        party: Party = super().save(commit=False)
        with transaction.atomic():
            party.save()
            if self.user is not None and self.user.party_id is None:
                self.user.party = party
                self.user.save(update_fields=["party"])
        return party


class SignupForm(BaseSignupForm):  # type: ignore[misc]
    """A new account with the person or business behind it, in one step."""

    kind = forms.ChoiceField(
        label=_("Ông/bà đăng ký cho"),
        choices=[
            (Party.Kind.PERSON, _("Bản thân (cá nhân)")),
            (Party.Kind.BUSINESS, _("Doanh nghiệp")),
            (Party.Kind.ORGANISATION, _("Tổ chức")),
        ],
    )
    name = forms.CharField(label=_("Họ và tên, tên tổ chức"), max_length=250)
    personal_id = forms.CharField(label=_("Số căn cước (cá nhân)"), max_length=12, required=False)
    tax_code = forms.CharField(label=_("Mã số thuế (tổ chức, doanh nghiệp)"), max_length=14, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=15, required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.party_form = PartyForm({name: data.get(name) or "" for name in FIELDS})
        if not self.party_form.is_valid():
            for name, errors in self.party_form.errors.items():
                self.add_error(name if name in self.fields else None, errors)
        return data

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():
            user: User = super().save(request)
            user.full_name, user.phone = self.cleaned_data["name"], self.cleaned_data["phone"]
            user.party = self.party_form.save()
            user.save(update_fields=["full_name", "phone", "party"])
        return user
