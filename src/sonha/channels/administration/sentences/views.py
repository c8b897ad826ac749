"""The catalogue of ready sentences: read, added to, changed, removed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from sonha.channels.administration.changes import telling
from sonha.channels.workspace.sentences import SentenceForm
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import previews
from sonha.process.cases.errors import ActionRefused
from sonha.services.handling import sentences

KEY = "cau-mau"


@officials_only(Role.ADMINISTRATOR, Role.AUDITOR)
def listing(request: HttpRequest) -> HttpResponse:
    """All of them by use; `?q=` words of the sentence."""
    said = request.GET.get("q", "").strip().replace("\x00", "")
    rows = sentences.catalogue(request.actor)  # type: ignore[attr-defined]
    if said:
        rows = rows.filter(text__icontains=said)
    context = {"rows": rows, "said": said, "may_write": request.actor.is_administrator}  # type: ignore[attr-defined]
    return render(request, "administration/sentences/list.html", context)


@officials_only(Role.ADMINISTRATOR)
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new sentence, or one that is changed or removed (`remove`); what it looks like on a dossier stands beside."""
    actor = request.actor  # type: ignore[attr-defined]
    sentence = get_object_or_404(sentences.catalogue(actor), pk=pk) if pk else None
    if sentence and request.method == "POST" and "remove" in request.POST and not previews.going_back(request):
        title, save = _("Bỏ câu mẫu"), _("Bỏ câu này")
        if page := previews.first(request, KEY, lambda: sentences.remove(actor, sentence), title=title, save=save):
            return page
        messages.success(request, _("Đã bỏ câu mẫu. Lấy lại được trong lịch sử thay đổi."))
        return redirect("administration:sentences")
    initial = {}
    if sentence:
        initial = {"use": sentence.use, "text": sentence.text, "field": sentence.field_id, "order": sentence.order}
        initial["stt"] = sentence.procedure.stt if sentence.procedure else None
    form = SentenceForm(request.POST or None, actor=actor, initial=initial)
    page = None
    try:
        page = previews.sent(
            request, KEY, form, lambda: sentences.write(actor, form.values(), of=sentence),
            title=_("Sửa câu mẫu") if sentence else _("Thêm câu mẫu"),
            then=lambda: (_("Đã lưu câu mẫu."), reverse("administration:sentences")),
        )  # fmt: skip
    except ActionRefused as refused:
        form.add_error(None, refused.sentence)
    if page:
        return page
    context = {
        "sentence": sentence,
        "form": form,
        "changes": telling.of_row(actor, KEY, sentence.pk) if sentence else [],
        "may_write": True,
    }
    return render(request, "administration/sentences/edit.html", context, status=422 if form.errors else 200)
