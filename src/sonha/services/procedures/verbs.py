"""What the audit log says of the catalogue."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("procedure.drafted", _("{actor} soạn phiên bản mới của thủ tục"), based_on=int)
register("procedure.draft_changed", _("{actor} sửa bản soạn của thủ tục, phần {part}"), part=str)
register("procedure.draft_discarded", _("{actor} bỏ bản soạn số {number} của thủ tục"), number=int)
register("procedure.published", _("{actor} công bố phiên bản của thủ tục"), version=int)
register("procedure.retired", _("{actor} ngừng áp dụng phiên bản của thủ tục"), version=int, reason=str | None)
register("procedure.filing_switched", _("{actor} mở hoặc đóng việc nhận hồ sơ của thủ tục"), open=bool)
