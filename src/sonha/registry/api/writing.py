"""Writing through the API: the engine's own acts, once per Idempotency-Key, with every mistake by its place in the request."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sonha.foundation.rest.problems import ProblemError
from sonha.registry.pages.asking import Asked
from sonha.registry.records.services import Basis, Changing, NotYours, changing

from .models import KeyedWrite

NAMESPACE = uuid.UUID("c0b7f3de-2f0a-4e8e-9a3e-5d1f6a0b9c44")
OF_BASIS = {"basis": "basis.kind", "number": "basis.number", "dated": "basis.dated"}
OUTSIDE = frozenset({"day", "valid_from", "commune_code", "is_secret"})


def written(asked: Asked, given: Any, kind: str, key: str | None, what: str, write: Callable[[Changing], Any]) -> tuple[int, bool]:
    """(id of the record, whether this call wrote it). ProblemError for all that cannot be; 409 when the key stands for something else."""
    digest = hashlib.sha256(json.dumps([what, given.model_dump(mode="json")], sort_keys=True).encode()).hexdigest()
    keyed = uuid.uuid5(NAMESPACE, f"{asked.actor.user_id}:{asked.register.code}:{key}") if key else None
    if (earlier := _earlier(keyed, digest)) is not None:
        return earlier, False
    basis = Basis(**given.basis.model_dump())
    try:
        with told(asked), transaction.atomic():
            with changing(asked.register.code, asked.actor, basis, kind=kind) as change:
                record_id = write(change)
            if keyed:
                KeyedWrite.objects.create(id=keyed, digest=digest, record_id=record_id)
            return record_id, True
    except IntegrityError as clash:
        if (earlier := _earlier(keyed, digest)) is not None:  # the same call ran beside this one and was first
            return earlier, False
        raise ProblemError("refused", _("Bản ghi này trùng với bản ghi đã có, hoặc đang được bản ghi khác dùng đến.")) from clash


def _earlier(keyed: uuid.UUID | None, digest: str) -> int | None:
    found = KeyedWrite.objects.filter(pk=keyed).first() if keyed else None
    if found is None:
        return None
    if found.digest != digest:
        raise ProblemError("repeated-key", _("Khoá chống lặp (Idempotency-Key) này đã dùng cho một nội dung khác."))
    return found.record_id


@contextmanager
def told(asked: Asked) -> Iterator[None]:
    """Refusals of the engine as problem documents."""
    try:
        yield
    except NotYours as refused:
        raise ProblemError("forbidden", str(refused)) from None
    except ValidationError as wrong:
        by_field = wrong.message_dict if hasattr(wrong, "error_dict") else {"__all__": wrong.messages}
        errors = {_place(asked, name): " ".join(sentences) for name, sentences in by_field.items()}
        raise ProblemError("invalid", _("Bản ghi có giá trị chưa đúng; xin xem từng mục."), errors) from None


def _place(asked: Asked, name: str) -> str:
    if name in OF_BASIS:
        known = {each.name for each in asked.register.fields()}
        return f"values.{name}" if name in known else OF_BASIS[name]
    return name if name in OUTSIDE else "values" if name == "__all__" else f"values.{name}"
