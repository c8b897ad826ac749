"""What the app of each purpose says about its files: who may read, who may upload what, and which are still used."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from sonha.foundation.access.actor import Actor

from .kinds import EVERYTHING
from .models import StoredFile

_readers: dict[str, Callable[[Actor, StoredFile], bool]] = {}
_uploads: dict[str, "UploadRule"] = {}
_usage: dict[str, list[Callable[[set[UUID]], Iterable[UUID]]]] = {}


@dataclass(frozen=True)
class UploadRule:
    allowed: Callable[[Actor], bool]
    accept: str
    max_bytes: int


def register_access(purpose: str, rule: Callable[[Actor, StoredFile], bool]) -> None:
    """`rule(actor, file)` says whether the actor may read a file of this purpose at /tep/<id>/. Without a rule nobody may."""
    _readers[purpose] = rule


def register_upload(purpose: str, *, allowed: Callable[[Actor], bool], accept: str = EVERYTHING, max_bytes: int = 50 * 1024 * 1024) -> None:
    """Lets signed-in actors for whom `allowed(actor)` holds send files of this purpose in pieces at /tep/tai-len/.

    Without a rule nobody may.
    """
    _uploads[purpose] = UploadRule(allowed, accept, max_bytes)


def register_usage(purpose: str, used: Callable[[set[UUID]], Iterable[UUID]]) -> None:
    """`used(ids)` gives those ids that something outside foreign keys still refers to (drafts, answers).

    Files of a purpose for which no usage is registered are never purged; foreign keys to StoredFile always count as use.
    """
    registered = _usage.setdefault(purpose, [])
    if used not in registered:
        registered.append(used)


def may_read(actor: Actor, file: StoredFile) -> bool:
    rule = _readers.get(file.purpose)
    return rule is not None and bool(rule(actor, file))


def upload_rule(actor: Actor, purpose: str) -> UploadRule | None:
    rule = _uploads.get(purpose)
    return rule if rule and actor.is_authenticated and rule.allowed(actor) else None


def purgeable_purposes() -> list[str]:
    return list(_usage)


def still_used(purpose: str, ids: set[UUID]) -> set[UUID]:
    return {one for used in _usage.get(purpose, ()) for one in used(ids)}
