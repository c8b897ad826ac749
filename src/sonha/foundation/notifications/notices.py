"""Notifications of the platform itself."""

from django.utils.translation import gettext_lazy as _

from .kinds import register

register(
    "system.problems",
    label=_("Vấn đề kỹ thuật cần xử lý"),
    title=_("{count} vấn đề của hệ thống ngày {day}"),
    body=_("Hệ thống ghi nhận các vấn đề sau:\n{problems}"),
    for_officials=True,
)
