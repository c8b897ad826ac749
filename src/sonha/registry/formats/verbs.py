"""What the audit log says of files in and out of registers. The change that an import makes is noted by the records themselves."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("register.file_exported", _("{actor} xuất {rows} bản ghi của {register} dạng {kind}"), register=str, rows=int, kind=str)
