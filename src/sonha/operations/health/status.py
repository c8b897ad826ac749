"""What this installation is and holds, as one document of plain values (for `./sonha status --json` and monitoring).

Each section is a function named in `SECTIONS`. A section that fails says so in its place, so that a sick part does not hide the others.
"""

import os
import platform
import tomllib
from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Exists, OuterRef
from django.db.models.query import QuerySet
from django.utils import timezone

from sonha.foundation.audit.verification import verify
from sonha.foundation.catalogues.models import CatalogueItem
from sonha.foundation.catalogues.selectors import catalogues
from sonha.foundation.identity.models import User
from sonha.foundation.jobs import selectors as jobs
from sonha.foundation.organisations.models import Unit
from sonha.registry import declarations
from sonha.registry.declarations.known import layers_of
from sonha.registry.records.selectors import rows
from sonha.services.dossiers.models import Dossier
from sonha.services.permits.models import Permit
from sonha.services.procedures.importing import stored_report
from sonha.services.procedures.models import Procedure, ProcedureVersion

PACKAGES = ("Django", "granian", "procrastinate", "psycopg", "pyHanko", "weasyprint")


def versions() -> dict[str, str]:
    """Versions of the product, of Python, of the database and of the packages that matter when something is reported."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), postgis_lib_version()")
        postgres, postgis = cursor.fetchone()
    found = {"sonha": product_version(), "python": platform.python_version(), "postgresql": postgres.split()[0], "postgis": postgis}
    return found | {name.lower(): metadata.version(name) for name in PACKAGES}


def product_version() -> str:
    """`version` of pyproject.toml, the one place where it is written."""
    return str(tomllib.loads((settings.PROJECT / "pyproject.toml").read_text())["project"]["version"])


def database() -> dict[str, Any]:
    """Name, size in bytes, open connections, and migrations not yet applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), pg_database_size(current_database())")
        name, size = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        (connections,) = cursor.fetchone()
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    private = not os.environ.get("SONHA_DATABASE_URL")
    return {"name": name, "private": private, "bytes": size, "connections": connections, "pending_migrations": len(pending)}


def queue() -> dict[str, Any]:
    return jobs.status()


def procedures() -> dict[str, Any]:
    """All procedures of the catalogue; those that can be filed; those modelled fully rather than by their family's default."""
    return {
        "total": Procedure.objects.count(),
        "published": Procedure.objects.filter(versions__state="published").distinct().count(),
        "fully_modelled": _fully_modelled().count(),
        "fully_modelled_stt": sorted(_fully_modelled().values_list("stt", flat=True)),
    }


def _fully_modelled() -> QuerySet[Procedure]:
    """Published with content of their own: a family's default names its family."""
    return Procedure.objects.filter(
        Exists(ProcedureVersion.objects.filter(procedure=OuterRef("pk"), state="published").exclude(content__has_key="family"))
    )


def units() -> dict[str, Any]:
    today = timezone.localdate()
    current = Unit.objects.on(today)
    return {"total": Unit.objects.count(), "today": current.count(), "by_kind": _counted(current, "kind")}


def accounts() -> dict[str, Any]:
    active = User.objects.filter(is_active=True)
    return {
        "total": User.objects.count(),
        "active": active.count(),
        "demonstration": active.filter(is_demo=True).count(),
        "by_kind": _counted(active, "kind"),
        "officials_without_second_factor": active.filter(kind=User.Kind.OFFICIAL, authenticator=None).count(),
    }


def lists() -> dict[str, int]:
    """The province's catalogues of values, their items in force today, and those that still wait for the province to confirm them."""
    held = CatalogueItem.objects.on(timezone.localdate())
    return {"total": catalogues().count(), "items_in_force": held.count(), "assumptions": held.filter(assumption=True).count()}


def dossiers() -> dict[str, Any]:
    return {"total": Dossier.objects.count(), "by_state": _counted(Dossier.objects.all(), "state")}


def permits() -> dict[str, Any]:
    return {"total": Permit.objects.count(), "by_state": _counted(Permit.objects.all(), "state")}


def registers() -> dict[str, Any]:
    """Specialised databases: records by register, in all, today and superseded, with the layers that map services draw from them."""
    return {
        each.code: {
            "database": each.database.code,
            "records": rows(each, ended=True).count(),
            "today": rows(each).count(),
            "superseded": each.model.History.objects.count(),  # type: ignore[attr-defined]
            "public": each.public,
            "layers": [name for name, _layer in layers_of(each)],
        }
        for each in declarations.registers()
    }


def audit() -> dict[str, Any]:
    """Links of the audit log and whether all of them hold; the first broken one is named."""
    result = verify()
    return {
        "links": result.links,
        "seals": result.seals,
        "rows": result.rows,
        "verifies": result.ok,
        "first_broken": result.first_broken.words("vi") if result.first_broken else None,
        "seconds": round(result.seconds, 3),
    }


def import_quality() -> dict[str, Any]:
    return dict(stored_report().as_dict())


SECTIONS: Mapping[str, Callable[[], Any]] = {
    "versions": versions,
    "database": database,
    "queue": queue,
    "procedures": procedures,
    "units": units,
    "accounts": accounts,
    "catalogues": lists,
    "dossiers": dossiers,
    "permits": permits,
    "registers": registers,
    "audit": audit,
    "import": import_quality,
}


def collect() -> dict[str, Any]:
    """The whole document: `at`, `mode`, `address` while running, `healthy`, then one key a section."""
    document: dict[str, Any] = {"at": timezone.localtime().isoformat(timespec="seconds"), "mode": settings.MODE}
    document["address"] = os.environ.get("SONHA_RUNNING_AT") or None
    healthy = True
    for name, section in SECTIONS.items():
        try:
            with transaction.atomic():
                document[name] = section()
        except Exception as error:  # whatever ails one part must not hide the others
            healthy = False
            document[name] = {"error": f"{type(error).__name__}: {error}".strip().splitlines()[0]}
    document["healthy"] = healthy and document["audit"].get("verifies", False) and not document["database"].get("pending_migrations", 1)
    return document


def _counted(rows: QuerySet[Any], field: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(field).annotate(count=Count("pk")).order_by(field))
