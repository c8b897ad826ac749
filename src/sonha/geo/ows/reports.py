"""Exception reports: how an OWS service says what is wrong with a request."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .writing import XML_TYPE, escaped

INVALID, MISSING, UNSUPPORTED = "InvalidParameterValue", "MissingParameterValue", "OperationNotSupported"
NEGOTIATION, SEQUENCE, OTHER = "VersionNegotiationFailed", "InvalidUpdateSequence", "NoApplicableCode"


class Refused(Exception):
    """A request that cannot be answered: the standard's code, the parameter it lies in, one sentence in the caller's language."""

    def __init__(self, sentence: str, locator: str = "", code: str = INVALID, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence, self.locator, self.code, self.status = sentence, locator, code, status


def missing(parameter: str) -> Refused:
    return Refused(_("Thiếu tham số %(name)s.") % {"name": parameter.upper()}, parameter, MISSING)


def invalid(parameter: str, value: str) -> Refused:
    said = {"name": parameter.upper(), "value": value[:100]}
    return Refused(_("Giá trị «%(value)s» của tham số %(name)s không đúng.") % said, parameter)


def too_slow() -> Refused:
    said = _("Câu hỏi này cần nhiều thời gian hơn mức cho phép; xin thu hẹp phạm vi hoặc bộ lọc.")
    return Refused(said, "", OTHER, 503)


def report(refused: Refused, version: str = "1.0.0") -> HttpResponse:
    """The report as a response, with the status that fits."""
    locator = f' locator="{escaped(refused.locator)}"' if refused.locator else ""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' version="{version}" language="{get_language() or "vi"}"'
        ' xsi:schemaLocation="http://www.opengis.net/ows http://schemas.opengis.net/ows/1.0.0/owsExceptionReport.xsd">\n'
        f'  <ows:Exception exceptionCode="{refused.code}"{locator}>\n'
        f"    <ows:ExceptionText>{escaped(refused.sentence)}</ows:ExceptionText>\n"
        "  </ows:Exception>\n</ows:ExceptionReport>\n"
    )
    return HttpResponse(text, content_type=XML_TYPE, status=refused.status)
