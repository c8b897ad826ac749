"""Pages of the province's data are found by whoever may read them: from the menu, the foot of every page, and one another."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve

from sonha.foundation.organisations.models import AdminUnit, AdminUnitSuccession
from sonha.geo.rasters.models import Raster
from sonha.registry.pages.tests.wells import official, text_of

pytestmark = pytest.mark.django_db
LINK = re.compile(r'(?:href|action)="(/[^"#?]*)')
FAMILIES = ("datasets", "metadata", "rasters", "areas")


def links(client: Client, path: str) -> set[str]:
    answer = client.get(path)
    return set(LINK.findall(text_of(answer))) if answer.status_code == 200 and "html" in answer["Content-Type"] else set()


def name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def found_by(client: Client) -> set[str]:
    """Names of the addresses of data that one comes upon from the first page, following links of these families."""
    waiting, names = ["/", "/csdl/"], set()
    while waiting:
        for path in sorted(links(client, waiting.pop(0))):
            name = name_of(path)
            if name.partition(":")[0] in FAMILIES and name not in names:
                names.add(name)
                waiting.append(path)
    return names


def every_name() -> set[str]:
    found = set()
    for family in FAMILIES:
        _prefix, resolver = get_resolver().namespace_dict[family]
        found |= {f"{family}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    return found


def test_menu_and_foot_lead_everybody_to_the_data_they_may_read() -> None:
    for client, images in ((Client(), False), (official("so", "specialist"), True)):
        page = links(client, "/csdl/")
        assert {"/du-lieu-mo/", "/sieu-du-lieu/", "/csdl/dia-gioi/chuyen-doi/"} <= page
        assert ("/csdl/anh/" in page) is images
        for path in ("/du-lieu-mo/", "/sieu-du-lieu/", "/csdl/dia-gioi/chuyen-doi/", *(["/csdl/anh/"] if images else [])):
            assert 'aria-current="page"' in text_of(client.get(path)), path


def test_no_page_of_data_is_without_a_way_to_it() -> None:
    Raster.objects.create(name="anh-thu", title="Ảnh thử", source="Biên bản 1", captured_on=date(2025, 1, 1))
    old, new = (AdminUnit.objects.create(code=code, name=f"Xã {code}", kind="commune") for code in ("06040", "06025"))
    AdminUnitSuccession.objects.create(old=old, new=new, on_date=date(2025, 7, 1))
    found = found_by(official("so", "specialist")) | found_by(official("qt", "administrator"))
    assert every_name() - found == set()
