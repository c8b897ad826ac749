"""Stored declarations: shared when they are the same, and never changed."""

import pytest
from django.db import ProgrammingError, transaction

from sonha.process.forms.models import FormVersion
from sonha.process.forms.schema import SchemaError
from sonha.process.forms.services import form_version_of

FORM = {"sections": [{"key": "s", "title": "S", "fields": [{"key": "a", "type": "text", "label": "A"}]}]}

pytestmark = pytest.mark.django_db


def test_the_same_declaration_is_stored_once() -> None:
    one, two = form_version_of(FORM), form_version_of({"sections": [dict(reversed(FORM["sections"][0].items()))]})
    assert one == two and FormVersion.objects.get(digest=one.digest).schema == FORM


def test_an_unusable_declaration_is_not_stored() -> None:
    with pytest.raises(SchemaError):
        form_version_of({"sections": []})
    assert not FormVersion.objects.exists()


def test_a_stored_declaration_cannot_be_changed_or_deleted() -> None:
    version = form_version_of(FORM)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        FormVersion.objects.filter(pk=version.pk).update(schema={})
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        version.delete()
    assert FormVersion.objects.get(pk=version.pk).schema == FORM
