"""What the audit log says of registers."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("register.changed", _("{actor} cập nhật {register} ({kind}), căn cứ {basis}"), register=str, kind=str, basis=str, change=int)
