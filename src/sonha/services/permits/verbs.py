"""What the audit log says of permits."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("permit.issued", _("Cấp {number}"), number=str)
register("permit.changed", _("{actor} ghi nhận «{act}» cho giấy phép {number}"), number=str, act=str)
