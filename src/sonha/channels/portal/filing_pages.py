"""The pages of a filing in their order: the owner at the desk, the sections of the form, papers, how the result is received, review."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sonha.channels.portal.filing_papers import papers_page, receive_form_files
from sonha.channels.portal.filing_shown import Page, Shown
from sonha.foundation.access.actor import Actor
from sonha.process.cases.errors import ActionRefused
from sonha.process.forms import asking, schema
from sonha.process.forms.display import display
from sonha.process.forms.posting import parse_post
from sonha.process.forms.prefill import prefill
from sonha.process.forms.rendering import render_form, render_section
from sonha.process.forms.validation import Result, storable, visible_sections
from sonha.process.rules.conditions import is_missing
from sonha.services.dossiers import details, drafts, fee_words, filing, money, selectors
from sonha.services.dossiers.desk import find_owner, picked_owner
from sonha.services.dossiers.models import Channel, Dossier, Draft

OWNER, PAPERS, RETURN, REVIEW, SECTION = "chu-ho-so", "giay-to", "nhan-ket-qua", "xem-lai", "muc-"


def pages_of(draft: Draft) -> list[Page]:
    """The pages for what was answered so far."""
    form, language = drafts.form_of(draft), get_language() or "vi"
    asked = visible_sections(form, draft.answers, drafts.context_for(draft))
    sections = [section for section in schema.load(form).sections if section.key in asked]
    pages = [Page(SECTION + section.key, section.text("title", language), section_page) for section in sections]
    if drafts.types_owner(draft):
        pages.insert(0, Page(OWNER, _("Người thân") if drafts.for_relative(draft) else _("Tìm chủ hồ sơ"), owner_page))
    rest = (
        (PAPERS, _("Giấy tờ kèm theo"), papers_page),
        (RETURN, _("Nhận kết quả"), return_page),
        (REVIEW, _("Xem lại và nộp"), review_page),
    )
    return [*pages, *(Page(*each) for each in rest)]


def current_page(draft: Draft, pages: list[Page], wanted: str) -> Page:
    """The page asked for, else the one where the person left."""
    by_key = {page.key: page for page in pages}
    return by_key.get(wanted) or by_key.get(draft.details.get("page", "")) or pages[0]


def keep_typed(draft: Draft, key: str, typed: Mapping[str, Any]) -> None:
    """Saves what was typed on a page, right or wrong."""
    if key == RETURN:
        drafts.save_draft(draft, details=storable(details.RETURN, typed))
    elif key == OWNER:
        if drafts.types_owner(draft):
            drafts.save_draft(draft, details={"owner": {**(draft.details.get("owner") or {}), **storable(drafts.owner_form(draft), typed)}})
    else:
        drafts.save_draft(draft, answers=storable(drafts.form_of(draft), typed))


def section_page(request: HttpRequest, draft: Draft, page: Page) -> Shown | None:
    """One section of the procedure's own form."""
    form, key = drafts.form_of(draft), page.key.removeprefix(SECTION)
    refused: list[str] = []
    if request.method == "POST":
        typed = parse_post(form, request.POST, section=key)
        refused = receive_form_files(request, draft, form, key, typed)
        drafts.save_draft(draft, answers=typed)
        _take_up(request, draft, key)
    judged = drafts.judged(draft, section=key)
    if _is_done(request, judged) and not refused and not _unheard(request, draft, key, judged):
        return None
    for sentence in refused:
        messages.error(request, sentence)
    errors = _told(request, judged)
    html = render_section(
        form,
        key,
        draft.answers,
        errors=errors,
        context=drafts.context_for(draft),
        urls=_addresses(draft, page),
        lookups=drafts.lookups_for(draft),
    )
    return Shown("portal/section.html", {"form": html}, _status(request, errors))


def owner_page(request: HttpRequest, draft: Draft, page: Page) -> Shown | HttpResponse | None:
    """At the desk: the owner found by a number, or typed; at home: a relative, typed."""
    here = f"{reverse('draft', args=[draft.pk])}?trang={page.key}"
    context: dict[str, Any] = {"owner": draft.owner, "relative": drafts.for_relative(draft)}
    if request.method == "POST":
        if "find" in request.POST:
            number = request.POST.get("number", "").strip()
            context |= {"number": number, "found": find_owner(request.actor, draft, number), "searched": True}  # type: ignore[attr-defined]
        elif "pick" in request.POST or "unpick" in request.POST:
            party = picked_owner(request.actor, draft, request.POST.get("pick", ""))  # type: ignore[attr-defined]
            draft.owner = party
            draft.save(update_fields=["owner"])
            _prefill_missing(draft)
            return redirect(here)
        elif draft.owner is None:
            drafts.save_draft(draft, details={"owner": parse_post(drafts.owner_form(draft), request.POST)})
    if draft.owner is not None:
        if request.method == "POST" and "find" not in request.POST:
            drafts.save_draft(draft, details={"applicant_name": request.POST.get("applicant_name", "").strip()[:250]})
            return None
        return Shown("portal/owner.html", context)
    judged = drafts.judged_owner(draft)
    if "find" not in request.POST and _is_done(request, judged):
        _prefill_missing(draft)
        return None
    errors = {} if "find" in request.POST else _told(request, judged)
    form = render_form(drafts.owner_form(draft), draft.details.get("owner") or {}, errors=errors, urls=_addresses(draft, page))
    return Shown("portal/owner.html", {**context, "form": form}, _status(request, errors))


def return_page(request: HttpRequest, draft: Draft, page: Page) -> Shown | None:
    """Which authority's place, how the result is received, and where the filer can be reached."""
    if request.method == "POST":
        drafts.save_draft(draft, details=parse_post(details.RETURN, request.POST))
    judged = drafts.judged_return(draft)
    if _is_done(request, judged):
        return None
    errors = _told(request, judged)
    form = render_form(
        details.RETURN, drafts.return_details(draft), errors=errors, context=drafts.return_context(draft), urls=_addresses(draft, page)
    )
    return Shown("portal/return.html", {"form": form}, _status(request, errors))


def review_page(request: HttpRequest, draft: Draft, page: Page) -> Shown | HttpResponse | None:
    """Everything once more, what is missing, what it costs; and the button that sends it."""
    if request.method == "POST":
        if "submit" not in request.POST:
            return None
        try:
            dossier = filing.submit(draft.pk, request.actor)  # type: ignore[attr-defined]
        except ActionRefused as refused:
            messages.error(request, refused.sentence)
            draft.refresh_from_db()
        else:
            messages.success(request, _("Đã nộp hồ sơ. Mã hồ sơ: %(code)s.") % {"code": dossier.code})
            return redirect(page_of_filed(request.actor, draft, dossier), code=dossier.code)  # type: ignore[attr-defined]
    answers, problems = filing.check(draft)
    about = {**answers, **drafts.context_for(draft)}
    lines = money.fee_lines(draft.version, about)
    context = {
        "shown": _with_pages(draft),
        "receiving": display(details.RETURN, drafts.judged_return(draft).clean, context=drafts.return_context(draft)),
        "owner_typed": [] if draft.owner else display(drafts.owner_form(draft), drafts.judged_owner(draft).clean, context={"owner": {}}),
        "papers": [
            (paper, required, drafts.describe_papers(draft.papers.get(paper.code, [])))
            for paper, required in drafts.required_papers(draft.version, about)
        ],
        "problems": [{"text": text, "page": where, "id": ident} for text, where, ident in _problems(draft, problems)],
        "fees": fee_words.charged_rows(draft.version, lines),
        "fee_total": sum(line.amount for line in lines),
        "fee_pending": not lines and bool(fee_words.all_rows(draft.version)) and bool(problems),
        "fee_due": fee_words.due_words(draft.version),
        "exemptions": fee_words.exemptions(draft.version),
    }
    return Shown("portal/review.html", context, 422 if request.method == "POST" else 200)


def page_of_filed(actor: Actor, draft: Draft, dossier: Dossier) -> str:
    """Where a filed draft is seen: one's own page, the official's, or tracking when it went to another authority's desk."""
    if draft.channel == Channel.ONLINE:
        return "my_dossier"
    return "dossier" if selectors.dossiers(actor).filter(pk=dossier.pk).exists() else "track"


def _is_done(request: HttpRequest, judged: Result) -> bool:
    """Whether this post leaves the page: always when going back or away, onwards only without errors."""
    if request.method != "POST" or "change" in request.POST:
        return False
    return "back" in request.POST or "later" in request.POST or judged.ok


def _take_up(request: HttpRequest, draft: Draft, section: str) -> None:
    """Without scripts: a button takes what a register holds into the form."""
    change = request.POST.get("change", "")
    act, _colon, path = change.partition(":")
    if act in ("pick", "fill"):
        clean = drafts.judged(draft, section=section).clean
        answers = asking.taken_up(drafts.form_of(draft), clean, change, request.POST.get(f"{path}:own", ""), drafts.lookups_for(draft))
        drafts.save_draft(draft, answers={name: value for name, value in answers.items() if clean.get(name) != value})


def _unheard(request: HttpRequest, draft: Draft, section: str, judged: Result) -> bool:
    """Whether registers say something about this page that is worth a second look and was not on it yet; it never stops anybody twice."""
    if "next" not in request.POST:
        return False
    lookups = drafts.lookups_for(draft)
    said = asking.everything_said(drafts.form_of(draft), judged.clean, lookups, section=section, visible=judged.visible)
    unheard = asking.unheard(list(said), request.POST)
    for each in unheard:
        messages.warning(request, _("%(sentence)s Nếu đúng như vậy, ông/bà bấm Tiếp tục lần nữa.") % {"sentence": each.sentence})
    return bool(unheard)


def _told(request: HttpRequest, judged: Result) -> dict[str, str]:
    """Errors are told after an attempt to go on, or when the review page sent the person here to mend one."""
    attempted = request.method == "POST" and "change" not in request.POST
    return dict(judged.errors) if attempted or "sua" in request.GET else {}


def _status(request: HttpRequest, errors: Mapping[str, str]) -> int:
    return 422 if errors and request.method == "POST" else 200


def _addresses(draft: Draft, page: Page) -> dict[str, str]:
    return {
        "autosave": f"{reverse('draft_autosave', args=[draft.pk])}?trang={page.key}",
        "upload": reverse("draft_upload", args=[draft.pk]),
        "areas": reverse("areas"),
    }


def _prefill_missing(draft: Draft) -> None:
    """First answers from the owner just found or typed; what was typed into the form stays."""
    first = prefill(drafts.form_of(draft), drafts.sources_for(draft))
    typed = {name: value for name, value in draft.answers.items() if not is_missing(value)}
    drafts.save_draft(draft, answers={**first, **typed})


def _with_pages(draft: Draft) -> list[dict[str, Any]]:
    sections = display(drafts.form_of(draft), draft.answers, context=drafts.context_for(draft))
    return [{"title": section.title, "rows": section.rows, "page": SECTION + section.key} for section in sections]


def _problems(draft: Draft, problems: filing.FilingErrors) -> list[tuple[str, str, str]]:
    """(sentence, page, id of the field) for everything that is missing or wrong, in the order of the pages."""
    found = [(text, OWNER, _ident(path)) for path, text in problems.owner.items()]
    found += [(text, _page_of_field(draft, path), _ident(path)) for path, text in problems.fields.items()]
    found += [(text, PAPERS, f"giay-{code}") for code, text in problems.papers.items()]
    found += [(text, RETURN, _ident(path)) for path, text in problems.receiving.items()]
    order = [page.key for page in pages_of(draft)]
    return sorted(found, key=lambda each: order.index(each[1]) if each[1] in order else len(order))


def _ident(path: str) -> str:
    return "f-" + path.replace(".", "-")


def _page_of_field(draft: Draft, path: str) -> str:
    root = path.split(".")[0]
    sections = schema.load(drafts.form_of(draft)).sections
    return next((SECTION + section.key for section in sections if any(item.key == root for item in section.fields)), REVIEW)
