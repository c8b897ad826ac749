"""The manuals are there for every role, lead nowhere into the void, and are found by the words people type."""

import re

import pytest
from django.test import Client

from sonha.channels.help import manuals
from sonha.channels.story import gallery
from sonha.foundation.access.actor import Actor, Post
from sonha.foundation.access.roles import Role
from sonha.testing.access.checking import routes

pytestmark = pytest.mark.django_db
FILES = sorted(manuals.FOLDER.glob("*.md"))


def official(*roles: str) -> Actor:
    return Actor(posts=tuple(Post(role, 1, "STNMT", "STNMT", "") for role in roles))


def test_every_role_has_a_manual_of_its_own() -> None:
    for role in Role:
        first = manuals.own(official(role))[0]
        assert first.file == f"{role.value}.md"
        assert len(first.sections) >= 5, f"{first.file} says too little"
    assert [each.slug for each in manuals.own(Actor.anonymous())] == ["nguoi-dan", "doanh-nghiep"]


def test_every_file_is_somebodys_manual() -> None:
    known = {f"{role}{language}.md" for role in manuals.SLUGS.values() for language in ("", ".en")}
    assert {file.name for file in FILES} <= known


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_links_and_pictures_of_a_manual_exist(file: manuals.Path) -> None:
    text = file.read_text()
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    missing = [target for target in targets if "://" not in target and not (file.parent / target).exists()]
    assert not missing, f"{file.name} leads to what is not there: {missing}"
    taken = {target.removeprefix("../pictures/") for target in targets if target.startswith("../pictures/")}
    assert taken <= gallery.names(), f"no command takes {taken - gallery.names()}"


def test_views_named_in_manuals_exist() -> None:
    names = {name for _route, pattern in routes() if (name := pattern.name)}
    for file in FILES:
        for view in (view for found in manuals.VIEWS.findall(file.read_text()) for view in found.split()):
            assert view.rpartition(":")[2] in names, f"{file.name} speaks of the page {view}, which is not there"


def test_words_are_found_without_marks_and_headings_come_first(client: Client) -> None:
    found = manuals.find("nop ho so", manuals.readable(Actor.anonymous()))
    assert found[0].section.title == "Nộp hồ sơ"
    page = client.get("/tro-giup/", {"q": "kiem tra van ban"}).content.decode()
    assert "Nhận kết quả và kiểm tra văn bản" in page
    assert "<mark>" in page
    assert "mọi phím" not in page, "officials' manuals are not searched for visitors"


def test_hostile_questions_are_shown_as_text(client: Client) -> None:
    page = client.get("/tro-giup/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert client.get("/tro-giup/", {"q": "\x00 %( " * 200}).status_code == 200


def test_html_in_a_manual_stays_text() -> None:
    assert "<script>" not in manuals.drawn("<script>alert(1)</script>\n\n![Trang](../pictures/home-390.webp)")
    assert 'src="/tro-giup/hinh/home-390.webp"' in manuals.drawn("![Trang](../pictures/home-390.webp)")
    assert 'href="/tro-giup/nguoi-dan/"' in manuals.drawn("[hướng dẫn](citizen.md)")


def test_help_for_a_page_leads_to_its_section_in_ones_own_manual(client: Client) -> None:
    answer = client.get("/tro-giup/trang/track_search/")
    assert answer.headers["Location"] == "/tro-giup/nguoi-dan/#theo-doi-ho-so"
    assert client.get("/tro-giup/trang/khong-co/").headers["Location"] == "/tro-giup/"
    by_role = {
        role: found[0].slug for role in ("head", "leader") if (found := manuals.section_about("boards", manuals.readable(official(role))))
    }
    assert by_role == {"head": "truong-phong", "leader": "lanh-dao"}


def test_each_page_of_the_menu_is_explained() -> None:
    views = ("work", "dossiers", "permits", "boards", "procedures", "track_search", "my_dossiers", "administration:home")
    every = manuals.readable(official(*Role.values))
    assert [view for view in views if manuals.section_about(view, every) is None] == []


def test_officials_manuals_are_for_officials(client: Client) -> None:
    assert client.get("/tro-giup/nguoi-dan/").status_code == 200
    assert "/tai-khoan/login/" in client.get("/tro-giup/mot-cua/").headers["Location"]
    assert client.get("/tro-giup/khong-co/").status_code == 404


def test_english_readers_get_the_english_manual_where_there_is_one(client: Client) -> None:
    client.cookies["django_language"] = "en"
    assert "Guide for citizens" in client.get("/tro-giup/nguoi-dan/").content.decode()
    business = client.get("/tro-giup/doanh-nghiep/").content.decode()
    assert 'lang="vi"' in business


def test_pictures_leave_only_their_folder(client: Client) -> None:
    assert client.get("/tro-giup/hinh/home-390.webp").headers["Content-Type"] == "image/webp"
    for name in ("README.md", "..%2Fmanuals%2Fcitizen.md", "khong-co.webp"):
        assert client.get(f"/tro-giup/hinh/{name}").status_code == 404
