"""What the sign-in library says and keeps, in our words: errors, e-mails, names of keys; secrets of second factors are kept encrypted."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MISMATCH = gettext_lazy("Tên đăng nhập hoặc mật khẩu không đúng.")
WRONG_CODE = gettext_lazy("Mã không đúng hoặc đã hết hạn. Xin lấy mã mới trong ứng dụng và nhập lại.")
PREFIX = "fernet:"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of citizens and officials."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("Tài khoản này đã ngừng hoạt động."),
        "cannot_remove_primary_email": gettext_lazy("Không thể bỏ địa chỉ thư điện tử chính."),
        "duplicate_email": gettext_lazy("Địa chỉ thư điện tử này đã có trong tài khoản."),
        "email_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "email_taken": gettext_lazy("Địa chỉ thư điện tử này đã dùng cho một tài khoản khác."),
        "enter_current_password": gettext_lazy("Mật khẩu hiện tại không đúng."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": gettext_lazy("Mật khẩu không đúng."),
        "invalid_or_expired_key": gettext_lazy("Đường liên kết không đúng hoặc đã hết hạn."),
        "invalid_login": gettext_lazy("Không đăng nhập được bằng thông tin này."),
        "invalid_password_reset": gettext_lazy("Đường liên kết đặt lại mật khẩu không đúng hoặc đã dùng."),
        "max_email_addresses": gettext_lazy("Không thể thêm quá %d địa chỉ thư điện tử."),
        "too_many_login_attempts": gettext_lazy("Đăng nhập sai quá nhiều lần. Xin chờ ít phút rồi thử lại."),
        "unknown_email": gettext_lazy("Không có tài khoản nào dùng địa chỉ thư điện tử này."),
        "unverified_primary_email": gettext_lazy("Địa chỉ thư điện tử chính phải được xác nhận trước."),
        "username_blacklisted": gettext_lazy("Không dùng được tên đăng nhập này, xin chọn tên khác."),
        "username_taken": gettext_lazy("Tên đăng nhập này đã có người dùng, xin chọn tên khác."),
        "select_only_one": gettext_lazy("Xin chỉ chọn một."),
        "same_as_current": gettext_lazy("Giá trị mới phải khác giá trị hiện tại."),
        "rate_limited": gettext_lazy("Yêu cầu quá nhiều lần. Xin chờ ít phút rồi thử lại."),
    }

    def format_email_subject(self, subject: str) -> str:
        return f"[{settings.SITE_NAME}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context})

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        said = {
            "reauthenticate": _("Dùng mật khẩu"),
            "mfa_reauthenticate": _("Dùng mã trong ứng dụng xác thực hoặc mã dự phòng"),
            "mfa_reauthenticate:webauthn": _("Dùng khoá truy cập"),
        }
        return [{**method, "description": said[method["id"]]} for method in super().get_reauthentication_methods(user)]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: an authenticator app, passkeys, recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": gettext_lazy("Tài khoản đang bật xác thực hai lớp nên chưa thêm được thư điện tử."),
        "cannot_delete_authenticator": gettext_lazy("Không thể tắt lớp xác thực này."),
        "cannot_generate_recovery_codes": gettext_lazy("Cần bật xác thực hai lớp trước khi tạo mã dự phòng."),
        "incorrect_code": WRONG_CODE,
        "unverified_email": gettext_lazy("Cần xác nhận địa chỉ thư điện tử trước khi bật xác thực hai lớp."),
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Khoá truy cập %(number)d") % {"number": held + 1}

    def encrypt(self, text: str) -> str:
        return PREFIX + _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(PREFIX):
            return encrypted_text
        return _cipher().decrypt(encrypted_text.removeprefix(PREFIX).encode()).decode()


def _cipher() -> Fernet:
    """A key of its own, derived from the installation's secret key."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second-factor:{settings.SECRET_KEY}".encode()).digest()))
