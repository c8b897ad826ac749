"""What is said of one address, and the words for who gets an answer.

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
