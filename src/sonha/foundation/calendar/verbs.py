"""What the calendar writes into the audit log."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("calendar.day_set", _("{actor} khai báo ngày {day} trong lịch làm việc"), day=date, kind=str, new=bool)
register("calendar.day_cleared", _("{actor} bỏ khai báo ngày {day} trong lịch làm việc"), day=date)
register("calendar.loaded", _("{actor} nạp {days} ngày nghỉ, ngày làm bù"), days=int)
