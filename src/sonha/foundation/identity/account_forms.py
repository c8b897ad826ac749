"""The sign-in library's forms with our labels: what they check stays its own."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Tên đăng nhập hoặc thư điện tử"),
    "password": _("Mật khẩu"),
    "oldpassword": _("Mật khẩu hiện tại"),
    "email": _("Thư điện tử"),
    "code": _("Mã gồm 6 chữ số, hoặc một mã dự phòng"),
    "name": _("Tên gọi của khoá"),
    "passwordless": _("Đăng nhập bằng riêng khoá này, không cần mật khẩu"),
}
HELP = {
    "password1": _("Ít nhất 8 ký tự, không chỉ gồm chữ số, không phải mật khẩu hay gặp."),
    "passwordless": _("Khoá phải hỏi vân tay, khuôn mặt hoặc mã PIN của thiết bị."),
    "name": _("Để phân biệt khi có nhiều khoá, ví dụ: Điện thoại của tôi."),
}
TWICE = _("Hai lần nhập mật khẩu không giống nhau.")


class InOurWords:
    """Renames the fields of a form of the library and takes out placeholders, which repeat the label and vanish while one types."""

    fields: dict[str, forms.Field]
    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name) or LABELS.get(name) or field.label
            field.help_text = HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs.update(inputmode="text", autocapitalize="none", spellcheck="false", autofocus=True)


class _NewPassword(InOurWords):
    labels = {"password1": _("Mật khẩu mới"), "password2": _("Nhập lại mật khẩu mới")}

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, TWICE if field == "password2" and not isinstance(error, forms.ValidationError) else error)  # type: ignore[misc]


class LoginForm(InOurWords, account.LoginForm):  # type: ignore[misc]
    pass


class AddEmailForm(InOurWords, account.AddEmailForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(_NewPassword, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(_NewPassword, account.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(_NewPassword, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateSecondFactorForm(InOurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("Mã gồm 6 chữ số mà ứng dụng đang hiện")}


class AddWebAuthnForm(InOurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    pass


class EditWebAuthnForm(InOurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    pass
