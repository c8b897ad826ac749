"""Pages of administrators and auditors: accounts, offices, code lists, procedures, payments reconciled."""

from sonha.testing.access.rules import ADMINISTRATORS, NOBODY, OVERSEERS, Address


def addresses() -> list[Address]:
    day = {"day": "2026-11-20"}
    return [
        Address("thanh-toan/doi-soat/", OVERSEERS, reveals_all_to=OVERSEERS),
        Address("thanh-toan/doi-soat/<str:day>/", NOBODY, arguments=day),
        Address("thanh-toan/doi-soat/<str:day>/<int:difference>/", NOBODY, NOBODY, arguments={**day, "difference": 1}),
        Address("thanh-toan/hoan-tien/<int:payment>/", NOBODY, ADMINISTRATORS, arguments={"payment": 1}, data={"reason": "x"}),
        Address("lich-lam-viec/khai-bao/", NOBODY, ADMINISTRATORS, data={"day": "2027-03-01", "kind": "holiday", "name": "x"}),
        Address("lich-lam-viec/bo-khai-bao/", NOBODY, ADMINISTRATORS, data={"day": "2027-01-01"}),
        Address("nhat-ky/", OVERSEERS, reveals_all_to=OVERSEERS),
        Address("quan-tri/", OVERSEERS),
        Address("quan-tri/quyen-so/", OVERSEERS),
        Address("quan-tri/quyen-so/them/", ADMINISTRATORS, ADMINISTRATORS),
        Address("quan-tri/quyen-so/<int:pk>/", ADMINISTRATORS, ADMINISTRATORS, of="grant"),
        Address("quan-tri/cau-mau/", OVERSEERS),
        Address("quan-tri/cau-mau/them/", ADMINISTRATORS, ADMINISTRATORS),
        Address("quan-tri/cau-mau/<int:pk>/", ADMINISTRATORS, ADMINISTRATORS, of="sentence"),
        Address("quan-tri/thay-doi/", OVERSEERS),
        Address("quan-tri/thay-doi/<slug:key>/", OVERSEERS, arguments={"key": "don-vi"}),
        Address("quan-tri/thay-doi/<slug:key>/<int:number>/", OVERSEERS, ADMINISTRATORS, of="change"),
        *_people(),
        *_catalogues(),
        *_procedures(),
    ]


def _people() -> list[Address]:
    """Accounts, posts and leave: administrators change, auditors look."""
    base = "quan-tri/nguoi-dung/"
    return [
        Address(base, OVERSEERS, reveals_all_to=OVERSEERS),
        Address(f"{base}them/", ADMINISTRATORS, ADMINISTRATORS),
        Address(f"{base}lam-thay/", OVERSEERS, reveals_all_to=OVERSEERS),
        Address(f"{base}lam-thay/<int:pk>/cham-dut/", NOBODY, ADMINISTRATORS, of="leave"),
        Address(f"{base}don-vi/", OVERSEERS),
        Address(f"{base}don-vi/<int:pk>/", OVERSEERS, ADMINISTRATORS, of="unit"),
        Address(f"{base}don-vi/<int:pk>/them/", ADMINISTRATORS, ADMINISTRATORS, of="unit"),
        Address(f"{base}<int:pk>/", OVERSEERS, of="account", reveals_all_to=OVERSEERS),
        Address(f"{base}<int:pk>/lam/<slug:act>/", NOBODY, ADMINISTRATORS, of="account"),
        Address(f"{base}<int:pk>/vi-tri/", NOBODY, ADMINISTRATORS, of="account", data={"unit": "STNMT", "role": "leader"}),
        Address(f"{base}vi-tri/<int:pk>/chuc-danh/", NOBODY, ADMINISTRATORS, of="position", data={"title": "x"}),
        Address(f"{base}vi-tri/<int:pk>/ket-thuc/", NOBODY, ADMINISTRATORS, of="position"),
    ]


def _catalogues() -> list[Address]:
    """Shared code lists: public facts, but their administration is for administrators; auditors look."""
    base, which = "quan-tri/danh-muc/<slug:code>/", {"code": "dan-toc"}
    return [
        Address("quan-tri/danh-muc/", OVERSEERS),
        Address(base, OVERSEERS, arguments=which),
        Address(f"{base}them/", ADMINISTRATORS, ADMINISTRATORS, arguments=which),
        Address(f"{base}sua/", ADMINISTRATORS, ADMINISTRATORS, arguments=which),
        Address(f"{base}muc/<int:pk>/", OVERSEERS, ADMINISTRATORS, arguments={**which, "pk": 0}, absent=True),
        Address(f"{base}muc/<int:pk>/sua/", ADMINISTRATORS, ADMINISTRATORS, arguments={**which, "pk": 0}, absent=True),
        Address(f"{base}nhap/", ADMINISTRATORS, ADMINISTRATORS, arguments=which),
        Address(f"{base}xuat.csv", OVERSEERS, arguments=which),
    ]


def _procedures() -> list[Address]:
    """The editor of procedures: administrators alone. Drafts are begun by writing; in the small province there is none."""
    about, version = {"stt": 860}, {"stt": 860, "number": 1}
    base, one = "quan-tri/thu-tuc/<int:stt>/", "quan-tri/thu-tuc/<int:stt>/phien-ban/<int:number>/"
    return [
        Address("quan-tri/thu-tuc/", ADMINISTRATORS),
        Address("quan-tri/thu-tuc/chat-luong/", ADMINISTRATORS),
        Address("quan-tri/thu-tuc/nhac-viec/", ADMINISTRATORS, ADMINISTRATORS),
        Address(base, ADMINISTRATORS, arguments=about),
        *(
            Address(f"{base}{each}", NOBODY, ADMINISTRATORS, arguments=about, data={"reason": "x"})
            for each in ("soan/", "soan/bo/", "soan/hoan-tac/", "soan/cong-bo-ngay/", "soan/nhap/", "soan/nhap/xac-nhan/", "nhan-ho-so/")
        ),
        Address(f"{base}chuyen-ho-so/", ADMINISTRATORS, ADMINISTRATORS, arguments=about, absent=True),
        Address(f"{base}soan/<slug:section>/", ADMINISTRATORS, ADMINISTRATORS, arguments={**about, "section": "cac-buoc"}, absent=True),
        *(Address(f"{one}{each}", ADMINISTRATORS, arguments=version) for each in ("", "so-do.bpmn", "khai-bao.yaml", "khai-bao.json")),
        Address(f"{one}ngung/", NOBODY, ADMINISTRATORS, arguments=version, data={"reason": "x"}),
    ]
