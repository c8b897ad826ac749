"""Pages of registers, by the example register, with their imports, exports and quality."""

from sonha.testing.access.expected import OFFICIALS as ALL_OFFICIALS
from sonha.testing.access.expected import holders
from sonha.testing.access.rules import ADMINISTRATORS, NOBODY, PERSON, PUBLIC, SIGNED_IN, Address


def _register_pages() -> list[Address]:
    """Pages of registers, by the example: two wells in commune A, one of them secret (things.py). What is masked: registry/pages/tests."""
    whole = frozenset(holders("head")) | {"specialist", "other_specialist", "substitute", "former_substitute", "applying_official"}
    editors, leaders, everywhere = whole | {"officer_a"}, frozenset(holders("leader")), {"slug": "gieng-vi-du"}
    base, one = "csdl/<slug:slug>/", "csdl/<slug:slug>/<int:pk>/"
    views = ("", "?view=cards", "?view=map", "?q=gieng", "?use=home&sort=-depth", "?day=2024-01-01&known_at=2025-01-01T00:00", "?ended=1")
    reason = {"basis": "correction", "note": "x"}
    return [
        Address("csdl/", PUBLIC),
        Address("csdl/tien-do/<uuid:progress_id>/", PERSON, of="official_progress", reveals_all_to=ADMINISTRATORS),
        Address(base, PUBLIC, arguments={"slug": "vi-du"}),
        Address(base, PUBLIC, arguments=everywhere, queries=views),
        Address(f"{base}bang/", PUBLIC, PUBLIC, arguments=everywhere, data={"kind": "csv"}, method="post",
                queries=("", "?use=home", "?what=statistics")),
        Address(f"{base}thong-ke/", PUBLIC, arguments=everywhere, queries=("", "?table=1&day=2024-01-01")),
        Address(f"{base}them/", editors | {"officer_b"}, editors | {"officer_b"}, arguments=everywhere, data=reason),
        Address(f"{base}hang-loat/", editors | {"officer_b"}, editors, of="well", queries=("?row=1", "?row=1&field=use"), data=reason),
        Address(f"{base}goi-y/<slug:name>/", editors | {"officer_b"}, arguments={**everywhere, "name": "owner_name"}, absent=True),
        Address(f"{base}vi-tri/<slug:name>/", NOBODY, editors | {"officer_b"}, arguments={**everywhere, "name": "geometry"}),
        *(Address(f"{one}{each}", PUBLIC, of="well") for each in ("", "lich-su/", "so-sanh/", "in/")),
        *(Address(f"{one}{each}", leaders, of="secret_well") for each in ("", "lich-su/", "so-sanh/", "in/")),
        *(Address(f"{one}{each}", editors, editors, of="well", data=reason) for each in ("sua/", "cham-dut/", "xoa-nham/")),
        *(Address(f"{one}{each}", NOBODY, NOBODY, of="secret_well", data=reason) for each in ("sua/", "cham-dut/", "xoa-nham/")),
    ]  # fmt: skip


def _areas() -> list[Address]:
    """What became of old communes: everybody's."""
    base = "csdl/dia-gioi/chuyen-doi/"
    return [
        Address(base, PUBLIC, queries=("", "?q=binh", "?side=old&district=180")),
        Address(f"{base}bang/", NOBODY, PUBLIC, data={"kind": "csv"}),
        Address(f"{base}<str:code>/", PUBLIC, arguments={"code": "khong-co"}, absent=True),
    ]


def _register_files() -> list[Address]:
    """Imports, exports and quality of registers, by the example. Whose import it is: registry/formats/tests."""
    editors = frozenset(holders("head")) | {
        "specialist", "other_specialist", "substitute", "former_substitute", "applying_official", "officer_a", "officer_b",
    }  # fmt: skip
    readers = frozenset(ALL_OFFICIALS) - ADMINISTRATORS
    base, example = "csdl/<slug:slug>/", {"slug": "gieng-vi-du"}
    one = {**example, "pk": "00000000-0000-0000-0000-000000000000"}
    quality = f"{base}chat-luong/"
    return [
        Address(f"{base}nhap/", editors, editors, arguments=example),
        Address(f"{base}nhap/cach/<slug:code>/", editors, editors, arguments={**example, "code": "khong-co"}, absent=True),
        Address(f"{base}nhap/<uuid:pk>/", editors, arguments=one, absent=True),
        *(Address(f"{base}nhap/<uuid:pk>/{act}/", NOBODY, editors, arguments=one, absent=True) for act in ("anh-xa", "ghi", "dung")),
        Address(f"{base}khu-vuc/", NOBODY, SIGNED_IN, arguments=example),
        Address(f"{base}xuat/", PUBLIC, PUBLIC, arguments=example, data={"kind": "csv"}, queries=("", "?q={name}")),
        Address(quality, readers, arguments=example, queries=("", "?state=fixed")),
        Address(f"{quality}loi.geojson", readers, arguments=example),
        Address(f"{quality}bang/", NOBODY, readers, arguments=example, data={"kind": "csv"}),
        *(Address(f"{quality}{act}/", NOBODY, editors, arguments=example) for act in ("kiem-tra", "dung")),
        Address(f"{quality}<int:pk>/chap-nhan/", NOBODY, editors, arguments={**example, "pk": 0}, absent=True, data={"reason": "x"}),
    ]


def addresses() -> list[Address]:
    return [*_register_pages(), *_areas(), *_register_files()]
