"""The registers that are declared. Sector apps declare theirs in `registers.py`, which their `apps.py` imports when the site starts."""

import re
from typing import Any, TypeVar

from .register import Database, Register

_registers: dict[str, type[Register]] = {}
R = TypeVar("R", bound=type[Register])


def declare(register: R) -> R:
    """Class decorator: makes a register known. ValueError when its code, slug or a layer's name is taken or malformed."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", register.code) or not re.fullmatch(r"[a-z][a-z0-9-]*", register.slug):
        raise ValueError(f"{register.__name__}: malformed code or slug")
    layers = {name for name, _layer in layers_of(register)}
    for other in _registers.values():
        if other.model is register.model:
            continue  # the same declaration, imported again
        taken = {other.code, other.slug, *(name for name, _layer in layers_of(other))} & {register.code, register.slug, *layers}
        if taken:
            raise ValueError(f"{register.__name__}: {', '.join(sorted(taken))} is already declared by {other.__name__}")
    _registers[register.code] = register
    return register


def forget(code: str) -> None:
    """For tests that declare a register of their own."""
    _registers.pop(code, None)


def registers() -> list[type[Register]]:
    """All, in the order of their databases."""
    return sorted(_registers.values(), key=lambda each: (each.database.order, each.database.code, each.order, each.code))


def register(code: str) -> type[Register]:
    """By code or slug; LookupError when there is none."""
    if code in _registers:
        return _registers[code]
    for each in _registers.values():
        if each.slug == code:
            return each
    raise LookupError(f"no register {code!r}")


def of_model(model: type[Any]) -> type[Register] | None:
    return next((each for each in _registers.values() if each.model is model), None)


def databases() -> dict[Database, list[type[Register]]]:
    found: dict[Database, list[type[Register]]] = {}
    for each in registers():
        found.setdefault(each.database, []).append(each)
    return found


def database(code: str) -> Database:
    """By code or slug; LookupError when there is none."""
    for each in databases():
        if code in (each.code, each.slug):
            return each
    raise LookupError(f"no database {code!r}")


def layers_of(register: type[Register]) -> list[tuple[str, Any]]:
    """(name in every service, Layer) of a register."""
    return [(layer.name or register.code, layer) for layer in register.layers]
