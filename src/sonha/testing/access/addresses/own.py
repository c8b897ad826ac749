"""Pages of one's own: the applicant's dossiers and drafts, messages, files, payments, the account."""

from sonha.testing.access.expected import OWNS
from sonha.testing.access.rules import ADMINISTRATORS, HANDLERS, NOBODY, OFFICIALS, OWNERS, PERSON, PUBLIC, SIDES, SIGNED_IN, Address


def _own_pages() -> list[Address]:
    return [
        Address("ho-so-cua-toi/", SIGNED_IN, shows=OWNS),
        Address("giay-to-cua-toi/", SIGNED_IN, queries=("", "?q=giay")),
        Address("ho-so-cua-toi/<str:code>/", OWNERS, of="dossier"),
        Address("ho-so-cua-toi/<str:code>/thuc-hien/<int:task_id>/", NOBODY, OWNERS, of="applicant_task", data={"action": "withdraw"}),
        Address("ho-so-cua-toi/<str:code>/rut/", NOBODY, OWNERS, of="dossier", data={"reason": "x"}),
        Address("ho-so-cua-toi/<str:code>/danh-gia/", NOBODY, OWNERS, of="dossier", data={"score": "1"}),
        Address("giay-to/<int:pk>/", SIDES, of="paper"),
        Address("van-ban/<int:pk>/", SIDES, of="official_paper"),
        Address("thu-tuc/<int:stt>/nop/", SIGNED_IN, SIGNED_IN, arguments={"stt": 860}, data={"owner": "1"}),
        Address(
            "nop-ho-so/<uuid:pk>/", PERSON, PERSON, of="draft", queries=("", "?trang=giay-to", "?trang=xem-lai"), data={"works_name": "x"}
        ),
        Address("nop-ho-so/<uuid:pk>/giay-uy-quyen/", PERSON, of="draft"),
        Address("nop-ho-so/<uuid:pk>/luu/", NOBODY, PERSON, of="draft"),
        Address("nop-ho-so/<uuid:pk>/tep/", NOBODY, PERSON, of="draft"),
        Address("nop-ho-so/<uuid:pk>/tep/<uuid:file>/", PERSON, of="draft_file"),
        Address("nop-ho-so/<uuid:pk>/giay-to/them/", NOBODY, PERSON, of="draft", data={"paper": "x"}),
        Address("nop-ho-so/<uuid:pk>/giay-to/bo/", NOBODY, PERSON, of="draft", data={"paper": "x"}),
        Address("nop-ho-so/<uuid:pk>/xoa/", NOBODY, PERSON, of="draft"),
    ]


def _personal() -> list[Address]:
    return [
        Address("thong-bao/", SIGNED_IN),
        Address("thong-bao/da-doc/", NOBODY, SIGNED_IN),
        Address("thong-bao/tuy-chon/", SIGNED_IN, SIGNED_IN),
        Address("thong-bao/<int:message_id>/", PERSON, of="message"),
        Address("viec-nen/<uuid:progress_id>/", PERSON, of="progress", reveals_all_to=ADMINISTRATORS),
        Address("tep/tai-len/", NOBODY, NOBODY),
        Address("tep/tai-len/<uuid:upload_id>/", PERSON, PERSON, of="upload"),
        Address("tep/<uuid:file_id>/", NOBODY, of="file"),
        Address("thanh-toan/<str:code>/", SIDES, SIDES, of="invoice"),
        Address("thanh-toan/<str:code>/tai-quay/", NOBODY, HANDLERS, of="invoice"),
        Address("thanh-toan/ket-qua/", NOBODY, queries=("?reference=XX0000000001",)),
    ]


def _account() -> list[Address]:
    """django-allauth's pages and the account's own: each shows and changes only the account that is signed in."""
    signed_in = (
        "", "email/", "password/change/", "password/set/", "reauthenticate/", "bao-mat/", "bao-mat/reauthenticate/",
        "bao-mat/totp/activate/", "bao-mat/totp/deactivate/", "bao-mat/recovery-codes/", "bao-mat/recovery-codes/generate/",
        "bao-mat/recovery-codes/download/", "bao-mat/webauthn/", "bao-mat/webauthn/add/", "bao-mat/webauthn/reauthenticate/",
    )  # fmt: skip
    public = (
        "login/", "logout/", "inactive/", "signup/", "confirm-email/", "password/reset/", "password/reset/done/",
        "password/reset/key/done/", "login/code/confirm/", "bao-mat/authenticate/", "bao-mat/webauthn/login/",
    )  # fmt: skip
    return [
        *(Address(f"tai-khoan/{each}", SIGNED_IN, SIGNED_IN, open_forms=True) for each in signed_in),
        *(Address(f"tai-khoan/{each}", PUBLIC, PUBLIC, open_forms=True) for each in public),
        Address(r"tai-khoan/^confirm-email/(?P<key>[-:\w]+)/$", PUBLIC, PUBLIC, arguments={"key": "forged"}, open_forms=True),
        Address(r"tai-khoan/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", PUBLIC, PUBLIC,
                arguments={"uidb36": "1", "key": "forged-key"}, open_forms=True),
        Address("tai-khoan/ma-truy-cap/", SIGNED_IN, SIGNED_IN, open_forms=True),
        Address("tai-khoan/ma-truy-cap/<uuid:token_id>/thu-hoi/", NOBODY, PERSON, of="token"),
        Address("tai-khoan/nghi-phep/", OFFICIALS, OFFICIALS),
        Address("tai-khoan/nghi-phep/<int:pk>/cham-dut/", NOBODY, ADMINISTRATORS | {"specialist"}, of="leave"),
        Address("tai-khoan/du-lieu-cua-toi.json", SIGNED_IN),
        Address("tai-khoan/uy-quyen/", SIGNED_IN, SIGNED_IN, open_forms=True),
        Address("tai-khoan/uy-quyen/<int:pk>/cham-dut/", NOBODY, PERSON, of="representation"),
        Address("tai-khoan/phien/", SIGNED_IN, SIGNED_IN, open_forms=True),
        Address("tai-khoan/bao-mat/webauthn/keys/<int:pk>/remove/", NOBODY, NOBODY, arguments={"pk": 1}),
        Address("tai-khoan/bao-mat/webauthn/keys/<int:pk>/edit/", NOBODY, NOBODY, arguments={"pk": 1}),
    ]  # fmt: skip


def addresses() -> list[Address]:
    return [*_own_pages(), *_personal(), *_account()]
