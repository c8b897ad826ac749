"""What the procedure is, which papers it asks for, what comes out, and what publishing will change."""

from typing import Any

from django.utils.translation import gettext as _

from sonha.channels.administration.procedures import properties as declared
from sonha.channels.administration.procedures.drafts import Page
from sonha.channels.administration.procedures.elements import scope_of
from sonha.channels.administration.procedures.sections.rows import Row, limit_text, named, required_words, stretch
from sonha.foundation.organisations.models import Unit
from sonha.process.flows.services import digest_of
from sonha.services.procedures.changes import changes
from sonha.services.procedures.selectors import current_version
from sonha.services.procedures.services import as_declaration


def identity(page: Page) -> dict[str, Any]:
    whole = page.declaration
    sources = [
        Row(
            f"legal_basis/{place}",
            str(entry.get("citation") or ""),
            str(entry.get("id") or ""),
            [text for text in (str(entry.get("article") or ""), stretch(entry)) if text],
            [("soon", _("Tỉnh phải xác nhận"))] if entry.get("assumption") else [],
        )
        for place, entry in enumerate(whole.get("legal_basis") or [])
    ]
    units = dict(Unit.objects.filter(code__in=[whole.get("division") or "", whole.get("authority") or ""]).values_list("code", "name"))
    return {
        "about": whole,
        "rows": sources,
        "audience": named(whole.get("audience"), declared.AUDIENCES),
        "channels": named(whole.get("channels"), declared.CHANNELS),
        "division": units.get(whole.get("division") or "", whole.get("division")),
        "authority": units.get(whole.get("authority") or "", whole.get("authority")),
        "limit": limit_text(whole.get("time_limit")),
        "add_place": "legal_basis/new",
    }


def papers(page: Page) -> dict[str, Any]:
    fields = scope_of(page.declaration, "papers").fields
    forms = dict(declared.PAPER_FORMS)
    rows = []
    for place, paper in enumerate(page.declaration.get("papers") or []):
        facts = [required_words(paper.get("required", False), fields), str(forms.get(paper.get("form", "copy"), ""))]
        facts.append(_("%(count)s bản") % {"count": paper.get("copies", 1)})
        if paper.get("reuse"):
            facts.append(_("dùng lại: %(kind)s") % {"kind": paper["reuse"]})
        rows.append(Row(f"papers/{place}", str(paper.get("title") or ""), str(paper.get("code") or ""), facts))
    return {"rows": rows, "add_place": "papers/new"}


def outcome(page: Page) -> dict[str, Any]:
    whole = page.declaration
    official = [info for path, info in scope_of(whole, "flow/steps").fields.items() if path.startswith("task.")]
    answers = [info for path, info in scope_of(whole, "papers").fields.items() if not path.startswith("dossier.")]
    return {
        "printed": [(f"answers.{info.path}", info.label) for info in answers if "*" not in info.path]
        + [(info.path, info.label) for info in official]
    }


def publishing(page: Page) -> dict[str, Any]:
    current = current_version(page.procedure)
    listed = changes(as_declaration(current), page.declaration) if current else []
    groups: dict[str, list[Any]] = {}
    for change in listed:
        groups.setdefault(change.part_title, []).append(change)
    kept = page.extra.get("kept")
    day = kept.get("valid_from", "") if kept is not None else page.draft.valid_from
    return {
        "current": current,
        "seen": digest_of(page.declaration)[:16],
        "changes": list(groups.items()),
        "changed": len(listed),
        "valid_from": day,
        "problem": page.extra.get("refusal", ""),
    }
