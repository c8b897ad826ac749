"""Refuses to serve the public on data of a demonstration; called by `./sonha up` in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sonha.foundation.identity.models import User


class Command(BaseCommand):
    help = "Kiểm tra dữ liệu trước khi vận hành chính thức / checks the data before production."

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = User.objects.filter(is_demo=True, is_active=True).count()
        if accounts:
            raise CommandError(
                f"Dữ liệu có {accounts} tài khoản trình diễn mà ai cũng biết mật khẩu: hãy dùng thư mục dữ liệu mới. / "
                f"The data holds {accounts} demonstration accounts whose password everybody knows: use a new data folder."
            )
        if settings.DEBUG:
            raise CommandError("Không bật chế độ gỡ lỗi khi vận hành chính thức. / No debugging in production.")
