"""Prepares a database that the administrator has given: it answers, is new enough, has the extensions, and takes our coordinate systems."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection

EXTENSIONS = ("postgis", "unaccent", "pg_trgm", "btree_gist", "pgcrypto")
OLDEST = 150_000


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
        if version < OLDEST:
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
            cursor.execute("SELECT current_user, has_table_privilege('spatial_ref_sys', each) FROM unnest('{INSERT,UPDATE}'::text[]) each")
            rights = cursor.fetchall()
        if not all(held for _role, held in rights):
            grant = f'GRANT INSERT, UPDATE ON spatial_ref_sys TO "{rights[0][0]}"'
            raise CommandError(
                f"Chưa ghi được hệ toạ độ VN-2000: nhờ quản trị cơ sở dữ liệu chạy “{grant}” / ask the database administrator to run it."
            )
