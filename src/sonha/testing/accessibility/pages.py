"""Which pages there are: every address that answers GET with HTML, once, for somebody who may read it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client

from sonha.channels.administration.procedures.drafts import SECTIONS
from sonha.testing.access import rules
from sonha.testing.access.addresses import declared
from sonha.testing.access.checking import Checker, entitled, url_of
from sonha.testing.access.expected import EVERYBODY
from sonha.testing.access.rules import Address
from sonha.testing.access.things import Thing

FIRST = ("specialist", "receptionist", "head", "leader", "clerk", "administrator", "auditor", "lan", "proxy", "anonymous")
"""Who is asked first. Officials see most, so that their pages hold most that can be wrong; public pages are for visitors."""
MAIN = frozenset(
    {
        "", "thu-tuc/", "thu-tuc/<int:stt>/", "tra-cuu/<str:code>/", "ho-so-cua-toi/", "ho-so-cua-toi/<str:code>/", "nop-ho-so/<uuid:pk>/",
        "tai-khoan/login/", "can-bo/", "can-bo/ho-so/", "can-bo/ho-so/<str:code>/", "can-bo/tinh-hinh/", "can-bo/giay-phep/<int:pk>/",
        "quan-tri/", "quan-tri/thu-tuc/<int:stt>/phien-ban/<int:number>/", "tro-giup/",
    }
)  # fmt: skip
"""Routes of the pages that most people meet: looked at in all four ways, and with every thing that they can show."""
SENT_ON = frozenset({301, 302, 303})
HTMX = {"HTTP_HX_REQUEST": "true"}


@dataclass(frozen=True)
class Page:
    """One page to look at: its address, who reads it, and whether it is a main page."""

    url: str
    actor: str
    main: bool = False


def pages(checker: Checker) -> Iterator[Page]:
    """Every page, in the order of the list of addresses; main pages with one thing of each dossier's state."""
    for route, lines in declared().items():
        main = route in MAIN
        found = [page for line in lines if line.method == "get" for page in _of(checker, line, main)]
        yield from found if main else _enough(found, lines)


def _enough(found: list[Page], lines: list[Address]) -> list[Page]:
    """One page of each query, since another query may be another page."""
    queries = max(len(line.queries) for line in lines)
    return found[:queries]


def _of(checker: Checker, address: Address, main: bool) -> Iterator[Page]:
    """The pages behind one line of the list, for the first reader who gets HTML."""
    things = checker.things.objects.get(address.of, []) if address.of else [Thing(dict(address.arguments))]
    for thing in things:
        for query in address.queries:
            if "{" in query:
                continue
            url = url_of(address, thing) + query
            actor = next((name for name in _readers(address, thing) if _is_page(checker.clients[name], url)), None)
            if actor:
                yield Page(url, actor, main)
                if not main and len(address.queries) == 1:
                    return


def _readers(address: Address, thing: Thing) -> list[str]:
    """Those who may read it. A page for everybody is looked at as a visitor, sign-in pages too."""
    order = [*reversed(FIRST)] if address.read == rules.PUBLIC else [*FIRST, *(name for name in EVERYBODY if name not in FIRST)]
    return [name for name in order if entitled(address.read, thing, name)]


def _is_page(client: Client, url: str) -> bool:
    """Whether a browser that goes there shows a page of ours: parts for htmx, files, redirects and pages that are not there are not."""
    answer = client.get(url)
    if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html") or answer.streaming:
        return False
    return b"<html" in answer.content[:2000].lower()


def stand_in() -> list[Page]:
    """Pages behind no address of the list: what is shown when something is not there, and the parts of a procedure being edited."""
    parts = [Page(f"/quan-tri/thu-tuc/860/soan/{section.slug}/", "administrator") for section in SECTIONS]
    return [Page("/khong-co-trang-nay/", "anonymous"), Page("/can-bo/", "lan"), *parts]
