"""The papers as data: business apps fill in one of these and call `render`.

One-stop forms 01-06 and the stop notice follow the appendix named in `forms`; results and letters follow Decree
30/2020/ND-CP, Appendices I and III. Text is plain text: templates escape it, line breaks are kept. Dates and times are
`date`/aware `datetime`.
"""

from sonha.foundation.rendering.one_stop_forms import (
    Apology,
    ControlSheet,
    DossierRegister,
    Handover,
    OneStopForm,
    Receipt,
    Refusal,
    RegisterRow,
    StopNotice,
    SupplementRequest,
)
from sonha.foundation.rendering.parts import (
    Annex,
    Article,
    Letterhead,
    Paper,
    PaperLine,
    Party,
    Signatory,
    Table,
    articles_from,
)
from sonha.foundation.rendering.pdf import pdf
from sonha.foundation.rendering.results import (
    Certificate,
    Confirmation,
    DataDelivery,
    Decision,
    FeeLine,
    FeeNotice,
    Generic,
    Letter,
    Permit,
    Result,
)

__all__ = [
    "PAPERS",
    "Annex",
    "Apology",
    "Article",
    "Certificate",
    "Confirmation",
    "ControlSheet",
    "DataDelivery",
    "Decision",
    "DossierRegister",
    "FeeLine",
    "FeeNotice",
    "Generic",
    "Handover",
    "Letter",
    "Letterhead",
    "OneStopForm",
    "Paper",
    "PaperLine",
    "Party",
    "Permit",
    "Receipt",
    "Refusal",
    "RegisterRow",
    "Result",
    "Signatory",
    "StopNotice",
    "SupplementRequest",
    "Table",
    "articles_from",
    "render",
]


def render(paper: Paper, *, pdf_variant: str | None = None) -> bytes:
    """The paper as PDF bytes (about 100 ms)."""
    return pdf(paper.template, paper, pdf_variant=pdf_variant)


PAPERS: dict[str, type[Paper]] = {
    "receipt": Receipt,
    "supplement_request": SupplementRequest,
    "refusal": Refusal,
    "apology": Apology,
    "stop_notice": StopNotice,
    "control_sheet": ControlSheet,
    "register": DossierRegister,
    "permit": Permit,
    "decision": Decision,
    "certificate": Certificate,
    "confirmation": Confirmation,
    "letter": Letter,
    "data_delivery": DataDelivery,
    "fee_notice": FeeNotice,
    "generic": Generic,
}
