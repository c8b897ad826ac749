"""The real sandbox gateway, started as its own process on a free port."""

from collections.abc import Iterator
from typing import Any

import pytest

from sonha.foundation.access.actor import Actor, Post
from sonha.foundation.identity.models import User
from sonha.foundation.payments import handlers
from sonha.foundation.payments.models import Attempt, Invoice, Payment
from sonha.foundation.payments.services import issue_invoice, start_payment
from sonha.testing.gateway import Sandbox

RETURN_URL = "http://127.0.0.1:1/thanh-toan/ket-qua/"


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
