"""What the audit log says of grants."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("grant.changed", _("{actor} đặt quyền số {number} trên sổ {register} cho {audience}"), number=int, register=str, audience=str)
register("grant.removed", _("{actor} bỏ quyền số {number} trên sổ {register} của {audience}"), number=int, register=str, audience=str)
