"""What people open all day, and how fast it has to be: the list that every measurement of pages shares."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db.models import QuerySet
from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.foundation.identity.models import User
from sonha.operations.benchmarks.timing import Ask, opening
from sonha.services.dossiers import selectors
from sonha.services.dossiers.models import Channel, Dossier, Draft

TARGETS = {"list": 150, "detail": 150, "search": 200, "submit": 300, "board": 1000, "page": 150}
"""p95 in milliseconds (docs/benchmarks.md says where each comes from)."""
DETAILS = 40
"""Different dossiers that are opened in turn, spread over everything that the person may see."""
WORDS = ("nong thi lan", "hoàng văn sơn", "trieu thi hoa", "lý minh đức", "khai thac nuoc", "khoáng sản", "vi thanh tuan", "chu kim yến")


@dataclass(frozen=True)
class Visit:
    """One kind of request of one person; `kind` is a key of TARGETS."""

    who: str
    kind: str
    title: str
    ask: Ask

    @property
    def target(self) -> int:
        return TARGETS[self.kind]


def visits() -> list[Visit]:
    """Everybody's pages. LookupError without the demonstration's people and dossiers."""
    if not User.objects.filter(username="congdan").exists() or not Dossier.objects.exists():
        raise LookupError("no demonstration")
    return [*_visitor(), *_citizen("congdan"), *_citizen("doanhnghiep"), *_officials()]


def _visitor() -> Iterator[Visit]:
    codes = Dossier.objects.order_by("-pk").values_list("code", flat=True)[:DETAILS]
    yield Visit("", "page", "home", opening(reverse("home")))
    yield Visit("", "search", "procedures in own words", opening(reverse("procedures") + "?q=khoan+gieng"))
    yield Visit("", "page", "procedure", opening(reverse("procedure", args=[860])))
    yield Visit("", "detail", "tracking by code", opening(*(reverse("track", args=[code]) for code in codes)))


def _citizen(username: str) -> Iterator[Visit]:
    mine = selectors.my_dossiers(Actor.of(User.objects.get(username=username)).in_person())
    yield Visit(username, "list", "my papers", opening(reverse("my_dossiers")))
    yield Visit(username, "detail", "my dossier", opening(*(reverse("my_dossier", args=[code]) for code in _spread(mine))))
    yield Visit(username, "submit", "file a dossier", filing(username))


def _officials() -> Iterator[Visit]:
    for username in ("chuyenvien", "motcua", "vanthu", "lanhdao"):
        seen = selectors.dossiers(Actor.of(User.objects.get(username=username)))
        yield Visit(username, "list", "my work", opening(reverse("work")))
        yield Visit(username, "list", "dossiers", opening(reverse("dossiers")))
        yield Visit(username, "list", "dossiers, far page", opening(*(reverse("dossiers") + f"?after={pk}" for pk in _places(seen))))
        yield Visit(username, "list", "dossiers, late", opening(reverse("dossiers") + "?late=late&sort=due"))
        yield Visit(username, "search", "by words", opening(*(reverse("dossiers") + "?q=" + words.replace(" ", "+") for words in WORDS)))
        yield Visit(username, "search", "by code", opening(*(reverse("dossiers") + "?q=" + code for code in _spread(seen))))
        yield Visit(username, "detail", "dossier", opening(*(reverse("dossier", args=[code]) for code in _spread(seen))))
        yield Visit(username, "board", "board", opening(reverse("boards")))
    yield Visit("lanhdao", "board", "board of the year", opening(reverse("boards") + f"?by=procedure&from={date.today().year}-01-01"))
    yield Visit("lanhdao", "list", "work of the units", opening(reverse("unit_work")))


def _spread(rows: QuerySet[Dossier]) -> list[str]:
    """Codes of dossiers from all over a person's rows, found by their numbers."""
    return [code for code in (_near(rows, pk).values_list("code", flat=True).first() for pk in _numbers()) if code]


def _places(rows: QuerySet[Dossier]) -> list[int]:
    return [pk for pk in (_near(rows, pk).values_list("pk", flat=True).first() for pk in _numbers()) if pk]


def _near(rows: QuerySet[Dossier], pk: int) -> QuerySet[Dossier]:
    return rows.filter(pk__lte=pk).order_by("-pk")


def _numbers() -> list[int]:
    last = Dossier.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return [last - turn * last // (DETAILS + 1) for turn in range(DETAILS)]


def filing(username: str) -> Ask:
    """Files the drafts that this person filed before once more; each is written down before the clock starts."""
    filed = Draft.objects.filter(user__username=username, channel=Channel.ONLINE, dossier__isnull=False, version__state="published")
    turns = itertools.cycle(filed.order_by("pk"))

    def ask(_turn: int) -> tuple[str, dict[str, str]]:
        draft = next(turns)
        draft.pk, draft._state.adding, draft.dossier = uuid4(), True, None
        draft.save()
        return reverse("draft", args=[draft.pk]) + "?trang=xem-lai", {"submit": "1"}

    return ask
