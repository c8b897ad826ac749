"""A register with a million records for as long as it is measured: copies of those that are there, moved aside, rolled back at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from sonha.registry.declarations import Register

ASIDE = 200_000  # metres between one copy of the province and the next: copies do not lie on each other


@contextmanager
def enlarged(register: type[Register], wanted: int, *, differing: str, tell: Any = lambda done: None) -> Iterator[int]:
    """Records until there are `wanted`, all rolled back. `differing`: the unique text column, which gets the copy's number in front."""
    model, geometry = register.model, register.geometry()
    table = model._meta.db_table
    skipped = {"id", "uid"}
    columns = [str(each.column) for each in model._meta.local_concrete_fields if each.column not in skipped and not each.generated]
    into = ", ".join(f'"{each}"' for each in columns)
    values = {differing: f'%s || "{differing}"', geometry: f'ST_Translate("{geometry}", %s, 0)'}
    selected = ", ".join(values.get(each, f'"{each}"') for each in columns)
    order = [each for each in columns if each in values]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*), max(id) FROM "{table}"')
            there, last = cursor.fetchone()
            copy = 0
            while there < wanted:
                copy += 1
                given: dict[str, Any] = {differing: f"{copy}-", geometry: copy * ASIDE}
                cursor.execute(
                    f'INSERT INTO "{table}" ({into}) SELECT {selected} FROM "{table}" WHERE id <= %s LIMIT %s',
                    [given[each] for each in order] + [last, wanted - there],
                )
                there += cursor.rowcount
                tell(there)
            cursor.execute(f'ANALYZE "{table}"')
        try:
            yield there
        finally:
            transaction.set_rollback(True)
