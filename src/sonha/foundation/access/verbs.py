"""What the audit log says of access."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("token.issued", _("{actor} tạo mã truy cập ({scope}, {days} ngày)"), scope=str, days=int)
register("token.revoked", _("{actor} thu hồi mã truy cập {token}"), token=UUID)
