"""Bad input, then real flows with faults on the running installation, then a reckoning."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sonha.foundation.access.tokens import issue_token
from sonha.foundation.files import clamd
from sonha.foundation.identity.models import ApiToken, User
from sonha.operations.faults.cases import CASES
from sonha.operations.faults.soak import machine, reckoning
from sonha.operations.faults.soak.disturbances import Disturbances, wait_for_database
from sonha.operations.faults.soak.load import CITIZENS, Load
from sonha.operations.faults.soak.people import Promises
from sonha.operations.faults.trying import Stage, told, try_all
from sonha.operations.faults.visitor import NotReached, Visitor

PASSWORD = "sonha-demo"  # noqa: S105 - of the demonstration accounts, printed at each start
MEASURED = 20.0  # seconds at full speed
SHOWN = 12


class Command(BaseCommand):
    help = "Thử dữ liệu xấu rồi chạy tải thật kèm sự cố trên hệ thống đang chạy; in những gì bị mất. Chỉ ở chế độ trình diễn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--minutes", type=float, default=10, help="thời gian chạy tải (mặc định 10)")
        parser.add_argument("--every", type=float, default=20, help="trung bình bao nhiêu giây một sự cố (mặc định 20, ít nhất 15)")
        parser.add_argument("--calm", action="store_true", help="chỉ tải, không gây sự cố")

    def handle(self, *args: Any, minutes: float, every: float, calm: bool, **options: Any) -> None:
        base, launcher = os.environ.get("SONHA_RUNNING_AT", ""), int(os.environ.get("SONHA_RUNNING_PID") or 0)
        if not settings.DEMONSTRATION or not base or not launcher:
            raise CommandError("Hãy chạy bằng ./sonha soak khi hệ thống trình diễn đang chạy.")
        try:
            wrong = self._bad_input(base)
        except NotReached:
            raise CommandError(f"{base} chưa trả lời: hãy đợi ./sonha up báo đã sẵn sàng rồi chạy lại.") from None
        promises, since = Promises(), timezone.now()
        disturbances = Disturbances(launcher, max(every, 15))
        sampler = machine.Sampler(launcher)
        load = Load(base, PASSWORD, promises)
        if disturbances.mail:
            disturbances.mail.start()
        else:
            self.stdout.write("Thư không gửi qua máy chủ thư ở máy này nên không thử sự cố thư (xem docs/operations.md).")
        load.start()
        full, half = load.measure(MEASURED)
        self.stdout.write(f"Năng lực đo được {full:.0f} yêu cầu/giây; chạy ở khoảng {half:.0f} trong {minutes:g} phút.")
        sampler.start()
        if not calm:
            disturbances.start()
        self._wait(minutes * 60, promises, disturbances)
        if not calm:
            disturbances.stop()
        ended = load.stop()
        wait_for_database()
        drained = reckoning.drained(since)
        sampler.stop()
        findings = reckoning.reckon(promises, since, disturbances.mail)
        if disturbances.mail:
            disturbances.mail.stop()
        self._tell(promises, disturbances, sampler, findings, minutes)
        wrong += promises.wrong + disturbances.problems + reckoning.problems(findings)
        wrong += [f"{series.name} grows" for series in sampler.series.values() if series.grows]
        wrong += ([] if ended else ["somebody waits for ever"]) + ([] if drained else ["jobs or letters are left over"])
        for each in wrong[:SHOWN]:
            self.stdout.write(f"  ✗ {each}")
        lost = sum(len(finding.wrong) for finding in findings)
        self.stdout.write(f"Mất: {lost or 'không có gì'}. " + ("✗ Không đạt." if wrong else "✓ Đạt."))
        if wrong:
            raise SystemExit(1)

    def _bad_input(self, base: str) -> list[str]:
        user = User.objects.get(username=CITIZENS[0])
        name = f"soak {timezone.now():%Y%m%d%H%M%S}"
        token = issue_token(user, name, scope=ApiToken.Scope.WRITE)
        try:
            stage = Stage(Visitor(base, user.username, PASSWORD), Visitor(base, token=str(token)), has_scanner=bool(clamd.address()))
            outcomes = try_all(CASES, stage)
            stage.citizen.post(f"{stage.draft}xoa/")
        finally:
            ApiToken.objects.filter(user=user, name=name).delete()
        self.stdout.write(told(outcomes))
        return [f"{each.key}: {each.wrong or each.lost}" for each in outcomes if not each.ok]

    def _wait(self, seconds: float, promises: Promises, disturbances: Disturbances) -> None:
        end, known = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(30, left))
            self.stdout.write(
                f"  còn {max(0, end - time.monotonic()):4.0f} giây: {len(promises.seconds)} trả lời, {len(promises.filed)} hồ sơ nộp, "
                f"{len(promises.accepted)} tiếp nhận, {promises.away} lần báo tạm nghỉ, {promises.unreached} lần không kết nối, "
                f"{sum(disturbances.done.values())} sự cố, {len(promises.wrong)} sai"
            )
            for each in promises.wrong[known : known + SHOWN]:
                self.stdout.write(f"    ✗ {each}")
            known = len(promises.wrong)

    def _tell(
        self, promises: Promises, disturbances: Disturbances, sampler: machine.Sampler, findings: list[reckoning.Finding], minutes: float
    ) -> None:
        took = sorted(promises.seconds) or [0.0]
        say = self.stdout.write
        say(
            f"\n{len(took)} yêu cầu ({len(took) / (minutes * 60 + MEASURED):.0f}/giây), giữa {took[len(took) // 2] * 1000:.0f} ms, "
            f"p95 {took[int(len(took) * 0.95)] * 1000:.0f} ms; mã trả lời: "
            + ", ".join(f"{status}: {count}" for status, count in sorted(promises.answers.items()))
        )
        say("Sự cố: " + (", ".join(f"{name} ×{count}" for name, count in sorted(disturbances.done.items())) or "không"))
        say("Cùng lúc: " + (", ".join(f"{name} ×{count}" for name, count in sorted(promises.contests.items()) if count) or "–"))
        say("\n{:<12} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}".format("", "đầu", "giữa", "lớn nhất", "cuối", "tăng", "cho phép"))
        for series in sampler.series.values():
            say("{:<12} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}".format(*series.row()))
        say("(web, worker: MB; connections; queue: việc đến hạn)\n")
        for finding in findings:
            say(
                f"  {'✗' if finding.wrong else '✓'} {finding.title}: {finding.looked_at}"
                + (f", {len(finding.wrong)} sai" if finding.wrong else "")
            )
