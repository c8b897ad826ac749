"""How much one request to a map service may ask for, by audience. The one place: WFS, WMS, OGC API, tiles and downloads ask here.

limits_of(actor).features            features in one answer
with within(limits_of(actor)): …     statements of the database end at the audience's time limit: TooSlow
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from psycopg import Cursor

from sonha.foundation.access.actor import Actor

CANCELED = "57014"  # query_canceled: the time limit of the statement


class TooSlow(Exception):
    """The database needed longer than the audience is given."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`statement_ms`: of one SQL statement; `pixels`: of a drawn map; `vertices`, `depth`, `filter_bytes`: of a filter as it is sent."""

    features: int
    statement_ms: int
    pixels: int
    vertices: int = 10_000
    depth: int = 50
    filter_bytes: int = 64 * 1024


PUBLIC = Limits(features=1_000, statement_ms=5_000, pixels=2_048 * 2_048, vertices=2_000, filter_bytes=16 * 1024)
SIGNED_IN = Limits(features=1_000, statement_ms=10_000, pixels=2_048 * 2_048)
OFFICIAL = Limits(features=10_000, statement_ms=30_000, pixels=4_096 * 4_096)
DEFAULT_FEATURES = 100  # of services that page, when the client does not say


def limits_of(actor: Actor) -> Limits:
    """The limits of the audience the actor belongs to."""
    if actor.is_official or actor.is_system:
        return OFFICIAL
    return SIGNED_IN if actor.is_authenticated else PUBLIC


_held: ContextVar[str] = ContextVar("limit of the statements", default="")


@contextmanager
def within(limits: Limits) -> Iterator[None]:
    """Statements of the database end after `statement_ms`: TooSlow.

    The limit travels in front of each statement, in the same message and so in its transaction: no message of its own, nothing to undo.
    """
    held = _held.set(f"SELECT set_config('statement_timeout', '{limits.statement_ms:d}', true)")
    try:
        with connection.execute_wrapper(_limited):
            yield
    except OperationalError as failure:
        if getattr(failure.__cause__, "sqlstate", "") == CANCELED:
            raise TooSlow from failure
        raise
    finally:
        _held.reset(held)


def _limited(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    result = execute(f"{_held.get()}; {sql}", params, many, context)
    while result.nextset():
        pass
    return result


def binary_rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows of one statement with bytes as they are, which Django's cursors cannot fetch; under the limit that holds here."""
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline(), Cursor(raw) as limit, Cursor(raw) as cursor:
        if held := _held.get():
            limit.execute(held)
        cursor.execute(sql, params, binary=True)
        return cursor.fetchall()
