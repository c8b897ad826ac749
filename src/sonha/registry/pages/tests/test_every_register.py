"""Every register that is declared has all of its pages, with no more code than its declaration."""

from typing import Any

import pytest
from django.test import Client

from sonha.registry.declarations import Register, registers

from .wells import official, text_of

CODES = {each.code: each for each in registers()}


@pytest.mark.django_db
@pytest.mark.parametrize("register", CODES.values(), ids=CODES)
def test_a_declaration_gives_its_pages(register: type[Register]) -> None:
    clients: dict[str, Any] = {"specialist": official("so", "specialist"), "visitor": Client()}
    base = f"/csdl/{register.slug}/"
    asked = [("q", "da 12"), ("view", "map"), ("day", "2024-01-01"), ("ended", "1")]
    asked += [(name, "1") for name in register.filters] + [(f"{name}_from", "2020-01-01") for name in register.filters]
    asked += [("sort", f"-{name}") for name in register.sorts]
    for who, client in clients.items():
        first = client.get(base)
        if first.status_code in (302, 403):
            assert who == "visitor" or not (register.readers | register.editors) & {who}
            continue
        assert str(register.title) in text_of(first)
        for name, value in asked:
            assert client.get(base, {name: value}).status_code == 200, f"{who}: {name}={value}"
        for number in range(len(register.statistics) + 1):
            assert client.get(f"{base}thong-ke/", {"table": str(number)}).status_code == 200, f"{who}: table {number}"
        assert client.post(f"{base}bang/", {"kind": "csv"}).status_code in (200, 404)
        form = client.get(f"{base}them/")
        assert form.status_code in (200, 302, 403)
        if form.status_code == 200:
            assert client.post(f"{base}them/", {}).status_code == 422
