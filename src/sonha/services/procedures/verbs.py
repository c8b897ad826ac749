"""What the audit log says of the catalogue."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("procedure.drafted", _("{actor} soạn phiên bản mới của thủ tục"), based_on=int)
register("procedure.published", _("{actor} công bố phiên bản của thủ tục"), version=int)
register("procedure.retired", _("{actor} ngừng áp dụng phiên bản của thủ tục"), version=int)
