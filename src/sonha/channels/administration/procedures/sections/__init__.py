"""What each page of the editor shows beside the open sheet: lists of elements in words, previews, diagrams, trials."""

from collections.abc import Callable
from typing import Any

from sonha.channels.administration.procedures.drafts import Page
from sonha.channels.administration.procedures.sections import about, clocks, form, steps, tables

CONTENTS: dict[str, Callable[[Page], dict[str, Any]]] = {
    "thong-tin": about.identity,
    "giay-to": about.papers,
    "to-khai": form.content,
    "cac-buoc": steps.content,
    "thoi-han": clocks.content,
    "phi": tables.fees,
    "phan-cong": tables.routing,
    "ket-qua": about.outcome,
    "cong-bo": about.publishing,
}


def content_of(page: Page) -> dict[str, Any]:
    """The template variables of the page's section."""
    return CONTENTS[page.section.slug](page)
