"""What every change must say: its basis, and the day since when."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sonha.foundation.access.actor import Actor
from sonha.registry.records.models import Change
from sonha.registry.records.services import Basis

from .documents import received

KINDS = [(kind.value, kind.label) for kind in Change.Basis if kind != Change.Basis.GENERATED]
AMEND, CORRECT = "amend", "correct"


class BasisForm(forms.Form):
    """The basis of a change. Errors of the engine (by field: basis, number, dated, day) find their places here."""

    day = forms.DateField(label=_("Từ ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    basis = forms.ChoiceField(label=_("Loại căn cứ"), choices=[("", _("– hãy chọn –")), *KINDS], required=False)
    number = forms.CharField(label=_("Số, ký hiệu văn bản"), max_length=120, required=False)
    dated = forms.DateField(label=_("Ngày của văn bản"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    dossier_code = forms.CharField(label=_("Mã hồ sơ"), max_length=50, required=False)
    note = forms.CharField(label=_("Lý do, ghi chú"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.FileField(label=_("Bản chụp văn bản"), required=False)
    kept_document = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, day_label: Any = "", asks_day: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.file: Any = None
        if day_label:
            self.fields["day"].label = day_label
        if not asks_day:
            del self.fields["day"]
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("class", "form-select" if name == "basis" else "form-control")
        self.fields["document"].help_text = _("PDF, ảnh hoặc Word, không quá 20 MB; không bắt buộc.")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        try:
            self.file, kept = received(said.get("document"), said.get("kept_document", ""), self.actor)
        except ValidationError as wrong:
            self.add_error("document", wrong)
            kept = ""
        self.data = dict(self.data.items()) | {"kept_document": kept}  # the file survives a mistake elsewhere in the form
        try:
            self.basis_said().check()
        except ValidationError as wrong:
            self.take(wrong)
        return said

    def basis_said(self) -> Basis:
        said = self.cleaned_data
        return Basis(
            kind=said.get("basis", ""),
            number=said.get("number", ""),
            dated=said.get("dated"),
            dossier_code=said.get("dossier_code", "").strip().upper(),
            document=self.file,
            note=said.get("note", ""),
        )

    def take(self, wrong: ValidationError) -> dict[str, list[str]]:
        """Shows the errors that belong to this form; gives back those of other fields."""
        rest: dict[str, list[str]] = {}
        by_field = wrong.message_dict if hasattr(wrong, "error_dict") else {"__all__": wrong.messages}
        for name, sentences in by_field.items():
            if name in self.fields:
                for sentence in sentences:
                    if sentence not in self.errors.get(name, []):
                        self.add_error(name, sentence)
            else:
                rest[name] = list(sentences)
        return rest
