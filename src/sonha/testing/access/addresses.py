"""Every address of the product with its rule. A new address needs a line here; test_addresses.py says so when it is missing.

`route` is what the address configuration writes. `read` and `write` name who gets an answer from GET and from POST, PATCH, PUT, DELETE:

    PUBLIC       everybody; the page holds nothing of anybody
    SIGNED_IN    whoever is signed in; the page holds only what is the reader's own
    OFFICIALS    whoever holds a post today; or a set of names: those
    OWNERS       the applicant's side of the dossier                       (expected.OWNS)
    HANDLERS     officials of the dossier                                  (expected.HANDLES)
    WORKERS      the same without auditors: pages from which something is done
    SIDES        either
    PERSON       the one account the thing belongs to
    KEEPERS      officials of the agency that keeps the permit
    NOBODY       nobody: there is no such method, or no such thing

`of` names the things (things.py) that fill the address. `queries` are tried behind it (`{name}` and `{code}` are those of every dossier).
`reveals`: kinds of words that the address gives to whoever knows it. `shows`: what must stand on the page: the reader's own dossiers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sonha.testing.access.expected import OFFICIALS as ALL_OFFICIALS
from sonha.testing.access.expected import holders

PUBLIC, SIGNED_IN, OFFICIALS, OWNERS, HANDLERS, WORKERS, SIDES, PERSON, KEEPERS, NOBODY = (
    "public", "signed in", "officials", "owners", "handlers", "workers", "sides", "person", "keepers", "nobody",
)  # fmt: skip
Rule = str | frozenset[str]
IN_REGISTERS = frozenset(ALL_OFFICIALS)  # registers follow grants of their own, whoever handled the dossier
OVERSEERS = frozenset(holders("administrator", "auditor"))
ADMINISTRATORS = frozenset(holders("administrator"))


@dataclass(frozen=True)
class Address:
    route: str
    read: Rule
    write: Rule = NOBODY
    of: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    queries: tuple[str, ...] = ("",)
    data: Mapping[str, Any] = field(default_factory=dict)
    reveals: frozenset[str] = frozenset()
    reveals_all_to: frozenset[str] = frozenset()
    shows: Mapping[str, set[str]] = field(default_factory=dict)
    method: str = "get"  # how it is read: exports are asked for by POST
    absent: bool = False  # what the address names is not there: even who may read it gets 404
    open_forms: bool = False  # a public form: whoever posts writes only what is the sender's own (sign-in, sign-up, language)


def _own_pages() -> list[Address]:
    from sonha.testing.access.expected import OWNS

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


def _workspace() -> list[Address]:
    from sonha.testing.access.expected import HANDLES, WORKS_ON

    searches = ("", "?q={name}", "?q={code}", "?q={identifier}", "?late=late", "?state=submitted", "?agency=STNMT")
    heads = frozenset(holders("head", "leader"))
    acts = {"action": "accept", "comment": "x"}
    lists = (("dossiers", "xlsx"), ("dossiers", "csv"), ("board", "xlsx"), ("register", "ods"), ("permits", "xlsx"))
    exports = [
        Address("can-bo/xuat/<slug:name>/", OFFICIALS, OFFICIALS, arguments={"name": name}, data={"kind": kind}, method="post",
                shows=HANDLES if name == "dossiers" else {}, queries=("", "?q={name}"))
        for name, kind in lists
    ]  # fmt: skip
    return [
        Address("can-bo/", OFFICIALS, shows=WORKS_ON, queries=("", "?unclaimed=1")),
        Address("can-bo/don-vi/", frozenset(holders("head", "leader", "auditor"))),
        Address("can-bo/hang-loat/", NOBODY, HANDLERS, of="task", data={"task": "{task_id}", "action": "accept"}),
        Address("can-bo/bo-loc/<slug:page>/", NOBODY, OFFICIALS, arguments={"page": "dossiers"}, data={"name": "x", "query": "late=late"}),
        Address("can-bo/bo-loc/<int:pk>/doi/", NOBODY, PERSON, of="saved_filter", data={"do": "default"}),
        Address("can-bo/sang-nay/", OFFICIALS, queries=("", "?q={name}")),
        Address("can-bo/cau-mau/", OFFICIALS, OFFICIALS, data={"use": "supplement", "text": "x"}),
        Address("can-bo/cau-mau/<int:pk>/bo/", NOBODY, PERSON, of="own_sentence"),
        Address("can-bo/ho-so/", OFFICIALS, shows=HANDLES, queries=searches),
        Address("can-bo/ho-so/<str:code>/", HANDLERS, of="dossier"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/", NOBODY, HANDLERS, of="task", data=acts),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/nhan/", NOBODY, HANDLERS, of="task"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/phan-cong/", NOBODY, HANDLERS, of="task", data={"user": "1"}),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/", HANDLERS, HANDLERS, of="task", data={"paragraphs": "x"}),
        Address("can-bo/ho-so/<str:code>/doi-chieu/", HANDLERS, of="dossier"),
        Address("can-bo/ho-so/<str:code>/doi-chieu/<int:pk>/", HANDLERS, of="paper"),
        Address("can-bo/ho-so/<str:code>/doi-chieu/<int:pk>/trang-<int:number>", HANDLERS, of="paper"),
        Address("can-bo/ho-so/<str:code>/ghi-chu/", NOBODY, HANDLERS, of="dossier", data={"text": "x"}),
        Address("can-bo/ho-so/<str:code>/xin-loi/", NOBODY, HANDLERS, of="dossier", data={"new_due_on": "2099-01-01", "reason": "x"}),
        Address("can-bo/ho-so/<str:code>/mo-lai/", NOBODY, HANDLERS, of="dossier", data={"step": "reception", "reason": "x"}),
        Address("can-bo/ho-so/<str:code>/phieu-kiem-soat.pdf", HANDLERS, of="dossier"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/tra-ket-qua/", WORKERS, HANDLERS, of="task"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/tai-len/", NOBODY, HANDLERS, of="task"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/mau.docx", HANDLERS, of="task"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/<int:number>/lay-lai/", NOBODY, HANDLERS, of="draft_version"),
        Address("can-bo/ho-so/<str:code>/du-thao/so-sanh/", HANDLERS, of="draft_version", queries=("?cu=1&moi=1",)),
        Address("can-bo/ho-so/<str:code>/du-thao/<int:number>.docx", HANDLERS, of="draft_version"),
        Address("can-bo/ho-so/<str:code>/du-thao/<int:number>/trang-<int:page>.png", HANDLERS, of="draft_version"),
        Address("can-bo/so-theo-doi/", OFFICIALS),
        Address("can-bo/xuat/tien-do/<uuid:progress_id>/", PERSON, of="official_progress", reveals_all_to=ADMINISTRATORS),
        *exports,
        Address("can-bo/su-co-o-nhiem/", OFFICIALS, queries=("", "?noi-dung=song+ky+cung", "?diem=106.757,21.857")),
        Address("can-bo/su-co-o-nhiem/ho-so.pdf", OFFICIALS, absent=True),  # without a place on a river there is no dossier
        Address("can-bo/tinh-hinh/", OFFICIALS),
        Address("can-bo/giay-phep/", OFFICIALS, queries=("", "?q={name}")),
        Address("can-bo/giay-phep/<int:pk>/", KEEPERS, of="permit"),
        Address("can-bo/giay-phep/<int:pk>/thay-doi/", NOBODY, heads - {"province_leader"}, of="permit",
                data={"kind": "suspend", "basis": "x"}),
    ]  # fmt: skip


def _public() -> list[Address]:
    return [
        Address("", PUBLIC),
        Address("manifest.webmanifest", PUBLIC),
        Address("worker.js", PUBLIC),
        Address("ngoai-tuyen/", PUBLIC),
        Address("thu-tuc/", PUBLIC, queries=("", "?q=nuoc")),
        Address("thu-tuc/<int:stt>/", PUBLIC, arguments={"stt": 860}),
        Address("thu-tuc/<int:stt>/so-do.bpmn", PUBLIC, arguments={"stt": 860}),
        Address("thu-tuc/<int:stt>/can-chuan-bi/", PUBLIC, arguments={"stt": 860}),
        Address("don-vi-hanh-chinh.json", PUBLIC),
        Address("tra-cuu/", PUBLIC, queries=("", "?code={code}", "?code={name}")),
        Address("tra-cuu/<str:code>/", PUBLIC, of="dossier", reveals=frozenset({"code"})),
        Address("kiem-tra/", PUBLIC, PUBLIC, open_forms=True),
        Address("kiem-tra/crl/", PUBLIC),
        Address("kiem-tra/<str:code>/", PUBLIC, of="document", reveals=frozenset({"number"})),
        Address("lich-lam-viec/", PUBLIC),
        Address("bieu-mau/toa-do", PUBLIC, queries=("?longitude=106.7&latitude=21.8",)),
        Address("bieu-mau/tra-cuu", SIGNED_IN, queries=("?of=parcel&commune=06112&sheet=1&number=1",)),
        Address("robots.txt", PUBLIC),
        Address("tro-giup/", PUBLIC, queries=("", "?q=nop+ho+so")),
        Address("tro-giup/trang/<str:view>/", PUBLIC, arguments={"view": "work"}),
        Address("tro-giup/hinh/<str:name>", PUBLIC, arguments={"name": "home-390.webp"}),
        Address("tro-giup/<slug:slug>/", PUBLIC, arguments={"slug": "nguoi-dan"}),
        Address("tro-giup/<slug:slug>/", OFFICIALS, arguments={"slug": "mot-cua"}),
        Address("healthz/live", PUBLIC),
        Address("healthz/ready", PUBLIC),
        Address("healthz/started", PUBLIC),
        Address("metrics/", PUBLIC),  # from this machine, as here; others: operations/health/tests/test_metrics.py
        Address("ngon-ngu/setlang/", PUBLIC, PUBLIC, open_forms=True),
        Address("thong-bao/chuong/", PUBLIC),
        Address("thong-bao/bo-nhan/<str:token>/", NOBODY, NOBODY, arguments={"token": "forged"}),
        Address("api/payments/callback", NOBODY, NOBODY),
    ]


def _api() -> list[Address]:
    from sonha.testing.access.expected import HANDLES, KEEPS_PERMIT, OWNS

    both = {actor: HANDLES.get(actor, set()) | OWNS.get(actor, set()) for actor in HANDLES.keys() | OWNS.keys()}
    act = {"action": "accept", "comment": "x"}
    return [
        Address("api/v1/openapi.json", PUBLIC, reveals=frozenset({"number"})),  # an example of a number, not a permit's
        Address("api/v1/docs", PUBLIC),
        Address("api/v1/", PUBLIC),
        Address("api/v1/^.*$", NOBODY),
        Address("api/v1/me", SIGNED_IN),
        Address("api/v1/procedures", PUBLIC),
        Address("api/v1/procedures/<stt>", PUBLIC, arguments={"stt": 860}),
        Address("api/v1/procedures/<stt>/bpmn", PUBLIC, arguments={"stt": 860}),
        Address("api/v1/tracking/<code>", PUBLIC, of="dossier", reveals=frozenset({"code"})),
        Address("api/v1/dossiers", SIGNED_IN, SIGNED_IN, shows=both, queries=("", "?q={name}", "?q={code}", "?state=submitted")),
        Address("api/v1/dossiers/<code>", SIDES, of="dossier"),
        Address("api/v1/dossiers/<code>/events", SIDES, of="dossier"),
        Address("api/v1/dossiers/<code>/withdraw", NOBODY, SIDES, of="dossier", data={"reason": "x"}),
        Address("api/v1/files", NOBODY, SIGNED_IN),
        Address("api/v1/tasks", SIGNED_IN, queries=("", "?whose=unit", "?whose=applicant")),
        Address("api/v1/tasks/<task_id>", HANDLERS, of="task"),
        Address("api/v1/tasks/<task_id>", SIDES, of="applicant_task"),
        Address("api/v1/tasks/<task_id>/act", NOBODY, HANDLERS, of="task", data=act),
        Address("api/v1/tasks/<task_id>/claim", NOBODY, HANDLERS, of="task"),
        Address("api/v1/tasks/<task_id>/assign", NOBODY, HANDLERS, of="task", data={"user": None}),
        Address("api/v1/permits", SIGNED_IN, queries=("", "?q={name}")),
        *_registers(),
        Address("api/v1/permits/<permit_id>", frozenset(KEEPS_PERMIT | {"lan"}), of="permit"),
    ]


def _registers() -> list[Address]:
    """Registers by REST: what everybody may read of the example register. Writing needs a grant (registry/api/tests)."""
    base, example = "api/v1/registers/<code>", {"code": "example_wells"}
    one, writers = {**example, "record_id": 0}, frozenset(holders("head")) | {"specialist", "other_specialist", "substitute"}
    return [
        Address("api/v1/registers", PUBLIC),
        Address(base, PUBLIC, writers, arguments=example, queries=("", "?q={name}")),
        Address(f"{base}/schema", PUBLIC, arguments=example),
        Address(f"{base}/changes", SIGNED_IN, arguments=example),
        Address(f"{base}/<record_id>", PUBLIC, writers, arguments=one, absent=True),
        Address(f"{base}/<record_id>/versions", SIGNED_IN, arguments=one, absent=True),
        *(Address(f"{base}/<record_id>/{act}", NOBODY, writers, arguments=one) for act in ("end", "withdraw")),
    ]


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


def _features() -> list[Address]:
    """OGC API Features and open data: what everybody may read of the example register; the rest by rights (their own tests)."""
    base, example = "ogc/collections/<str:name>", {"name": "example_wells"}
    return [
        *(Address(f"ogc/{each}", PUBLIC, queries=("", "?f=html")) for each in ("", "api", "conformance", "collections")),
        *(
            Address(f"{base}{each}", PUBLIC, arguments=example, queries=("", "?f=html"))
            for each in ("", "/queryables", "/schema", "/items")
        ),
        Address(f"{base}/items/<str:pk>", PUBLIC, arguments={**example, "pk": "0"}, absent=True),
        Address("ogc/^.*$", NOBODY),
        *(Address(f"du-lieu-mo/{each}", PUBLIC) for each in ("", "catalog.jsonld", "catalog.ttl")),
        Address("du-lieu-mo/<slug:slug>/", PUBLIC, arguments={"slug": "gieng-vi-du"}),
        Address("du-lieu-mo/<slug:slug>/<slug:kind>", PUBLIC, arguments={"slug": "gieng-vi-du", "kind": "khong-co"}, absent=True),
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


def _administration() -> list[Address]:
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


def _map_services() -> list[Address]:
    """WFS and the catalogue answer everybody, each by its rights (geo/wfs/tests, geo/metadata/tests); nothing is written there."""
    wfs, catalogue, name = "?service=WFS&request=", "?service=CSW&version=2.0.2&request=", {"name": "example_wells"}
    return [
        Address(
            "ows/wfs", PUBLIC, PUBLIC, open_forms=True,
            queries=tuple(f"{wfs}{each}" for each in ("GetCapabilities", "DescribeFeatureType", "GetFeature&typename=example_wells")),
        ),
        Address(
            "csw", PUBLIC, PUBLIC, open_forms=True,
            queries=tuple(f"{catalogue}{each}" for each in ("GetCapabilities", "GetRecords&resultType=results&maxRecords=100")),
        ),
        Address("sieu-du-lieu/", PUBLIC, queries=("", "?q={name}")),
        Address("sieu-du-lieu/<slug:name>/", PUBLIC, arguments=name),
        Address("sieu-du-lieu/<slug:name>/iso19139.xml", PUBLIC, arguments=name),
        Address("sieu-du-lieu/<slug:name>/sua/", ADMINISTRATORS, ADMINISTRATORS, arguments=name, data={"lineage": "x"}),
    ]  # fmt: skip


def _map_page() -> list[Address]:
    layer = {"layer": "example_wells"}
    where = {**layer, "z": 3, "x": 6, "y": 3}
    return [
        Address("ban-do/", PUBLIC),
        Address("ban-do/tim.json", PUBLIC, queries=("?q=nuoc", "?q={name}", "?q={code}"), reveals_all_to=IN_REGISTERS),
        Address("ban-do/tai-day.json", PUBLIC, PUBLIC, queries=("?lng=106.76&lat=21.87&metres=5000",), open_forms=True),
        Address("ban-do/doc-song.json", PUBLIC, queries=("?lng=106.76&lat=21.87&direction=upstream",)),
        Address("ban-do/in/", PUBLIC, queries=("?lng=106.76&lat=21.87&layers=example_wells",)),
        Address("ban-do/mo-tep/", NOBODY, PUBLIC, open_forms=True),
        Address("ban-do/chong-lan/", PUBLIC, PUBLIC, open_forms=True),
        Address("tiles/<slug:layer>.json", PUBLIC, arguments=layer),
        Address("tiles/<slug:layer>/style.json", PUBLIC, arguments=layer),
        Address("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>", PUBLIC, arguments=where),
        Address("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", PUBLIC, arguments=where),
    ]


def _drawn_maps() -> list[Address]:
    """WMS (what it shows of which register: geo/wms/tests) and rasters, of which there is none here."""
    keepers = frozenset(holders("head")) | {"specialist", "other_specialist", "substitute", "former_substitute", "applying_official"}
    keepers |= {"officer_a", "officer_b"}
    name = {"name": "khong-co"}
    place = {**name, "z": 3, "x": 6, "y": 3, "form": "png"}
    return [
        Address("ows/wms", PUBLIC, PUBLIC, queries=("?service=WMS&request=GetCapabilities",), open_forms=True),
        Address("tiles/raster/<slug:name>.json", PUBLIC, arguments=name, absent=True),
        Address("tiles/raster/<slug:name>.tif", PUBLIC, arguments=name, absent=True),
        Address("tiles/raster/<slug:name>/<int:z>/<int:x>/<int:y>.<slug:form>", PUBLIC, arguments=place, absent=True),
        Address("csdl/anh/", OFFICIALS),
        Address("csdl/anh/them/", keepers, keepers, data={"title": "x"}),
        Address("csdl/anh/<slug:name>/", OFFICIALS, OFFICIALS, arguments=name, data={"title": "x"}, absent=True),
        Address("csdl/anh/<slug:name>/go-bo/", NOBODY, keepers, arguments=name, data={"reason": "x"}),
    ]


def declared() -> dict[str, list[Address]]:
    """Addresses by route. One route may stand in several lines, each with other things."""
    lines = [
        *_public(),
        *_api(),
        *_features(),
        *_register_pages(),
        *_areas(),
        *_register_files(),
        *_own_pages(),
        *_workspace(),
        *_personal(),
        *_administration(),
        *_account(),
        *_map_services(),
        *_map_page(),
        *_drawn_maps(),
    ]
    crossed = [
        Address(
            "can-bo/ho-so/<str:code>/viec/<int:task_id>/", NOBODY, NOBODY, of="crossed_task", data={"action": "accept", "comment": "x"}
        ),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/", NOBODY, NOBODY, of="crossed_task", data={"paragraphs": "x"}),
    ]
    found: dict[str, list[Address]] = {}
    for line in (*lines, *crossed):
        found.setdefault(line.route, []).append(line)
    return found


__all__ = ["ALL_OFFICIALS", "Address", "declared"]
