"""The real sandbox gateway, started as its own process on a free port."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sonha.foundation.access.actor import Actor, Post
from sonha.foundation.identity.models import User
from sonha.foundation.payments import handlers
from sonha.foundation.payments.models import Attempt, Invoice, Payment
from sonha.foundation.payments.services import issue_invoice, start_payment

RETURN_URL = "http://127.0.0.1:1/thanh-toan/ket-qua/"


class Sandbox:
    """A running sandbox process and the ways a test talks to it."""

    def __init__(self, folder: Path, callback_url: str, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url, self.secret_file = f"http://127.0.0.1:{self.port}", folder / "payment-sandbox.key"
        command = [sys.executable, "-m", "sonha.sandbox.payment_gateway", "--port", str(self.port), "--data", str(folder / "gateway"),
                   "--secret-file", str(self.secret_file), "--callback-url", callback_url, *options]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.get("/healthz")
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the sandbox gateway did not start")

    @property
    def settings(self) -> dict[str, Any]:
        return {"base_url": self.url, "partner": "LANGSON", "secret_file": self.secret_file}

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=5) as response:
            return bytes(response.read())

    def act(self, attempt: Attempt, action: str) -> str:
        """Presses a button of the payer's page; gives the address the payer is sent back to."""
        data = urllib.parse.urlencode({"action": action}).encode()
        try:
            _no_redirect.open(urllib.request.Request(f"{self.url}/pay/{attempt.order_id}", data=data), timeout=5)
        except urllib.error.HTTPError as answer:
            assert answer.code == 303, answer.read()
            return str(answer.headers["Location"])
        raise AssertionError("the page did not send the payer back")

    def callbacks(self, attempt: Attempt) -> list[dict[str, Any]]:
        every = json.loads(self.get("/sandbox/callbacks"))["callbacks"]
        return [row["payload"] for row in every if row["payload"]["reference"] == attempt.code]

    def money(self, reference: str) -> list[dict[str, Any]]:
        from sonha.foundation.payments import gateway

        return list(gateway.order(reference)["transactions"])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_no_redirect = urllib.request.build_opener(_Stay)


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    running = Sandbox(tmp_path_factory.mktemp("sandbox"), "http://127.0.0.1:1/unused", "--hold")
    yield running
    running.stop()


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings: Any) -> Sandbox:
    """The sandbox with callbacks held back: the test delivers them when and as often as it likes."""
    settings.SONHA_PAYMENT = sandbox_process.settings
    return sandbox_process


@pytest.fixture
def heard() -> Iterator[list[tuple[Invoice, Payment]]]:
    """What the handler of `test_fee` was told; everybody may see these invoices."""
    told: list[tuple[Invoice, Payment]] = []
    handlers._on_paid["test_fee"] = [lambda invoice, payment: told.append((invoice, payment))]
    handlers.register_access("test_fee", lambda actor, invoice: True)
    yield told
    handlers._on_paid.pop("test_fee", None)
    handlers._rules.pop("test_fee", None)


def bill(total: int = 400_000, **given: Any) -> Invoice:
    lines = [{"code": "appraisal", "kind": "fee", "title": "Phí thẩm định", "amount": total}]
    values = {"subject_kind": "test_fee", "subject_ref": "1", "title": "Phí thẩm định hồ sơ", "payer_name": "Nguyễn Thị Hoà"}
    return issue_invoice(**(values | {"lines": lines, "actor": Actor.system("test")} | given))  # type: ignore[arg-type]


def begin(invoice: Invoice) -> Attempt:
    """Starts a payment and gives the attempt."""
    start_payment(invoice, RETURN_URL)
    return invoice.attempts.latest("pk")


@pytest.fixture
def receptionist(db: None) -> Actor:
    return Actor(user=_user("mot.cua"), posts=(Post("receptionist", 1, "STNMT", "STNMT", "Cán bộ một cửa"),), name="Cán bộ một cửa")


@pytest.fixture
def administrator(db: None) -> Actor:
    return Actor(user=_user("quan.tri"), posts=(Post("administrator", 1, "STNMT", "STNMT", "Quản trị"),), name="Quản trị")


def _user(name: str) -> User:
    return User.objects.create_user(name, full_name=name, kind=User.Kind.OFFICIAL)
