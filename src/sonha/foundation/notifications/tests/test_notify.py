"""A person is told once, in their language, by the channels they chose, with no more than is needed; a dead mail server loses nothing."""

import socket
import unicodedata
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth import get_user_model
from django.core import mail as outbox
from django.db import transaction
from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Check
from sonha.foundation.jobs import runner
from sonha.foundation.jobs import selectors as jobs
from sonha.foundation.notifications import digest, kinds, selectors, services
from sonha.foundation.notifications.models import Delivery, Message
from sonha.foundation.organisations.models import Position, Unit

pytestmark = pytest.mark.django_db

kinds.register("test.accepted", label="Hồ sơ được tiếp nhận", title="Hồ sơ {code} đã được tiếp nhận", body="Hẹn trả ngày {day}.",
               title_en="Dossier {code} accepted", body_en="Due on {day}.")  # fmt: skip
kinds.register("test.quiet", label="Nhắc việc", title="Nhắc việc", body="Có việc.", default_channels=("app",))
CONTEXT = {"code": "H37.12-180305-0001", "day": "16/04/2018"}


class MailBox:
    """What a mail server was handed; `refuse` makes it answer with that code."""

    def __init__(self) -> None:
        self.letters: list = []
        self.refuse: str | None = None

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def port(settings) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", number, 5
    return number


@pytest.fixture
def server(port: int) -> Iterator[MailBox]:
    box = MailBox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def citizen():
    return get_user_model().objects.create_user("hoa", "x", full_name="Nguyễn Thị Hoa", email="hoa@example.com")


def told(user) -> list[str]:
    return [message.title for message in Message.objects.filter(user=user)]


def test_a_message_reaches_the_page_and_a_real_mail_server(citizen, server: MailBox) -> None:
    services.notify(citizen, "test.accepted", CONTEXT, link="/ho-so/1/")
    assert server.letters == []  # only a job sends, after the commit
    runner.run_waiting()
    [letter] = server.letters
    assert letter["Subject"].strip() == "Hồ sơ H37.12-180305-0001 đã được tiếp nhận"
    assert letter["To"] == "hoa@example.com"
    body = letter.get_content()
    assert "Hẹn trả ngày 16/04/2018." in body and "/ho-so/1/" in body
    assert unicodedata.is_normalized("NFC", body)
    assert "Nguyễn" not in body and "hoa@" not in body  # who reads over the shoulder learns no name
    assert letter["List-Unsubscribe-Post"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("sent", 1)


def test_a_dead_mail_server_loses_nothing(citizen, port: int) -> None:
    services.notify(citizen, "test.accepted", CONTEXT)
    runner.run_waiting()
    runner.run_waiting(limit=3, ahead=True)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.problem) == ("waiting", 4, "ConnectionRefusedError")
    assert jobs.status()["scheduled"] == 1
    box = MailBox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        runner.run_waiting(ahead=True)
    finally:
        controller.stop()
    delivery.refresh_from_db()
    assert (delivery.state, len(box.letters)) == ("sent", 1)


def test_a_busy_server_is_asked_again_and_a_dead_address_is_not(citizen, server: MailBox) -> None:
    server.refuse = "451 try later"
    services.notify(citizen, "test.accepted", CONTEXT)
    runner.run_waiting()
    assert Delivery.objects.get().state == "waiting"
    server.refuse = "550 no such person"
    runner.run_waiting(ahead=True)
    assert (Delivery.objects.get().state, Delivery.objects.get().problem) == ("failed", "SMTPRecipientsRefused 550")
    assert jobs.status()["scheduled"] == 0
    assert "1 thư điện tử không gửi được." in digest.problems()


def test_a_letter_sent_twice_by_a_dying_worker_carries_the_same_id(citizen, server: MailBox) -> None:
    services.notify(citizen, "test.accepted", CONTEXT)
    runner.run_waiting()
    Delivery.objects.update(state="waiting")  # as if the worker had died before noting it
    from sonha.foundation.notifications.tasks import send_mail

    send_mail(Delivery.objects.get().pk)
    assert len({letter["Message-ID"] for letter in server.letters}) == 1 and len(server.letters) == 2


def test_who_is_told_twice_hears_it_once(citizen) -> None:
    assert services.notify(citizen, "test.accepted", CONTEXT, key="accepted:1")
    assert services.notify(citizen, "test.accepted", CONTEXT, key="accepted:1") is None
    assert len(told(citizen)) == 1 and Delivery.objects.count() == 1


def test_nothing_is_told_of_work_that_was_rolled_back(citizen) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.notify(citizen, "test.accepted", CONTEXT)
        raise ZeroDivisionError
    assert runner.run_waiting() == 0 and told(citizen) == []


def test_the_reader_s_language(citizen) -> None:
    citizen.language = "en"
    services.notify(citizen, "test.accepted", CONTEXT)
    assert told(citizen) == ["Dossier H37.12-180305-0001 accepted"]


def test_choices_hold_per_kind_and_channel(citizen) -> None:
    services.choose(citizen, {("test.accepted", "email"): False, ("test.quiet", "app"): False})
    services.notify(citizen, "test.accepted", CONTEXT)
    assert services.notify(citizen, "test.quiet", {}) is None
    assert len(told(citizen)) == 1 and not Delivery.objects.exists()


def test_no_mail_without_an_address_and_nothing_to_closed_accounts(citizen) -> None:
    citizen.email = ""
    services.notify(citizen, "test.accepted", CONTEXT)
    assert not Delivery.objects.exists()
    citizen.is_active = False
    assert services.notify(citizen, "test.accepted", CONTEXT) is None


@pytest.mark.parametrize("context", [{"code": "x"}, CONTEXT | {"address": "Thôn Nà Lốc"}])
def test_a_message_holds_exactly_what_its_kind_declares(citizen, context) -> None:
    with pytest.raises(ValueError, match="exactly"):
        services.notify(citizen, "test.accepted", context)


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_links_stay_within_the_platform(citizen, link: str) -> None:
    with pytest.raises(ValueError, match="path within"):
        services.notify(citizen, "test.accepted", CONTEXT, link=link)


def test_one_sees_and_reads_only_one_s_own(citizen, client) -> None:
    other = get_user_model().objects.create_user("nam", "x")
    message = services.notify(citizen, "test.accepted", CONTEXT, link="/")
    assert list(selectors.messages(Actor.of(other))) == [] and list(selectors.messages(Actor.anonymous())) == []
    client.force_login(other)
    assert client.get(reverse("notifications:open", args=[message.pk])).status_code == 404
    assert client.post(reverse("notifications:read_all")).status_code == 302
    message.refresh_from_db()
    assert message.read_at is None


def test_list_bell_and_reading(citizen, client) -> None:
    for number in range(32):
        services.notify(citizen, "test.accepted", CONTEXT | {"code": str(number)}, link="/thong-bao/tuy-chon/")
    assert client.get(reverse("notifications:bell")).status_code == 204  # a visitor
    client.force_login(citizen)
    first = client.get(reverse("notifications:list")).content.decode()
    assert "32 chưa đọc" in first and "Hồ sơ 31 " in first and "Hồ sơ 1 " not in first
    older = client.get(reverse("notifications:list"), {"truoc": Message.objects.order_by("-pk")[29].pk}).content.decode()
    assert "Hồ sơ 1 " in older and "Hồ sơ 31 " not in older
    bell = client.get(reverse("notifications:bell")).content.decode()
    assert ">32<" in bell and "chưa đọc" in bell
    response = client.get(reverse("notifications:open", args=[Message.objects.first().pk]))
    assert response["Location"] == "/thong-bao/tuy-chon/"
    assert selectors.unread_count(Actor.of(citizen)) == 31
    client.post(reverse("notifications:read_all"))
    assert selectors.unread_count(Actor.of(citizen)) == 0
    assert client.get(reverse("notifications:bell")).content.strip() == b""


def test_the_choices_page(citizen, client) -> None:
    client.force_login(citizen)
    page = client.get(reverse("notifications:preferences")).content.decode()
    assert "Hồ sơ được tiếp nhận" in page and "Vấn đề kỹ thuật" not in page  # kinds for officials are not offered
    client.post(reverse("notifications:preferences"), {"test.accepted:app": "on"})
    assert selectors.channels(citizen, kinds.kind("test.accepted")) == {"app"}
    assert selectors.channels(citizen, kinds.kind("test.quiet")) == set()


def test_the_link_at_the_foot_of_a_mail(citizen, client) -> None:
    link = reverse("notifications:unsubscribe", args=[services.unsubscribe_token(citizen.pk, "test.accepted")])
    assert "Ngừng gửi thư điện tử" in client.get(link).content.decode()
    assert "email" in selectors.channels(citizen, kinds.kind("test.accepted"))  # looking changes nothing
    client.post(link)
    assert selectors.channels(citizen, kinds.kind("test.accepted")) == {"app"}
    assert client.get(reverse("notifications:unsubscribe", args=["forged"])).status_code == 404


def test_administrators_hear_once_a_day_what_is_wrong_and_nobody_hears_that_all_is_well(citizen) -> None:
    administrator = get_user_model().objects.create_user("quantri", "x", kind="official", full_name="Quản trị")
    unit = Unit.objects.create(
        code="STTTT", name="Sở Thông tin và Truyền thông", kind=Unit.Kind.values[0], valid_from=date(2018, 1, 1), source="x"
    )
    Position.objects.create(user=administrator, unit=unit, role="administrator", title="Quản trị", valid_from=date(2018, 1, 1))
    assert digest.send() == 0
    Check.objects.create(ok=False, links=1, seals=1, rows=1, broken=["bảng calendar_holiday số 7"], seconds=0.1)
    assert digest.send() == 1 and digest.send() == 0
    [message] = Message.objects.all()
    assert message.user == administrator and "bảng calendar_holiday số 7" in message.body


def test_file_mail_is_the_default(citizen, settings, tmp_path) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path)
    services.notify(citizen, "test.accepted", CONTEXT)
    runner.run_waiting()
    assert len(list(tmp_path.iterdir())) == 1 and getattr(outbox, "outbox", []) == []
