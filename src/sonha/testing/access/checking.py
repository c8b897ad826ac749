"""Asking every address as everybody, and saying in words what does not fit the rules."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from typing import Any
from urllib.parse import quote, unquote
from zlib import crc32

from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from sonha.testing.access import rules
from sonha.testing.access.expected import EVERYBODY, HANDLES, KEEPS_PERMIT, OFFICIALS, OWNS, READ_ONLY
from sonha.testing.access.people import People
from sonha.testing.access.rules import Address
from sonha.testing.access.things import Thing, Things

NO = frozenset({401, 403, 404, 405})
FEW = ("anonymous", "lan", "specialist")
ALWAYS = ("former_proxy", "applying_official", "auditor")
PARTS = 4
PERMIT_WORDS = frozenset({"name", "identifier", "code", "number"})
WRITING = re.compile(r"(INSERT INTO|(?<!FOR )(?<!KEY )UPDATE|DELETE FROM) \"?(\w+)|procrastinate_defer")
OWN_TRACES = frozenset(
    {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog", "payments_callback", "audit_event"}
)
"""Tables that a refused request may write to: sessions, and what is kept about failed sign-ins, forged callbacks and who read what."""
UNSAFE = ("post", "patch", "put", "delete")


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the running configuration as it is written there."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        else:
            yield route, entry


def undeclared(known: Mapping[str, list[Address]]) -> list[str]:
    """Routes without a rule, and rules without a route, each with what to do."""
    actual = {route for route, _pattern in routes()}
    return [
        *(
            f"/{route} has no access rule: add a line to sonha/testing/access/addresses that says who may read and write there "
            "(PUBLIC, SIGNED_IN, OFFICIALS, or a rule by object)"
            for route in sorted(actual - known.keys())
        ),
        *(f"/{route} has a rule but no such address exists: remove its line" for route in sorted(known.keys() - actual)),
    ]


class Checker:
    """One browser for each actor, in front of a furnished database. Whatever a request writes is undone after it."""

    def __init__(self, people: People, things: Things) -> None:
        self.things = things
        self.clients: dict[str, Client] = {}
        for actor in EVERYBODY:
            client = self.clients[actor] = Client(raise_request_exception=False)
            if actor != "anonymous":
                client.force_login(people.users[actor], backend="allauth.account.auth_backends.AuthenticationBackend")
                assert SESSION_KEY in client.session

    def reading(self, address: Address) -> list[str]:
        """What is wrong with GET at this address, for everybody and everything."""
        problems = []
        for actor, thing, query, asked in self._requests(address):
            url = url_of(address, thing) + query
            with _undone():
                response = self._read(address, thing, actor, url)
                problems += self._judged(address, thing, actor, url, response, asked)
        return problems

    def _read(self, address: Address, thing: Thing, actor: str, url: str) -> HttpResponseBase:
        if address.method == "post":
            return self.clients[actor].post(url, _filled(address, thing))
        return self.clients[actor].get(url)

    def writing(self, address: Address) -> list[str]:
        """What a request that changes things changes for those who may not: nothing."""
        problems = []
        only_read = address.write == rules.NOBODY != address.read
        for number, thing in enumerate(self._things(address)[: 1 if only_read else None]):
            url = url_of(address, thing)
            data = _filled(address, thing)
            for actor in self._askers(address, number):
                if entitled(address.write, thing, actor, writing=True) or address.open_forms:
                    continue
                if address.write == rules.NOBODY and actor not in READ_ONLY and entitled(address.read, thing, actor):
                    continue  # a page that only reads: its readers do no harm there
                for method in UNSAFE if actor in ALWAYS and address.route.startswith("api/v1/") else UNSAFE[:1]:
                    problems += self._refused(address, thing, actor, method, url, data)
        return problems

    def _refused(self, address: Address, thing: Thing, actor: str, method: str, url: str, data: dict[str, Any]) -> list[str]:
        written: list[str] = []
        with _undone(), connection.execute_wrapper(_recorder(written)):
            response = getattr(self.clients[actor], method)(url, data, **_encoding(address))
            after = self._flashed(actor, response)
        if response.status_code >= 500:
            return [f"{method.upper()} {url} as {actor} fails with {response.status_code}"]
        wrote = ", ".join(sorted(set(written) - OWN_TRACES))
        problems = [f"{method.upper()} {url} as {actor} ({response.status_code}) wrote to {wrote}"] if wrote else []
        return problems + self._foreign_words(address, thing, actor, f"{method.upper()} {url}", text_of(response) + after, ())

    def _flashed(self, actor: str, response: HttpResponseBase) -> str:
        """What the next page would tell the actor."""
        kept = getattr(response.wsgi_request, "_messages", ())  # type: ignore[attr-defined]
        self.clients[actor].cookies.pop("messages", None)
        return " ".join(str(each) for each in getattr(kept, "_queued_messages", ()))

    def _judged(
        self, address: Address, thing: Thing, actor: str, url: str, response: HttpResponseBase, asked: tuple[str, ...]
    ) -> list[str]:
        """The status, the words of others, and one's own that must be there."""
        status, text = response.status_code, text_of(response)
        problems = []
        allowed = entitled(address.read, thing, actor) or actor in address.reveals_all_to
        if status >= 500:
            problems.append(f"GET {url} as {actor} fails with {status}")
        elif allowed and not (address.open_forms or address.absent) and (status in NO or _to_sign_in(response)):
            problems.append(f"GET {url} as {actor} is refused ({status}), though it may be read")
        elif not allowed and not (status in NO or _to_sign_in(response) or status == 204 or (status == 422 and not thing.arguments)):
            problems.append(f"GET {url} as {actor} is answered ({status}), though only for: {_words(address.read)}")
        if allowed and not asked and "?" not in url and status == 200:
            missing = [name for name in sorted(address.shows.get(actor, ())) if self.things.dossiers[name].code not in text]
            problems += [f"GET {url} as {actor} does not show the dossier {name!r}" for name in missing]
        return problems + self._foreign_words(address, thing, actor, f"GET {url}", text, asked)

    def _foreign_words(self, address: Address, thing: Thing, actor: str, what: str, text: str, asked: tuple[str, ...]) -> list[str]:
        """Words of things that are not the actor's. What the request itself said may come back in the answer."""
        if actor in address.reveals_all_to:
            return []
        said = {*asked, *(str(value) for value in thing.arguments.values())}
        return [
            f"{what} as {actor} shows {marker.kind} of {', '.join(sorted(marker.dossiers))}: {marker.text!r}"
            for marker in self.things.markers
            if marker.text in text
            and marker.kind not in address.reveals
            and not _may_know(actor, marker.dossiers, marker)
            and marker.text not in said
        ]

    def _askers(self, address: Address, number: int) -> list[str]:
        """Who asks for the thing of this number: a quarter of everybody, for the next thing the next quarter; at every address the quarters
        begin elsewhere, so that everyone asks for everything somewhere. Those whose rights are peculiar ask always.

        Pages that name no thing are asked by everybody where they list what is one's own, else by a few and those who may.
        """
        turn = (number + crc32(address.route.encode())) % PARTS
        quarter = [actor for place, actor in enumerate(EVERYBODY) if actor in ALWAYS or place % PARTS == turn]
        if address.of or number:
            return quarter
        if address.shows:
            return list(EVERYBODY)
        may = (
            address.read if isinstance(address.read, frozenset) else address.write if isinstance(address.write, frozenset) else frozenset()
        )
        return sorted({*FEW, *may})

    def _things(self, address: Address) -> list[Thing]:
        if not address.of:
            return [Thing(dict(address.arguments))]
        found = self.things.objects.get(address.of, [])
        assert found, f"the small province has no {address.of!r} to fill /{address.route}"
        return found

    def _requests(self, address: Address) -> Iterator[tuple[str, Thing, str, tuple[str, ...]]]:
        """Each actor with each thing and query; and the words that the query says itself. One searches for what is another's."""
        only_written = address.read == rules.NOBODY != address.write
        asked = enumerate(product(self._things(address)[: 1 if only_written else None], address.queries))
        for thing, query, actor in ((thing, query, actor) for number, (thing, query) in asked for actor in self._askers(address, number)):
            if "{" not in query:
                yield actor, thing, query, ()
            elif entitled(address.read, thing, actor):
                own = HANDLES.get(actor, set()) | OWNS.get(actor, set())
                foreign = self.things.dossiers[next(name for name in ("permitted", "elsewhere", "waiting") if name not in own)]
                words = {"name": foreign.owner.name, "code": foreign.code, "identifier": foreign.owner.identifier}
                used = tuple(value for name, value in words.items() if f"{{{name}}}" in query)
                yield actor, thing, query.format(**{name: quote(value) for name, value in words.items()}), used


def entitled(rule: rules.Rule, thing: Thing, actor: str, *, writing: bool = False) -> bool:
    """Whether the rule lets the actor have the thing, by the tables of expected.py."""
    if writing and actor in READ_ONLY and rule not in {rules.PUBLIC, rules.SIGNED_IN}:
        return False
    if isinstance(rule, frozenset):
        return actor in rule
    owns = thing.dossier in OWNS.get(actor, ()) and not thing.internal
    handles = thing.dossier in HANDLES.get(actor, ())
    by_rule: dict[str, Callable[[], bool]] = {
        rules.PUBLIC: lambda: True,
        rules.SIGNED_IN: lambda: actor != "anonymous",
        rules.OFFICIALS: lambda: actor in OFFICIALS,
        rules.OWNERS: lambda: owns,
        rules.HANDLERS: lambda: handles,
        rules.WORKERS: lambda: handles and actor not in READ_ONLY,
        rules.SIDES: lambda: owns or handles,
        rules.PERSON: lambda: bool(thing.person) and (thing.person == actor),
        rules.KEEPERS: lambda: actor in KEEPS_PERMIT,
        rules.NOBODY: lambda: False,
    }
    return by_rule[rule]()


def _may_know(actor: str, dossiers: frozenset[str], marker: Any) -> bool:
    if f"person:{actor}" in dossiers:
        return True
    if actor in KEEPS_PERMIT and "permitted" in dossiers and marker.kind in PERMIT_WORDS:
        return True
    known = HANDLES.get(actor, set()) | (set() if marker.internal else OWNS.get(actor, set()))
    return bool(known & dossiers)


def url_of(address: Address, thing: Thing) -> str:
    """The address with its parts filled in; for patterns of regular expressions, the named groups."""
    route = re.sub(r"[\^$]", "", address.route)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: str(thing.arguments[found[1]]), route)
    named = "|".join(get_converters())
    return "/" + re.sub(rf"[<{{](?:(?:{named}):)?(\w+)[>}}]", lambda found: quote(str(thing.arguments[found[1]])), route)


def _filled(address: Address, thing: Thing) -> dict[str, Any]:
    """What is sent, with the thing's own names filled in: `{task_id}`."""
    return {name: value.format(**thing.arguments) if isinstance(value, str) else value for name, value in address.data.items()}


def _encoding(address: Address) -> dict[str, Any]:
    return {"content_type": "application/json"} if address.route.startswith("api/v1/") else {}


def _to_sign_in(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and "/tai-khoan/login/" in response.headers["Location"]


def _words(rule: rules.Rule) -> str:
    return rule if isinstance(rule, str) else ", ".join(sorted(rule))


def text_of(response: HttpResponseBase) -> str:
    """Everything an answer says, headers included: pages, JSON, workbooks unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    kind = response.headers.get("Content-Type", "")
    said = unquote(" ".join(response.headers.values()))
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return said + " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    if "json" in kind and body:
        return said + json.dumps(json.loads(body), ensure_ascii=False)
    return said if kind.startswith(("application/pdf", "image/")) else said + body.decode(errors="replace")


def _recorder(written: list[str]) -> Callable[..., Any]:
    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        found = WRITING.search(str(sql))
        if found and context["cursor"].rowcount:
            written.append(found[2] or "procrastinate_jobs")
        return result

    return record


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever happens inside is rolled back, as in Django's own test cases."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)
