"""The people of the small province: accounts, parties, positions, representations, leaves."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from sonha.foundation.identity.models import Party, Representation, User
from sonha.foundation.organisations.models import Position, Substitution, Unit

COMMUNE_A, COMMUNE_B = "06112", "05977"
DEPARTMENT, DIVISION, DESK, OTHER_DIVISION = "STNMT", "STNMT.NUOC", "STNMT.MC", "STNMT.KS"
PERSONS = {
    "lan": ("Bàn Thị Lanh Mủi", "020301777001", "0917000001", COMMUNE_A),
    "pao": ("Giàng Seo Pảo", "020301777002", "0917000002", COMMUNE_A),
    "applying_official": ("Khổng Thị Thu Vọng", "020301777003", "0917000003", COMMUNE_B),
}
COMPANY = ("Công ty cổ phần Đá trắng Khau Phạ", "4900777004", "0917000004")


@dataclass
class People:
    """Accounts and parties by the names of expected.py."""

    users: dict[str, User] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)

    def official(self, name: str, *posts: tuple[str, str], ended: bool = False, **account: object) -> User:
        today = timezone.localdate()
        user = User.objects.create_user(f"acc-{name}", None, full_name=f"Cán bộ {name}", kind="official", is_demo=True, **account)
        for role, unit in posts:
            Position.objects.create(
                user=user, unit=Unit.objects.get(code=unit), role=role, title="Công chức", valid_from=today - timedelta(days=900),
                valid_to=today - timedelta(days=1) if ended else None,
            )  # fmt: skip
        self.users[name] = user
        return user


def populate() -> People:
    people = People()
    for name, (full_name, personal_id, phone, commune) in PERSONS.items():
        people.parties[name] = Party.objects.create(
            kind="person", name=full_name, personal_id=personal_id, phone=phone, address="Thôn Một", commune_code=commune
        )
    name, tax_code, phone = COMPANY
    people.parties["company"] = Party.objects.create(kind="business", name=name, tax_code=tax_code, phone=phone, commune_code=COMMUNE_B)
    for who in ("lan", "pao"):
        people.users[who] = User.objects.create_user(f"acc-{who}", None, full_name=PERSONS[who][0], party=people.parties[who])
    _representatives(people)
    _officials(people)
    return people


def _representatives(people: People) -> None:
    since = timezone.localdate() - timedelta(days=900)
    for who in ("proxy", "former_proxy"):
        user = User.objects.create_user(f"acc-{who}", None, full_name=f"Người {who}")
        people.users[who] = user
        Representation.objects.create(party=people.parties["company"], user=user, kind="proxy", basis="Giấy uỷ quyền", valid_from=since)


def dismiss(people: People) -> None:
    """The former proxy filed for the company; its representation ended yesterday."""
    rows = Representation.objects.filter(user=people.users["former_proxy"])
    rows.update(valid_to=timezone.localdate() - timedelta(days=1))


def _officials(people: People) -> None:
    today = timezone.localdate()
    make = people.official
    make("receptionist", ("receptionist", DESK))
    make("specialist", ("specialist", DIVISION))
    make("head", ("head", DIVISION))
    make("leader", ("leader", DEPARTMENT))
    make("province_leader", ("leader", "UBND"))
    make("clerk", ("clerk", "UBND"))
    for name, code in (("officer_a", COMMUNE_A), ("officer_b", COMMUNE_B)):
        make(name, ("specialist", f"X.{code}"), ("receptionist", f"X.{code}.MC"), ("specialist", f"X.{code}.CM"))
    make("administrator", ("administrator", "VPUBND"))
    make("auditor", ("auditor", DEPARTMENT))
    make("applying_official", ("specialist", OTHER_DIVISION), party=people.parties["applying_official"])
    make("former_official", ("specialist", DIVISION), ended=True)
    absent = people.users["specialist"]
    for name, end in (("substitute", today), ("former_substitute", today - timedelta(days=1))):
        user = make(name, ("specialist", OTHER_DIVISION))
        Substitution.objects.create(absent=absent, substitute=user, valid_from=today - timedelta(days=3), valid_to=end)
