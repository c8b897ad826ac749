"""What a signed supply of survey data writes, what the registers say of a request (procedure 868), and what follows from acts on licences
and certificates of surveying. No procedure of the catalogue issues these: they come into the book of permits from paper (assumption).
"""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sonha.foundation.access.actor import Actor
from sonha.process.outcomes import Application, Finding, on_asked, on_issued, on_permit_changed
from sonha.sectors import applications
from sonha.sectors.applications import Entry, Values, answer
from sonha.sectors.findings import readable
from sonha.sectors.life_cycle import follow
from sonha.sectors.places import stored

from .registers import SURVEYING, DataRequests, PracticeCertificates, SurveyingLicences, SurveyMarks

SECRECY = {"confidential": "mat", "secret": "toi-mat"}
POINTS, SHEETS = ("coordinate_points", "elevation_points"), ("paper_maps", "vector_maps", "aerial", "geodata")


def _counted(application: Application, values: Values) -> None:
    def total(keys: tuple[str, ...]) -> int:
        return sum(int(application.answers.get(key) or 0) for key in keys)

    values |= {
        "code": application.code,
        "supplied_on": application.issued_on or timezone.localdate(),
        "requester": application.owner,
        "requester_name": str(application.answers.get("owner_name") or application.owner.name),
        "points": total(POINTS),
        "sheets": total(SHEETS),
        "secrecy": SECRECY.get(str(answer(application, "task.appraise.secret_level")), ""),
    }
    values["is_secret"] = bool(values["secrecy"])


SUPPLY = Entry(
    DataRequests,
    {"purpose": "purpose", "purpose_note": "purpose_note", "kinds": "kinds", "inventory": "task.appraise.inventory"},
    areas={"area": "location"},
    licence=False,
    finish=_counted,
)


def about_request(actor: Actor, application: Application) -> Iterator[Finding]:
    """How many marks lie in the area that was asked for, and whether some of them are secret."""
    area = stored(application.answers.get("location"), areas=True)
    rows = readable(actor, SurveyMarks.code)
    if area is None or rows is None:
        return
    inside = rows.filter(geometry__intersects=area)
    open_marks, secret = inside.filter(is_secret=False).count(), inside.filter(is_secret=True).count()
    given = {"count": open_marks}
    yield Finding(
        ngettext("Trong khu vực có %(count)d mốc đo đạc không mật.", "Trong khu vực có %(count)d mốc đo đạc không mật.", open_marks)
        % given,
        "plain",
        SurveyMarks.code,
    )
    if secret:
        sentence = _("Trong khu vực có %(count)d mốc thuộc danh mục bí mật nhà nước; cung cấp theo quy định về bảo vệ bí mật.")
        yield Finding(sentence % {"count": secret}, "warn", SurveyMarks.code)


on_issued("survey_data_supply", applications.enter(SURVEYING.code, [SUPPLY]))
on_asked("survey_data_supply", about_request)
on_permit_changed("surveying_licence", follow(SURVEYING.code, SurveyingLicences))
on_permit_changed("surveying_certificate", follow(SURVEYING.code, PracticeCertificates, holder="person"))
