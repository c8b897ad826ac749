"""A person, a business and those who were too late create an account."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.foundation.audit.models import Event
from sonha.foundation.identity import services
from sonha.foundation.identity.forms import SignupForm
from sonha.foundation.identity.models import Party, User

pytestmark = pytest.mark.django_db
PERSON = {
    "kind": "person", "name": "Nông Thị Mai", "personal_id": "020 190 001 234", "birth_date": "1990-05-01", "phone": "0912 345 678",
    "address": "Xã Bình Gia", "username": "mai.nong", "email": "mai@example.vn", "password1": "nui-song-2026", "password2": "nui-song-2026",
}  # fmt: skip
BUSINESS = PERSON | {
    "kind": "business",
    "organisation_name": "Công ty TNHH Khau Phạ",
    "tax_code": "0100233488",
    "organisation_address": "Phường Đông Kinh",
}


def sign_up(client: Client, **said: str) -> tuple[int, str]:
    response = client.post(reverse("account_signup"), PERSON | said)
    return response.status_code, response.content.decode()


def test_a_person_signs_up_and_is_signed_in(client: Client) -> None:
    assert sign_up(client)[0] == 302
    user = User.objects.get(username="mai.nong")
    assert (user.full_name, user.kind) == ("Nông Thị Mai", "citizen")
    assert user.party is not None and user.party.personal_id == "020190001234" and user.party.phone == "0912345678"
    assert client.get(reverse("account")).context["user"] == user
    assert Event.objects.filter(verb="account.signed_up", subject_ref=str(user.pk)).count() == 1


def test_a_business_signs_up_with_the_person_who_represents_it(client: Client) -> None:
    assert client.post(reverse("account_signup"), BUSINESS).status_code == 302
    actor = Actor.of(User.objects.get(username="mai.nong"))
    assert sorted(Party.objects.filter(pk__in=actor.party_ids).values_list("kind", flat=True)) == ["business", "person"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"personal_id": "0201900012"}, "gồm 12 chữ số"),
        ({"personal_id": "020290001234"}, "năm sinh chưa tới"),
        ({"birth_date": "1991-05-01"}, "của người sinh năm 1990"),
        ({"phone": "12345"}, "bắt đầu bằng số 0"),
        ({"password2": "khac-han-2026"}, "Hai lần nhập mật khẩu không giống nhau"),
        ({"password1": "12345678", "password2": "12345678"}, "Mật khẩu này quá phổ biến"),
        ({"password1": "nui", "password2": "nui"}, "Mật khẩu ngắn quá: cần ít nhất 8 ký tự"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(client: Client, said: dict[str, str], sentence: str) -> None:
    status, page = sign_up(client, **said)
    assert status == 422 and sentence in page and 'value="Nông Thị Mai"' in page
    assert not User.objects.exists() and not Party.objects.exists()


def test_a_business_needs_a_name_and_a_tax_code_that_adds_up(client: Client) -> None:
    page = client.post(reverse("account_signup"), BUSINESS | {"organisation_name": "", "tax_code": "0100233489"}).content.decode()
    assert "Xin ghi tên doanh nghiệp" in page and "Mã số thuế gồm 10 chữ số" in page


def test_a_number_that_is_known_says_what_to_do(client: Client) -> None:
    Party.objects.create(kind="person", name="Người đã có", personal_id="020190001234")
    Party.objects.create(kind="business", name="Công ty đã có", tax_code="0100233488")
    page = client.post(reverse("account_signup"), BUSINESS).content.decode()
    assert "Số định danh này đã có trong hệ thống" in page and "Mã số thuế này đã có trong hệ thống" in page
    assert "Người đã có" not in page and "Công ty đã có" not in page


def test_of_two_who_give_the_same_number_at_once_the_slower_reads_one_sentence(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both forms were found right before either was kept: the database decides, and nothing of the slower one stays."""
    honest = services.known_identifiers

    def meanwhile(personal_id: str, tax_code: str, *, besides: int | None = None) -> list[str]:
        found = honest(personal_id, tax_code, besides=besides)
        Party.objects.get_or_create(kind="person", name="Người nhanh hơn", personal_id=personal_id)
        return found

    monkeypatch.setattr(services, "known_identifiers", meanwhile)
    status, page = sign_up(client)
    assert status == 422 and page.count("Số định danh này đã có trong hệ thống") == 1
    assert not User.objects.exists()


def test_a_name_taken_between_check_and_keeping_is_a_sentence_too() -> None:
    form = SignupForm(PERSON)
    assert form.is_valid(), form.errors
    User.objects.create_user("MAI.NONG", None, full_name="Người khác")
    request = RequestFactory().post("/")
    request.session = {}  # type: ignore[assignment]
    with pytest.raises(services.IdentifierTaken) as taken:
        form.save(request)
    assert taken.value.field == "username"


def test_numbers_that_identify_are_given_once(client: Client) -> None:
    sign_up(client)
    client.post(reverse("account"), {"kind": "business", "name": "Nông Thị Mai", "personal_id": "020190009999", "phone": "0988777666"})
    party = Party.objects.get()
    assert (party.kind, party.personal_id, party.phone) == ("person", "020190001234", "0988777666")
