"""The roles of the platform (GLOSSARY). A role is held in a unit through a dated position; citizens have none."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    RECEPTIONIST = "receptionist", _("Cán bộ một cửa")
    SPECIALIST = "specialist", _("Chuyên viên")
    HEAD = "head", _("Trưởng phòng")
    LEADER = "leader", _("Lãnh đạo")
    CLERK = "clerk", _("Văn thư")
    ADMINISTRATOR = "administrator", _("Quản trị hệ thống")
    AUDITOR = "auditor", _("Kiểm toán viên")


HANDLING = frozenset({Role.RECEPTIONIST, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.CLERK})
"""Roles that act on tasks of their own unit."""

OVERSEEING = frozenset({Role.HEAD, Role.LEADER, Role.AUDITOR})
"""Roles that also read what the units below theirs handle."""
