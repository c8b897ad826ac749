"""The first grants of a register, read off its declaration. Rows that are there are left alone: an administrator may have changed them."""

from typing import Any

from django.db import connections

from sonha.registry.declarations import Register, registers

from .models import EVERYBODY, RegisterGrant

Level = RegisterGrant.Level


def declared_grants(register: type[Register]) -> list[dict[str, Any]]:
    """One grant for everybody when the register is public, one for each role that reads it."""
    found: list[dict[str, Any]] = []
    if register.public:
        found.append({"audience": EVERYBODY, "level": Level.DOWNLOAD, "fields": list(register.open_fields), "everywhere": True})
    found += [
        {
            "audience": str(role),
            "level": Level.EDIT if role in register.editors else Level.DOWNLOAD,
            "personal": role in register.personal_readers,
            "secret": role in register.secret_readers,
        }
        for role in sorted(register.readers | register.editors)
    ]
    return found


def load(sender: Any = None, using: str = "default", **_: Any) -> None:
    """Handler of post_migrate, also callable alone."""
    if sender is not None and sender.label != "grants":
        return
    if RegisterGrant._meta.db_table not in connections[using].introspection.table_names():
        return
    there = set(RegisterGrant.objects.using(using).filter(declared=True).values_list("register", "audience"))
    missing = [
        RegisterGrant(register=register.code, declared=True, source=register.source[:300], **grant)
        for register in registers()
        for grant in declared_grants(register)
        if (register.code, grant["audience"]) not in there
    ]
    RegisterGrant.objects.using(using).bulk_create(missing)


def reload() -> None:
    """Declared grants as the declarations are now, whatever an administrator made of them."""
    RegisterGrant.objects.filter(declared=True).delete()
    load()
