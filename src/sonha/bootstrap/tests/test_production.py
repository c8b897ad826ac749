"""Production refuses, in one sentence each, what would be careless."""

from pathlib import Path

import pytest

from sonha.bootstrap import production, serving
from sonha.bootstrap.places import Places
from sonha.bootstrap.trouble import Trouble

GOOD = {
    "SONHA_HOSTS": "dichvucong.example.vn",
    "SONHA_SITE_URL": "https://dichvucong.example.vn",
    "SONHA_ORIGINS": "https://dichvucong.example.vn",
}
SECRET = "kJ8s" * 20


def test_a_careful_installation_may_serve() -> None:
    assert production.faults(GOOD, SECRET) == []


@pytest.mark.parametrize(
    ("changed", "secret", "named"),
    [
        ({"SONHA_HOSTS": ""}, SECRET, "SONHA_HOSTS"),
        ({"SONHA_HOSTS": "*"}, SECRET, "must not be"),
        ({"SONHA_SITE_URL": ""}, SECRET, "TLS"),
        ({"SONHA_SITE_URL": "http://dichvucong.example.vn"}, SECRET, "TLS"),
        ({"SONHA_ORIGINS": "https://dichvucong.example.vn,http://dichvucong.example.vn"}, SECRET, "TLS"),
        ({"SONHA_ORIGINS": ""}, SECRET, "TLS"),
        ({"SONHA_PAYMENT_URL": "http://thanhtoan.example.vn"}, SECRET, "SONHA_PAYMENT_URL"),
        ({"DJANGO_DEBUG": "1"}, SECRET, "debugging"),
        ({}, "", "secret key"),
        ({}, "short", "secret key"),
        ({}, "demonstration-only-key-never-used-in-production" + "x" * 40, "secret key"),
        ({}, "django-insecure-" + "x" * 60, "secret key"),
    ],
)
def test_each_carelessness_is_named_alone(changed: dict[str, str], secret: str, named: str) -> None:
    found = production.faults(GOOD | changed, secret)
    assert len(found) == 1
    assert named in found[0][1]


def test_the_launcher_says_all_of_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*GOOD, "SONHA_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    places = Places(project=tmp_path, data=tmp_path, port=8000, mode="production")
    with pytest.raises(Trouble, match=r"SONHA_HOSTS.*TLS.*secret key"):
        serving.check_production(places)
    serving.check_production(Places(project=tmp_path, data=tmp_path, port=8000, mode="demo"))
