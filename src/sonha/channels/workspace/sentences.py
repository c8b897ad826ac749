"""An official's own ready sentences; the province's are kept by administrators."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sonha.foundation.access.guards import officials_only
from sonha.process.cases.errors import ActionRefused
from sonha.services.handling import sentences
from sonha.services.handling.models import Sentence
from sonha.services.procedures import selectors as catalogue
from sonha.services.procedures.models import Field, Procedure


class SentenceForm(forms.Form):
    """One sentence: when it serves, and for which procedures."""

    use = forms.ChoiceField(label=_("Dùng khi"), choices=Sentence.Use.choices)
    text = forms.CharField(label=_("Câu mẫu"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    field = forms.ModelChoiceField(
        label=_("Chỉ cho lĩnh vực"), queryset=Field.objects.none(), required=False, empty_label=_("Mọi lĩnh vực")
    )
    stt = forms.IntegerField(
        label=_("Chỉ cho thủ tục"), min_value=1, required=False, help_text=_("Số thứ tự của thủ tục; để trống: mọi thủ tục.")
    )
    order = forms.IntegerField(label=_("Thứ tự"), min_value=0, max_value=999, required=False, help_text=_("Số nhỏ đứng trước."))

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].queryset = catalogue.fields(actor)  # type: ignore[attr-defined]

    def clean_stt(self) -> Procedure | None:
        number = self.cleaned_data.get("stt")
        if number is None:
            return None
        found = Procedure.objects.filter(stt=number).first()
        if found is None:
            raise forms.ValidationError(gettext("Không có thủ tục nào mang số %(number)s.") % {"number": number})
        return found

    def values(self) -> dict[str, Any]:
        """As services.handling.sentences.write takes them."""
        return {**self.cleaned_data, "procedure": self.cleaned_data.get("stt")}


@officials_only()
def own(request: HttpRequest) -> HttpResponse:
    """One's own sentences, and a form for one more."""
    actor = request.actor  # type: ignore[attr-defined]
    form = SentenceForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            sentences.write(actor, form.values(), personal=True)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, gettext("Đã thêm câu mẫu."))
            return redirect("own_sentences")
    context = {"form": form, "own": sentences.own(actor), "shared": sentences.catalogue(actor)}
    return render(request, "workspace/sentences.html", context, status=422 if form.errors else 200)


@officials_only()
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    sentences.remove(actor, get_object_or_404(sentences.own(actor), pk=pk))
    messages.success(request, gettext("Đã bỏ câu mẫu."))
    return redirect("own_sentences")
