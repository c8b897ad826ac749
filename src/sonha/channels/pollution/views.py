"""The page of a pollution report, and its dossier on paper."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.access.guards import officials_only
from sonha.foundation.audit.services import record as audit
from sonha.foundation.rendering.pdf import pdf

from .drawing import drawn, features
from .letterhead import letterhead
from .places import Place, meant, pointed
from .reader import Reader
from .situation import BANK, DOWN, FARTHEST, UP, Situation, situation

LONGEST_TEXT = 2_000
MOST_BANK = 500


@dataclass(frozen=True)
class Report:
    """What was asked: the citizen's words, the point, how far up and down (km), how much bank (m), as of which day."""

    text: str
    point: str
    up: float
    down: float
    bank: float
    day: date | None
    wrong: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Report":
        said = request.GET
        day, wrong = _day(said.get("ngay", ""))
        return cls(
            said.get("noi-dung", "")[:LONGEST_TEXT].strip(),
            said.get("diem", "")[:60].strip(),
            _between(said.get("len"), UP, FARTHEST),
            _between(said.get("xuong"), DOWN, FARTHEST),
            _between(said.get("bo"), BANK, MOST_BANK),
            day,
            wrong,
        )


def _between(raw: str | None, usual: float, most: float) -> float:
    try:
        value = float((raw or "").replace(",", "."))
    except ValueError:
        return usual
    return min(max(value, 0.1), most) if value == value else usual


def _day(raw: str) -> tuple[date | None, str]:
    if not raw:
        return None, ""
    try:
        return date.fromisoformat(raw), ""
    except ValueError:
        return None, _("Ngày chưa đúng; xin chọn lại ngày. Đang xem theo hôm nay.")


def _found(actor: Actor, report: Report) -> tuple[Place | None, list[Place], Situation | None]:
    """(the place that is shown, others that the text may mean, what lies around it)."""
    reader = Reader(actor, report.day)
    guesses = meant(reader, report.text) if report.text else []
    place = pointed(report.point) if report.point else next(iter(guesses), None)
    if place is None:
        return None, guesses, None
    place = next((each for each in guesses if each.key == place.key), place)
    found = situation(reader, place, up_km=report.up, down_km=report.down, bank=report.bank)
    return place, guesses, found


@officials_only()
def page(request: HttpRequest) -> HttpResponse:
    """Choose a place; see everything around it."""
    report, actor = Report.of(request), request.actor  # type: ignore[attr-defined]
    started = time.perf_counter()
    place, guesses, found = _found(actor, report)
    context: dict[str, Any] = {"report": report, "place": place, "guesses": guesses, "situation": found, "wrong": report.wrong}
    if place is None and (report.text or report.point):
        context["wrong"] = _("Chưa nhận ra nơi nào trên sông từ nội dung này. Xin bấm vào bản đồ, hoặc ghi tên sông và tên xã, phường.")
    elif place is not None and found is None:
        context["wrong"] = _("Không có sông, suối nào trong 2 km quanh điểm này. Xin chọn điểm gần sông hơn.")
    if found is not None:
        context |= {"map_data": features(found), "drawing": drawn(found), "seconds": time.perf_counter() - started}
    return render(request, "pollution/page.html", context)


@officials_only()
def dossier(request: HttpRequest) -> HttpResponse:
    """The same on A4 for the inspectors, with whoever printed it. 404 when there is no place on a river."""
    report, actor = Report.of(request), request.actor  # type: ignore[attr-defined]
    place, _guesses, found = _found(actor, report)
    if place is None or found is None:
        raise Http404
    with translation.override("vi"):
        paper = {"name": "Hồ sơ sự cố ô nhiễm", "letterhead": letterhead(actor), "size": "a4"}
        now = timezone.localtime()
        context = {
            "paper": paper,
            "report": report,
            "situation": found,
            "drawing": drawn(found),
            "printed_at": now,
            "printed_by": actor.name,
        }
        data = pdf("pollution/dossier_paper.html", context)
    audit("pollution.printed", subject=("register", "river_reaches"), actor=actor, payload={"place": place.title})
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="ho-so-su-co-o-nhiem-{now:%Y%m%d-%H%M}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
