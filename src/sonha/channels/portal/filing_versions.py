"""Two devices on one page of a filing: each save says which version it goes on from, so that neither silently overwrites the other.

`draft.details["written"]` holds for each page `{"number": how often it was written, "device": by which browser, "at": ISO time}`.
"""

from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from sonha.services.dossiers import drafts
from sonha.services.dossiers.models import Draft


def number_of(draft: Draft, page: str) -> int:
    """How often the page was written; what a browser tells back when it saves."""
    return int(_last(draft, page).get("number", 0))


def clash(draft: Draft, page: str, *, device: str, written: Any) -> dict[str, Any] | None:
    """`{"written", "at"}` of what another device wrote since the version that this one goes on from; None when it may save.

    A browser that says nothing (no script, an older copy) goes on from whatever there is.
    """
    last = _last(draft, page)
    if not device or not last or last.get("device") == device or not str(written).isdecimal() or int(written) >= last["number"]:
        return None
    at = parse_datetime(str(last.get("at", "")))
    return {"written": last["number"], "at": timezone.localtime(at).strftime("%H:%M") if at else ""}


def count(draft: Draft, page: str, device: str) -> int:
    """Notes that `device` wrote the page; gives the new number."""
    number = number_of(draft, page) + 1
    entry = {"number": number, "device": device[:20], "at": timezone.now().isoformat()}
    drafts.save_draft(draft, details={"written": {**(draft.details.get("written") or {}), page: entry}})
    return number


def _last(draft: Draft, page: str) -> dict[str, Any]:
    written = draft.details.get("written")
    last = written.get(page) if isinstance(written, dict) else None
    return last if isinstance(last, dict) else {}
