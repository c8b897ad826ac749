"""Which registers are open data, and which of their fields."""

from dataclasses import replace

from sonha.foundation.access.actor import Actor
from sonha.registry.declarations import Register, registers
from sonha.registry.declarations.fields import Field
from sonha.registry.grants.rights import Rights, all_rights, rights
from sonha.registry.pages.asking import Asked

NOBODY = Actor.anonymous()


def open_registers() -> list[type[Register]]:
    """Those whose declaration opens them, as long as everybody holds the right to download them."""
    declared = [each for each in registers() if each.public]
    held = all_rights(NOBODY, declared)
    return [each for each in declared if _opened(held[each.code])]


def opened(slug: str) -> Asked:
    """A register's open part, by its slug or code; LookupError when it has none."""
    for register in registers():
        if slug in (register.slug, register.code) and register.public:
            held = rights(NOBODY, register)
            if _opened(held):
                return Asked(NOBODY, register, _narrowed(held))
    raise LookupError(slug)


def open_fields(asked: Asked) -> list[Field]:
    """Fields of the data set in the order of the declaration."""
    shown = asked.rights.fields()
    return [each for each in asked.register.fields() if each.name in shown]


def _opened(held: Rights) -> bool:
    return held.downloads and bool(_narrowed(held).outside)


def _narrowed(held: Rights) -> Rights:
    """Never more than the declaration opens: a grant that gives everybody more is for pages, not for files that go round the world."""
    register = held.register
    return replace(held, outside=(held.outside & frozenset(register.open_fields)) - register.personal - register.secret, secret_rows=False)
