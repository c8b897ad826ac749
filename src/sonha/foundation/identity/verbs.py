"""What the audit log says of accounts and of acting for others."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("account.signed_up", _("{actor} tạo tài khoản số {account}"), account=int, kind=str)
register("account.created", _("{actor} tạo tài khoản cán bộ số {account}"), account=int)
register("account.edited", _("{actor} sửa thông tin tài khoản số {account}"), account=int)
register("account.deactivated", _("{actor} ngừng hoạt động tài khoản số {account}: {reason}"), account=int, reason=str)
register("account.reactivated", _("{actor} cho tài khoản số {account} hoạt động lại"), account=int)
register("account.unlocked", _("{actor} mở khoá đăng nhập cho tài khoản số {account}"), account=int)
register("account.second_factor_reset", _("{actor} bỏ các lớp xác thực thứ hai của tài khoản số {account}"), account=int, removed=int)
register("account.invited", _("{actor} gửi thư đặt mật khẩu cho tài khoản số {account}"), account=int)
register(
    "representation.granted",
    _("{actor} uỷ quyền cho tài khoản số {account} nộp hồ sơ thay, từ {valid_from} đến {valid_to}"),
    account=int, party=int, valid_from=date, valid_to=date | None,
)  # fmt: skip
register("representation.ended", _("{actor} chấm dứt việc tài khoản số {account} nộp hồ sơ thay"), account=int, party=int)
