"""An installation with hundreds of layers while capabilities are measured: copies of a register and their grants, rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from sonha.registry.declarations import declare, register
from sonha.registry.declarations.known import forget
from sonha.registry.grants import declared


@contextmanager
def many_layers(code: str, count: int) -> Iterator[None]:
    """`count` registers like `code`, of one layer each."""
    model = register(code)
    names = [f"{code}_copy_{number}" for number in range(count)]
    with transaction.atomic():
        for name in names:
            declare(type(name, (model,), {"code": name, "slug": name.replace("_", "-"), "layers": model.layers[:1]}))
        declared.load()
        try:
            yield
        finally:
            for name in names:
                forget(name)
            transaction.set_rollback(True)
