"""What the audit log says of metadata."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("metadata.changed", _("{actor} cập nhật siêu dữ liệu của {register}"), register=str)
