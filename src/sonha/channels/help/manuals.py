"""The manuals: one Markdown file for each role in docs/manuals, read in the product and on the repository's pages alike.

A file begins with `# title` and a paragraph; each `## heading` begins a section. The line `<!-- trang: work unit_work -->` below a heading
names the views that the section explains: from there "Trợ giúp trang này" leads to it. Pictures are those of docs/pictures.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.roles import Role
from sonha.foundation.search.folding import fold, unaccented

FOLDER = settings.PROJECT / "docs/manuals"
PICTURES = settings.PROJECT / "docs/pictures"
VIEWS = re.compile(r"^<!-- trang: (.+?) -->$", re.MULTILINE)
AROUND = 90  # characters shown before and behind what was found


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, until the next."""

    title: str
    anchor: str
    source: str
    views: frozenset[str]

    @property
    def words(self) -> str:
        """The text alone, for searching and showing in part."""
        text = re.sub(r"!\[[^]]*\]\([^)]*\)", "", self.source)
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
        return re.sub(r"\s+", " ", re.sub(r"[*`#>|]|^\s*(?:[-\d.]+)\s", " ", text, flags=re.MULTILINE)).strip()


@dataclass(frozen=True)
class Manual:
    """The manual of one role, in one language."""

    slug: str
    file: str
    title: str
    intro: str
    sections: tuple[Section, ...]
    language: str = "vi"


@dataclass(frozen=True)
class Found:
    """A section in which all words of a question stand."""

    manual: Manual
    section: Section
    shown: SafeString


SLUGS = {
    "nguoi-dan": "citizen",
    "doanh-nghiep": "business",
    "mot-cua": Role.RECEPTIONIST.value,
    "chuyen-vien": Role.SPECIALIST.value,
    "truong-phong": Role.HEAD.value,
    "lanh-dao": Role.LEADER.value,
    "van-thu": Role.CLERK.value,
    "quan-tri": Role.ADMINISTRATOR.value,
    "kiem-toan": Role.AUDITOR.value,
}
"""The address of each manual, and its file's name: the role's."""
PUBLIC = ("nguoi-dan", "doanh-nghiep")


def readable(actor: Actor, language: str = "vi") -> list[Manual]:
    """The manuals that the actor may read, one's own first: citizens' are for everybody, officials' for officials."""
    own = [slug for slug, name in SLUGS.items() if actor.has_role(name)] if actor.is_official else []
    others = [slug for slug in SLUGS if slug not in own and (actor.is_official or slug in PUBLIC)]
    return [_in(slug, language) for slug in (*own, *others)]


def own(actor: Actor, language: str = "vi") -> list[Manual]:
    """The manuals of the actor's own roles; of citizens for whoever holds no post."""
    if not actor.is_official:
        return [_in(slug, language) for slug in PUBLIC]
    return [_in(slug, language) for slug, name in SLUGS.items() if actor.has_role(name)]


def find(question: str, among: Iterable[Manual]) -> list[Found]:
    """Sections with every word of the question, marks and capitals aside; those that have them in their heading first."""
    asked = fold(question).split()
    if not asked:
        return []
    found = []
    for manual in among:
        for section in manual.sections:
            title, text = fold(section.title), fold(section.words)
            if all(_has(word, title) or _has(word, text) for word in asked):
                weight = sum(_has(word, title) for word in asked)
                found.append((-weight, Found(manual, section, _shown(section.words, asked))))
    return [each for _weight, each in sorted(found, key=lambda pair: pair[0])]


def section_about(view: str, among: Iterable[Manual]) -> tuple[Manual, Section] | None:
    """The first section that explains the page of this name."""
    return next(((manual, section) for manual in among for section in manual.sections if view in section.views), None)


def drawn(source: str) -> SafeString:
    """Markdown as HTML; pictures and links to other manuals lead to their places in the product. Raw HTML is shown as text."""
    draw = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = draw.parse(VIEWS.sub("", source))
    for token in (child for each in tokens for child in (each.children or [])):
        if token.type == "image" and str(token.attrs["src"]).startswith("../pictures/"):
            token.attrs["src"] = reverse("help:picture", args=[Path(str(token.attrs["src"])).name])
            token.attrs["loading"] = "lazy"
        elif token.type == "link_open" and (slug := _slug_of_file(str(token.attrs["href"]))):
            token.attrs["href"] = reverse("help:manual", args=[slug])
    return mark_safe(draw.renderer.render(tokens, draw.options, {}))  # noqa: S308 - our own files, without raw HTML


@cache
def _in(slug: str, language: str) -> Manual:
    """The manual in the language, or in Vietnamese when there is none in it."""
    name = SLUGS[slug]
    translated = FOLDER / f"{name}.{language}.md"
    return _read(slug, translated, language) if language != "vi" and translated.exists() else _read(slug, FOLDER / f"{name}.md", "vi")


def _read(slug: str, file: Path, language: str) -> Manual:
    head, *parts = re.split(r"^## ", file.read_text(), flags=re.MULTILINE)
    title, _line, intro = head.removeprefix("# ").partition("\n")
    return Manual(slug, file.name, title.strip(), intro.strip(), tuple(map(_section, parts)), language)


def _section(part: str) -> Section:
    title, _line, source = part.partition("\n")
    views = frozenset(name for names in VIEWS.findall(source) for name in names.split())
    return Section(title.strip(), re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-"), VIEWS.sub("", source).strip(), views)


def _slug_of_file(target: str) -> str | None:
    name = re.fullmatch(r"(\w+)(?:\.en)?\.md", target)
    return next((slug for slug, role in SLUGS.items() if name and role == name[1]), None)


def _has(word: str, folded: str) -> bool:
    """Whether a word of the text begins with it."""
    return re.search(rf"\b{re.escape(word)}", folded) is not None


def _shown(words: str, asked: list[str]) -> SafeString:
    """Part of the text around the first word found, the words marked. Removing marks keeps each letter's place."""
    plain = unaccented(words).lower()
    places = [match.span() for word in asked for match in re.finditer(rf"\b{re.escape(word)}\w*", plain)]
    first = min((start for start, _end in places), default=0)
    start, end = max(0, first - AROUND), min(len(words), first + AROUND * 2)
    start = words.rfind(" ", 0, start) + 1
    shown, at = "…" if start else "", start
    for begins, ends in sorted(places):
        if at <= begins and ends <= end:
            shown += escape(words[at:begins]) + f"<mark>{escape(words[begins:ends])}</mark>"
            at = ends
    return mark_safe(shown + escape(words[at:end]) + ("…" if end < len(words) else ""))  # noqa: S308 - every part is escaped
