"""What everybody may open: the home page, procedures, looking up, checking, help, probes."""

from sonha.testing.access.rules import NOBODY, OFFICIALS, PUBLIC, SIGNED_IN, Address


def addresses() -> list[Address]:
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
