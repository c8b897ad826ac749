"""What the audit log says of pollution dossiers."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("pollution.printed", _("{actor} in hồ sơ sự cố ô nhiễm tại {place}"), place=str)
