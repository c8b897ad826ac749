"""What is broken while people work, one after another in random order: processes killed, the database restarted, partners away."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from random import SystemRandom
from typing import Any

from aiosmtpd.controller import Controller
from django.db import Error, connection

from sonha.bootstrap import environment, places
from sonha.bootstrap.cluster import main_cluster

from . import machine

CHANCE = SystemRandom()
AWAY = 12.0  # seconds that a partner stays away


class MailServer:
    """Takes letters on the port that the installation sends to; may be taken away and put back."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.letters: Counter[str] = Counter()
        self._controller: Controller | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters[str(message_from_bytes(envelope.content, policy=policy.default)["Message-ID"])] += 1
        return "250 taken"

    def start(self) -> None:
        self._controller = Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None


class Disturbances(threading.Thread):
    """Breaks something every `every` seconds until stopped. `done`: what and how often; `mail` is None when mail goes to files."""

    def __init__(self, launcher: int, every: float) -> None:
        super().__init__(daemon=True, name="disturbances")
        self.launcher, self.every = launcher, every
        self.done: Counter[str] = Counter()
        self.problems: list[str] = []
        self.mail = self._mail_server()
        self._end = threading.Event()
        self.kinds: dict[str, Callable[[], None]] = {
            "worker killed (-9)": lambda: self._kill("worker"),
            "web process killed (-9)": lambda: self._kill("web"),
            "database restarted": self._restart_database,
            "database crashed": self._crash_database,
            "payment gateway killed": lambda: self._kill("gateway"),
            "payment gateway late": self._freeze_gateway,
        }
        if self.mail:
            self.kinds["mail server down"] = self._stop_mail

    def run(self) -> None:
        waiting: list[str] = []
        while not self._end.wait(self.every * (0.8 + 0.4 * CHANCE.random())):
            waiting = waiting or CHANCE.sample(sorted(self.kinds), len(self.kinds))
            name = waiting.pop()
            try:
                self.kinds[name]()
                self.done[name] += 1
            except Exception as error:
                self.problems.append(f"{name}: {type(error).__name__}: {error}")
        connection.close()

    def stop(self) -> None:
        self._end.set()
        self.join()

    def _mail_server(self) -> MailServer | None:
        worker = machine.process_ids(self.launcher)["worker"]
        settings = machine.environment_of(worker[0]) if worker else {}
        if settings.get("SONHA_SMTP_HOST") not in {"127.0.0.1", "localhost"}:
            return None
        return MailServer("127.0.0.1", int(settings.get("SONHA_SMTP_PORT", "25")))

    def _kill(self, program: str) -> None:
        processes = machine.process_ids(self.launcher)[program]
        os.kill(processes[-1], signal.SIGKILL)  # of the web server the youngest: one that answers, not the one that watches

    def _freeze_gateway(self) -> None:
        (process, *_others) = machine.process_ids(self.launcher)["gateway"]
        os.kill(process, signal.SIGSTOP)
        try:
            self._end.wait(AWAY)
        finally:
            os.kill(process, signal.SIGCONT)

    def _stop_mail(self) -> None:
        assert self.mail
        self.mail.stop()
        try:
            self._end.wait(AWAY)
        finally:
            self.mail.start()

    def _restart_database(self) -> None:
        """An orderly restart of the private cluster, as for an upgrade; elsewhere every connection is ended."""
        if os.environ.get("SONHA_DATABASE_URL"):
            _end_connections()
            return
        here = places.from_environment()
        main_cluster(here, environment.child_environment(here)).restart()

    def _crash_database(self) -> None:
        """One server process dies: PostgreSQL ends all others and recovers from its log, as after a power cut."""
        if os.environ.get("SONHA_DATABASE_URL"):
            _end_connections()
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            process = int(cursor.fetchone()[0])
        os.kill(process, signal.SIGKILL)
        connection.close()


def _end_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def wait_for_database(seconds: float = 60) -> None:
    """Until the database answers this process again."""
    end = time.monotonic() + seconds
    while True:
        try:
            connection.ensure_connection()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return
        except Error:
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
