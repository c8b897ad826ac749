"""What the audit log says of positions and of standing in for one another."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register(
    "position.assigned",
    _("{actor} giao vai trò {role} tại {unit} cho tài khoản số {account}, từ {valid_from}"),
    account=int, unit=str, role=str, valid_from=date, valid_to=date | None,
)  # fmt: skip
register(
    "position.ended",
    _("{actor} kết thúc vai trò {role} tại {unit} của tài khoản số {account}, hết ngày {valid_to}"),
    account=int, unit=str, role=str, valid_to=date,
)  # fmt: skip
register("position.titled", _("{actor} sửa chức danh của tài khoản số {account} tại {unit}"), account=int, unit=str)
register(
    "substitution.arranged",
    _("{actor} phân công tài khoản số {substitute} làm thay tài khoản số {absent}, từ {valid_from} đến hết {valid_to}"),
    absent=int, substitute=int, valid_from=date, valid_to=date,
)  # fmt: skip
register(
    "substitution.ended", _("{actor} chấm dứt việc tài khoản số {substitute} làm thay tài khoản số {absent}"), absent=int, substitute=int
)
register("unit.changed", _("{actor} sửa thông tin đơn vị {unit}"), unit=str)
register("unit.added", _("{actor} thêm đơn vị {unit}"), unit=str)
