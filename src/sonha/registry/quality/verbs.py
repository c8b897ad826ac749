"""What the audit log says of quality."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register(
    "quality.accepted",
    _("{actor} chấp nhận lỗi {rule} của bản ghi {record} ({register}): {reason}"),
    register=str,
    rule=str,
    record=int,
    reason=str,
)
register("quality.run", _("{actor} kiểm tra chất lượng {register}: {found} lỗi đang mở"), register=str, found=int)
