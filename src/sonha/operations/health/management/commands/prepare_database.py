"""Prepares a database that the administrator has given: it answers, is new enough, has the extensions, and takes our coordinate systems."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection

from sonha.bootstrap.cluster import EXTENSIONS
from sonha.bootstrap.postgres import OLDEST

RIGHTS = "has_table_privilege('spatial_ref_sys', 'INSERT') AND has_table_privilege('spatial_ref_sys', 'UPDATE')"


class Command(BaseCommand):
    help = "Kiểm tra cơ sở dữ liệu được chỉ định và tạo các phần mở rộng còn thiếu."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('server_version_num')::int")
                (version,) = cursor.fetchone()
        except OperationalError as error:
            raise CommandError(f"Không kết nối được tới SONHA_DATABASE_URL / cannot connect: {error}") from None
        if version < OLDEST * 10_000:
            raise CommandError(f"Cần PostgreSQL 15 trở lên / PostgreSQL 15 or newer is needed, not {version // 10_000}.")
        for extension in EXTENSIONS:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
            except DatabaseError as error:
                raise CommandError(
                    f"Thiếu phần mở rộng {extension}: nhờ quản trị cơ sở dữ liệu chạy “CREATE EXTENSION {extension}” / "
                    f"ask the database administrator to run it ({str(error).strip()})."
                ) from None
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT current_user, {RIGHTS}")
            role, may_write = cursor.fetchone()
        if not may_write:
            grant = f'GRANT INSERT, UPDATE ON spatial_ref_sys TO "{role}"'
            raise CommandError(
                f"Chưa ghi được hệ toạ độ VN-2000: nhờ quản trị cơ sở dữ liệu chạy “{grant}” / ask the database administrator to run it."
            )
