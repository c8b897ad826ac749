"""How much one request to a map service may ask for, by audience. The one place: WFS, WMS, OGC API, tiles and downloads ask here.

limits_of(actor).features            features in one answer
with within(limits_of(actor)): …     statements of the database end at the audience's time limit: TooSlow
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

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


@contextmanager
def within(limits: Limits) -> Iterator[None]:
    """One transaction whose statements end after `statement_ms`: TooSlow."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(limits.statement_ms)])
            yield
    except OperationalError as failure:
        if getattr(failure.__cause__, "sqlstate", "") == CANCELED:
            raise TooSlow from failure
        raise
