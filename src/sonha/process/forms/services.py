"""Keeping published form declarations."""

import json
from collections.abc import Mapping
from typing import Any

from sonha.process.forms import schema
from sonha.process.forms.models import FormVersion


def form_version_of(declaration: Mapping[str, Any]) -> FormVersion:
    """The stored version of a declaration; made when it is new, shared when it is not. Raises SchemaError when it is unusable."""
    schema.load(declaration)
    text = schema.canonical(declaration)
    version, _created = FormVersion.objects.get_or_create(digest=schema.digest(declaration), defaults={"schema": json.loads(text)})
    return version
