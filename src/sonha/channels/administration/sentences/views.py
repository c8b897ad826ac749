"""The catalogue of ready sentences: read, added to, changed, removed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sonha.channels.workspace.sentences import SentenceForm
from sonha.foundation.access.guards import officials_only
from sonha.foundation.access.roles import Role
from sonha.foundation.audit import undo
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
    if sentence and request.method == "POST" and "remove" in request.POST:
        sentences.remove(actor, sentence)
        messages.success(request, _("Đã bỏ câu mẫu. Lấy lại được trong lịch sử thay đổi."))
        return redirect("administration:sentences")
    initial = {}
    if sentence:
        initial = {"use": sentence.use, "text": sentence.text, "field": sentence.field_id, "order": sentence.order}
        initial["stt"] = sentence.procedure.stt if sentence.procedure else None
    form = SentenceForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sentences.write(actor, form.values(), of=sentence)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Đã lưu câu mẫu."))
            return redirect("administration:sentences")
    kept = undo.lists()[KEY]
    changes = undo.changes(actor, KEY, row=sentence.pk, limit=10) if sentence else []
    context = {
        "sentence": sentence,
        "form": form,
        "changes": [{"change": each, "differing": undo.differing(kept, each)} for each in changes],
        "may_write": True,
        "key": KEY,
    }
    return render(request, "administration/sentences/edit.html", context, status=422 if form.errors else 200)
