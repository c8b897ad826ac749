"""Merges exports of Elis and VBDLIS into the cadastral database: a trial with a report first, then with --write."""

from argparse import ArgumentParser
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.registry.formats.reading import FileRefused
from sonha.registry.records.services import Basis
from sonha.sectors.land.merging.layouts import ELIS, VBDLIS
from sonha.sectors.land.merging.merge import merge
from sonha.sectors.land.merging.reading import read
from sonha.sectors.land.merging.report import titles, write_report
from sonha.sectors.land.merging.samples import write_samples


class Command(BaseCommand):
    help = "Gộp dữ liệu địa chính xuất từ Elis và VBDLIS: chạy thử và lập bảng đối chiếu; thêm --write để ghi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--elis", nargs="*", type=Path, default=[], metavar="TEP")
        parser.add_argument("--vbdlis", nargs="*", type=Path, default=[], metavar="TEP")
        parser.add_argument("--report", type=Path, default=Path("doi-chieu-dia-chinh.xlsx"), metavar="TEP")
        parser.add_argument("--basis", default="", help="số biên bản bàn giao dữ liệu, bắt buộc khi ghi")
        parser.add_argument("--write", action="store_true", help="ghi các thửa khớp vào cơ sở dữ liệu")
        parser.add_argument("--samples", type=Path, metavar="THU_MUC", help="chỉ tạo hai tệp mẫu trong thư mục này")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["samples"]:
            for path in write_samples(options["samples"]):
                self.stdout.write(str(path))
            return
        files = [(path, ELIS) for path in options["elis"]] + [(path, VBDLIS) for path in options["vbdlis"]]
        if not files:
            raise CommandError(_("Hãy cho biết ít nhất một tệp: --elis hoặc --vbdlis."))
        if options["write"] and not options["basis"].strip():
            raise CommandError(_("Khi ghi phải có --basis: số biên bản bàn giao dữ liệu."))
        today = timezone.localdate()
        basis = Basis("import", number=options["basis"] or "chạy thử")
        try:
            rows = chain.from_iterable(read(path, layout, today) for path, layout in files)
            merged = merge(rows, Actor.system("merge_cadastre"), basis, dry=not options["write"])
        except (FileRefused, OSError) as wrong:
            raise CommandError(str(wrong)) from wrong
        write_report(merged, options["report"])
        counts = merged.counts()
        for key, title in titles().items():
            self.stdout.write(f"{title}: {counts.get(key, 0)}")
        self.stdout.write(str(options["report"]))
