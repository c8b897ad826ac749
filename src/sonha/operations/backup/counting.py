"""What the database holds, in figures that can be compared after a restore."""

from django.db import connection
from psycopg import sql

from sonha.foundation.audit.models import Event


def counts() -> dict[str, int]:
    """Rows of every table, as the current transaction sees them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            found[name] = cursor.fetchone()[0]
    return found


def last_event() -> tuple[int, str] | None:
    """(id, hash) of the newest event of the audit log."""
    return Event.objects.order_by("-pk").values_list("pk", "hash").first()
