"""What the audit log says of pages that leave the house."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register(
    "register.extracted", _("{actor} in trích lục bản ghi {record} của {register}, theo ngày {day}"), register=str, record=int, day=str
)
