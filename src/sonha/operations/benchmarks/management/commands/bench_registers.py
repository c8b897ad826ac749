"""Registers: searching a million parcels, a save with its history, the import of a file with its checks."""

import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.operations.benchmarks import maps_report
from sonha.operations.benchmarks.enlarging import enlarged
from sonha.operations.benchmarks.timing import client_of, percentile, took_of
from sonha.registry.declarations import Register, register
from sonha.registry.formats.loading import guess, load
from sonha.registry.formats.reading import opened
from sonha.registry.records.services import Basis, changing

CODE = "parcels"
SYSTEM = Actor.system("bench")
BASIS = Basis("generated", number="bench")
FILE_COLUMNS = ("sheet_number", "parcel_number", "land_type", "area", "address", "commune_code")


class Command(BaseCommand):
    help = "Đo tìm kiếm trong một triệu thửa đất, ghi kèm lịch sử và nhập tệp kèm kiểm tra. Mọi dữ liệu thêm vào để đo đều được bỏ lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=1_000_000, help="số thửa đất khi đo tìm kiếm")
        parser.add_argument("--rows", type=int, default=100_000, help="số dòng của tệp nhập thử")
        parser.add_argument("--times", type=int, default=60)
        parser.add_argument("--write", action="store_true", help="ghi kết quả vào docs/benchmarks.md")

    def handle(self, *args: Any, count: int, rows: int, times: int, write: bool, **options: Any) -> None:
        try:
            declared = register(CODE)
        except LookupError:
            raise CommandError("Chưa có sổ thửa đất.") from None
        there = declared.model._default_manager.count()
        if there < 1_000:
            raise CommandError("Cần dữ liệu địa chính trình diễn để đo. Chạy ./sonha up trước.")
        found = [*self._loading(declared, min(rows, there)), self._saving(declared, times), *self._searching(declared, count, times)]
        for row in found:
            self.stdout.write(f"{row['title']:<50} {row['measured']:>12} {row['unit']:<12} {row['target']}")
        if write:
            maps_report.write("registers", found, parcels=there)
            self.stdout.write("Đã ghi docs/benchmarks.md.")

    def _searching(self, declared: type[Register], count: int, times: int) -> list[dict[str, Any]]:
        tell = lambda done: self.stderr.write(f"{done:,} thửa đất".replace(",", "."))  # noqa: E731
        with enlarged(declared, count, differing="code", tell=tell) as there:
            client = client_of("chuyenvien")
            samples = list(declared.model._default_manager.order_by("?").values("code", "parcel_number", "commune_code")[:times])
            asked = {
                "by code": [f"q={each['code']}" for each in samples],
                "by the beginning of a code": [f"q={each['code'].rpartition('.')[0]}." for each in samples],
                "first page": [""],
            }
            return [_within(f"search {there:,} parcels, {how}, p95", _p95(client, queries, times), 200) for how, queries in asked.items()]

    def _saving(self, declared: type[Register], times: int) -> dict[str, Any]:
        """One amendment of one record at a time, checks and history included."""
        took = []
        with transaction.atomic():
            for row in list(declared.model._default_manager.filter(valid_to=None).order_by("?")[:times]):
                began = time.perf_counter()
                with changing(CODE, SYSTEM, BASIS) as change:
                    change.amend(row, address=f"{row.address} *")  # type: ignore[attr-defined]
                took.append((time.perf_counter() - began) * 1000)
            transaction.set_rollback(True)
        return _within("a save with history, p95", percentile(took, 95), 30)

    def _loading(self, declared: type[Register], rows: int) -> list[dict[str, Any]]:
        """`rows` parcels side by side are taken out and imported again from a GeoPackage with every check; all of it is taken back."""
        with tempfile.TemporaryDirectory() as folder, transaction.atomic():
            path = Path(folder) / "parcels.gpkg"
            _take_out(declared, rows, path)
            began, cpu = time.perf_counter(), time.process_time()
            with opened(path) as source:
                layer = source.layers[0]
                outcome = load(declared, source, layer, guess(declared, layer), actor=SYSTEM, basis=BASIS, dry=True)
            took, own = time.perf_counter() - began, time.process_time() - cpu
            transaction.set_rollback(True)
        if outcome.new != rows:
            raise CommandError(f"{outcome.new} of {rows} rows were taken: {outcome.refusals[:3]}")
        per_second = round(rows / took)
        self.stderr.write(f"{rows} dòng trong {took:.1f} giây, riêng chương trình {own:.1f} giây; cảnh báo: {outcome.warnings}")
        return [
            {"title": f"import of a GeoPackage, {rows:,} parcels, all checks", "measured": f"{per_second:,}", "unit": "parcels/s",
             "target": "≥ 80,000", "met": per_second >= 80_000},
        ]  # fmt: skip


def _take_out(declared: type[Register], rows: int, path: Path) -> None:
    """Writes parcels, commune by commune, to a file and removes them from the table, without history: as if they had never come."""
    columns, table = ", ".join(f'"{each}"' for each in FILE_COLUMNS), declared.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, ST_AsBinary(geometry), {columns} FROM "{table}" WHERE valid_to IS NULL ORDER BY commune_code, id LIMIT %s', [rows]
        )
        ids, shapes, *found = zip(*cursor.fetchall(), strict=True)
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f'DELETE FROM "{table}" WHERE id = ANY(%s)', [list(ids)])
        cursor.execute("SET LOCAL session_replication_role = origin")
    columns_of = [np.array(list(map(str, each)), dtype=object) for each in found]
    pyogrio.raw.write(
        str(path), np.array([bytes(each) for each in shapes], dtype=object), columns_of, fields=list(FILE_COLUMNS),
        geometry_type="Polygon", crs="EPSG:9215", driver="GPKG",
    )  # fmt: skip


def _p95(client: Client, queries: list[str], times: int) -> float:
    took = [took_of(client, f"/csdl/thua-dat/?{queries[turn % len(queries)]}")[0] for turn in range(times)]
    return percentile(took, 95)


def _within(title: str, measured: float, target: int) -> dict[str, Any]:
    return {"title": title, "measured": f"{measured:.0f}", "unit": "ms", "target": f"≤ {target} ms", "met": measured <= target}
