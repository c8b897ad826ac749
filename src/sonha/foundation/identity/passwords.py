"""What a password must be, said in our words where the framework's translation has none."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self) -> str:
        return _("Mật khẩu ngắn quá: cần ít nhất %(count)d ký tự.") % {"count": self.min_length}

    def get_help_text(self) -> str:
        return _("Mật khẩu cần ít nhất %(count)d ký tự.") % {"count": self.min_length}
