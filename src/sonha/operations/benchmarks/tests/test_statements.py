"""How many SQL statements each page asks: one list, so that a change of a page's cost shows as a change of a line here.

The first request of a process also learns what later ones remember, hence the second is counted. There are more dossiers than a page holds:
a statement a row would show at once.
"""

import pytest
from django.urls import reverse

from sonha.operations.benchmarks.timing import client_of, counted, took_of
from sonha.services.dossiers.tests.many import a_dossier_and_copies
from sonha.services.dossiers.tests.people import official

MANY = 60
NOBODY, CITIZEN, DESK, LEADER = "", "citizen", "desk", "leader"
PAGES = [
    (NOBODY, "home", "", 3),
    (NOBODY, "procedures", "?q=khoan+gieng", 8),
    (NOBODY, "procedure/860", "", 5),
    (NOBODY, "track/code", "", 7),
    (CITIZEN, "my_dossiers", "", 6),
    (CITIZEN, "my_dossier/code", "", 17),
    (DESK, "work", "", 10),
    (DESK, "work", "?late=late&q=nong", 10),
    (DESK, "dossiers", "", 18),
    (DESK, "dossiers", "?q=nong&late=late&sort=due", 16),
    (DESK, "dossier/code", "", 47),
    (DESK, "boards", "", 11),
    (LEADER, "unit_work", "", 11),
    (LEADER, "dossiers", "", 19),
    (LEADER, "dossier/code", "", 42),
    (LEADER, "boards", "?by=officer", 10),
    (LEADER, "permits", "", 14),
]


@pytest.mark.usefixtures("lang_son")
def test_each_page_asks_as_many_statements_as_this_list_says() -> None:
    newest = a_dossier_and_copies(MANY)[-1]
    code = newest.code
    assert newest.applicant is not None
    people = {
        NOBODY: client_of(""),
        CITIZEN: client_of(newest.applicant.username),
        DESK: client_of(_account("receptionist", "STNMT.MC")),
        LEADER: client_of(_account("leader", "STNMT")),
    }
    asked = []
    for who, place, query, _statements in PAGES:
        name, _slash, argument = place.partition("/")
        address = reverse(name, args=[code if argument == "code" else argument] if argument else []) + query
        took_of(people[who], address)
        statements, _answer = counted(people[who], address)
        asked.append((who, place, query, len(statements)))
    assert asked == PAGES


def _account(role: str, unit: str) -> str:
    user = official(role, unit).user
    assert user is not None
    return user.username
