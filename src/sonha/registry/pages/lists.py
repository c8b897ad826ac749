"""The databases, one database, one register's list: look up, filter, put in order, page by place, as a table, as cards, on a map."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sonha.foundation.jobs.models import Progress
from sonha.foundation.organisations.selectors import area_name
from sonha.foundation.rendering import exports
from sonha.foundation.search.counting import capped_count, found_first
from sonha.registry.declarations import Database, Register, databases
from sonha.registry.declarations.known import layers_of
from sonha.registry.grants.rights import Rights, all_rights
from sonha.registry.records.models import Change

from . import features
from .asking import Asked, When, of_register, reader
from .cells import Cells
from .links import pages_of
from .narrowing import Narrowing
from .statistics import statistics_of

PER_PAGE = 50
CHOICES = ("table", "cards", "map")
KINDS = ("xlsx", "csv", "ods")
RECENT, LOOKED_AT = 8, 60
FIRST = 2  # filters always in sight; the rest folds


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The specialised databases with the registers that the reader may read, and how many records each shows."""
    actor = reader(request)
    held = all_rights(actor)
    found = [(database, _shown(registers, held, actor)) for database, registers in databases().items()]
    return render(request, "registers/index.html", {"databases": [(database, rows) for database, rows in found if rows]})


def _shown(registers: list[type[Register]], held: dict[str, Rights], actor: Any) -> list[dict[str, Any]]:
    rows = []
    for register in registers:
        if held[register.code].reads:
            count, more = capped_count(Asked(actor, register, held[register.code]).rows(When()), 10_000)
            rows.append({"register": register, "count": count, "more": more, "edits": held[register.code].edits})
    return rows


@require_safe
def by_slug(request: HttpRequest, slug: str) -> HttpResponse:
    """A database or a register: their slugs are of one list."""
    found = next((each for each in databases() if each.slug == slug), None)
    return database(request, found) if found else listing(request, slug)


def database(request: HttpRequest, found: Database) -> HttpResponse:
    """One database: its registers, their statistics, and for officials what changed last."""
    actor = reader(request)
    registers = databases()[found]
    held = all_rights(actor, registers)
    rows = _shown(registers, held, actor)
    if not rows:
        raise Http404
    context = {
        "database": found,
        "rows": rows,
        "pages": pages_of(found.code),
        "map_url": features.map_address([name for row in rows for name, _layer in layers_of(row["register"])]),
        "changes": _recent(found, held) if actor.is_official else None,
    }
    return render(request, "registers/database.html", context)


def _recent(found: Database, held: dict[str, Rights]) -> list[tuple[Change, str]]:
    """The last changes with the register that each names, of those that made a record which the actor reads in full."""
    titles = {each.register.code: str(each.register.title) for each in held.values()} | {found.code: str(found.title)}
    last = Change.objects.filter(register__in=titles).order_by("-pk").values("pk")[:LOOKED_AT]
    readable = Q(pk__in=[])
    for each in held.values():
        if each.inside:
            rows = each.register.model._default_manager.filter(each.condition(), each.where_shown(each.inside), change=OuterRef("pk"))
            readable |= Q(Exists(rows))
    rows = Change.objects.filter(readable, pk__in=last).order_by("-pk")[:RECENT]
    return [(change, titles[change.register]) for change in rows]


@of_register()
def listing(request: HttpRequest, asked: Asked) -> HttpResponse:
    when, narrowing = When.of(request.GET), Narrowing(asked, request.GET.dict())
    rows, count, more = found_first(narrowing.narrowed(asked.rows(when, ended=narrowing.ended)))
    found = list(narrowing.beyond(rows)[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    view = request.GET.get("view", "")
    filters = sorted(narrowing.filters(), key=lambda each: each.name == "origin")
    first = [each for at, each in enumerate(filters) if at < FIRST or each.name == "commune"]
    by_area = asked.register.geometry() in asked.rights.fields()
    context = {
        **shared(asked, when),
        "narrowing": narrowing,
        "filters": first,
        "further": [each for each in filters if each not in first],
        **(features.drawing_on(asked.register) if by_area else {}),
        "chosen": narrowing.chosen(),
        "count": count,
        "more": more,
        "view": view if view in CHOICES else "table",
        "paged": bool(request.GET.get("after")),
        "next": narrowing.place_of(shown[-1]) if len(found) > PER_PAGE else None,
        "kinds": KINDS if asked.rights.downloads else (),
        "export_url": _named_url("formats:export", asked.register.slug) if asked.rights.downloads else "",
        "import_url": _named_url("formats:import", asked.register.slug) if asked.rights.edits else "",
        "features": features.collection(asked, rows_with_place(asked, when, shown)) if view == "map" else None,
        **_table(asked, when, narrowing, shown),
    }
    return render(request, "registers/found.html" if request.htmx else "registers/list.html", context)  # type: ignore[attr-defined]


def shared(asked: Asked, when: When) -> dict[str, Any]:
    """What every page of a register needs."""
    return {
        "register": asked.register,
        "database": asked.register.database,
        "rights": asked.rights,
        "when": when,
        "when_query": "&".join(f"{name}={value}" for name, value in when.parameters().items()),
        "editable": asked.rights.edits and not when.past,
        "map_url": features.map_address([name for name, _layer in layers_of(asked.register)]),
        "has_statistics": bool(statistics_of(asked)),
        "ground": features.ground_url(),
    }


def rows_with_place(asked: Asked, when: When, shown: list[Any]) -> list[Any]:
    """Those of the rows whose place the actor may see."""
    place = asked.register.geometry()
    return [row for row in shown if place in asked.rights.fields_of(row) and getattr(row, place, None)] if place else []


def _table(asked: Asked, when: When, narrowing: Narrowing, shown: list[Any]) -> dict[str, Any]:
    """Columns with their order, and rows of cells."""
    register = asked.register
    names = [name for name in register.list_columns() if name in asked.rights.fields() and register.field(name).kind != "geometry"]
    cells, today = Cells(asked, shown, [*names, register.naming()] if register.naming() != "pk" else names, when.day), timezone.localdate()
    sortable, (sorted_by, descending) = set(narrowing.sort_names()), narrowing.sort
    columns: list[dict[str, Any]] = [
        {
            "field": register.field(name),
            "sort": (f"-{name}" if sorted_by == name and not descending else name) if name in sortable else "",
            "sorted": ("descending" if descending else "ascending") if sorted_by == name else "",
        }
        for name in names
    ]
    rows = [
        {
            "pk": row.pk,
            "name": _name(asked, cells, row),
            "cells": [each for each in cells.row(row, names) if each.field.name != register.naming()],
            "area": area_name(row.commune_code) if row.commune_code else "",
            "ended": row.valid_to if row.valid_to and row.valid_to < (when.day or today) else None,
            "is_demo": row.is_demo,
            "is_secret": row.is_secret,
            "editable": asked.rights.edits and not when.past and asked.rights.may_edit(row),
        }
        for row in shown
    ]
    naming = register.naming()
    return {
        "rows": rows,
        "columns": [each for each in columns if each["field"].name != naming],
        "name_column": next((each for each in columns if each["field"].name == naming), None),
    }


def _name(asked: Asked, cells: Cells, row: Any) -> str:
    naming = asked.register.naming()
    if naming == "pk":
        return f"#{row.pk}"
    return cells.of(row, naming).text or f"#{row.pk}"


def _named_url(name: str, slug: str) -> str:
    """The address of a neighbour's page; empty while there is none."""
    try:
        return reverse(name, args=[slug])
    except NoReverseMatch:
        return ""


@require_POST
@of_register()
def export(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The list, or with `what=statistics` the statistical table, that the address asks for, as a spreadsheet."""
    if not asked.rights.downloads:
        raise Http404
    name = f"{'statistics' if request.GET.get('what') == 'statistics' else 'register'}:{asked.register.code}"
    back = redirect(f"{reverse('registers:list', args=[asked.register.slug])}?{request.GET.urlencode()}")
    try:
        if (
            not asked.actor.is_authenticated
            and exports.known(name).rows(asked.actor, request.GET.dict(), exports.AT_ONCE) > exports.AT_ONCE
        ):
            most = f"{exports.AT_ONCE:,}".replace(",", ".")
            raise exports.ExportRefused(_("Danh sách dài hơn %(most)s dòng. Xin lọc bớt, hoặc đăng nhập để nhận tệp dài.") % {"most": most})
        made = exports.export(asked.actor, name, request.GET.dict(), request.POST.get("kind", ""))
    except LookupError:
        raise Http404 from None
    except exports.ExportRefused as refused:
        messages.error(request, str(refused))
        return back
    return redirect("registers:progress", progress_id=made.pk) if isinstance(made, Progress) else made
