"""What the audit log says about backups."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("backup.made", _("{actor} sao lưu toàn bộ hệ thống: {bytes} byte trong {seconds} giây"), bytes=int, seconds=int, kind=str)
register("backup.rehearsed", _("{actor} ghi lần thứ {number} khi diễn tập khôi phục"), number=int, file=str)
