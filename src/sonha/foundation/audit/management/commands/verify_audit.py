"""`./sonha manage verify_audit`: is the log whole?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sonha.foundation.audit import services
from sonha.foundation.audit.verification import verify


class Command(BaseCommand):
    help = "Verifies every link of the audit log, every seal and every tracked row; exits 1 naming the first broken link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accept", metavar="TABLE:NUMBER", help="answer for a direct change that verification reported")
        parser.add_argument("--document", help="number of the paper that ordered the direct change", default="")

    def handle(self, **options: Any) -> None:
        if options["accept"]:
            self._accept(options["accept"], options["document"])
        result = verify()
        counts = (result.links, result.seals, result.tables, result.rows)
        self.stdout.write("Đã kiểm tra {} sự kiện, {} niêm phong, {} bảng, {} dòng.".format(*counts))
        self.stdout.write("Checked {} events, {} seals, {} tables, {} rows.".format(*counts))
        if result.ok:
            self.stdout.write("Nhật ký nguyên vẹn.\nThe audit log is whole.")
            return
        self.stdout.write(f"Nhật ký KHÔNG còn nguyên vẹn ({len(result.broken)} chỗ). Chỗ đầu tiên:")
        self.stdout.write(f"The audit log is NOT whole ({len(result.broken)} places). The first:")
        for number, broken in enumerate(result.broken, start=1):
            self.stdout.write(f"{number}. {broken.words('vi')}\n   {broken.words('en')}")
        sys.exit(1)

    def _accept(self, place: str, document: str) -> None:
        table, _, number = place.rpartition(":")
        if not document or not number.isdecimal():
            self.stderr.write("--accept cần dạng bảng:số và --document. / --accept needs table:number and --document.")
            sys.exit(2)
        services.accept_change(None, table, int(number), document=document)
