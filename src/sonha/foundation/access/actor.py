"""The actor: who asks, in which capacity. Every selector takes one; nothing is read without it.

An actor is built once per request from today's positions, the colleagues it stands in for, and its representations. It is a value:
services that run without a person use `Actor.system(...)`, which reads everything and is named in the audit log.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from sonha.foundation.access.roles import HANDLING, OVERSEEING, Role
from sonha.foundation.identity.models import Representation, User


@dataclass(frozen=True)
class Post:
    """One capacity in which an official acts; `for_user` is the absent colleague when standing in."""

    role: str
    unit_id: int
    unit_code: str
    unit_path: str
    title: str
    for_user_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who asks. `user` is None for anonymous visitors and for the system itself."""

    user: User | None = None
    posts: tuple[Post, ...] = ()
    party_ids: frozenset[int] = frozenset()
    is_system: bool = False
    name: str = ""
    personal: bool = True  # whether what is granted to the account itself counts too, or only what the posts give
    address: str = field(default="", compare=False)

    @classmethod
    def anonymous(cls) -> "Actor":
        return cls(name="anonymous")

    @classmethod
    def system(cls, name: str) -> "Actor":
        return cls(is_system=True, name=name)

    @classmethod
    def of(cls, user: User | AnonymousUser | None, *, day: date | None = None) -> "Actor":
        """The actor a signed-in user is on `day` (default today, in Viet Nam)."""
        if not isinstance(user, User) or not user.is_active:
            return cls.anonymous()
        day = day or timezone.localdate()
        posts = tuple(_posts(user, day)) if user.is_official else ()
        parties = set(Representation.objects.on(day).filter(user=user).values_list("party_id", flat=True))
        if user.party_id:
            parties.add(user.party_id)
        return cls(user=user, posts=posts, party_ids=frozenset(parties), name=str(user))

    def in_office(self) -> "Actor":
        """The same person by its posts alone: an official who is also an applicant does not read its own dossier from inside."""
        return replace(self, party_ids=frozenset(), personal=False) if self.user else self

    def in_person(self) -> "Actor":
        """The same person without its posts: what a citizen would see."""
        return replace(self, posts=())

    @property
    def is_authenticated(self) -> bool:
        return self.user is not None

    @property
    def is_official(self) -> bool:
        return bool(self.posts)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def label(self) -> str:
        """Name for logs and histories; for system acts the name of the job."""
        return f"system:{self.name}" if self.is_system else self.name

    @property
    def unit_id(self) -> int | None:
        """The unit of the first post, for logs."""
        return self.posts[0].unit_id if self.posts else None

    def has_role(self, *roles: str) -> bool:
        return any(post.role in roles for post in self.posts)

    @property
    def reads_only(self) -> bool:
        """An official who only looks: every post is an auditor's."""
        return self.is_official and all(post.role == Role.AUDITOR for post in self.posts)

    @property
    def is_administrator(self) -> bool:
        return self.has_role(Role.ADMINISTRATOR)

    def unit_ids(self, roles: Iterable[str] = HANDLING) -> frozenset[int]:
        """Units in which the actor holds one of `roles`, substitutions included."""
        wanted = frozenset(roles)
        return frozenset(post.unit_id for post in self.posts if post.role in wanted)

    @property
    def overseen_unit_ids(self) -> frozenset[int]:
        return self.unit_ids(OVERSEEING)

    def acts_as(self, role: str, unit_id: int) -> bool:
        return any(post.role == role and post.unit_id == unit_id for post in self.posts)


def _posts(user: User, day: date) -> Iterable[Post]:
    from sonha.foundation.organisations.models import Position, Substitution

    absent = list(Substitution.objects.on(day).filter(substitute=user).values_list("absent_id", flat=True))
    positions = Position.objects.on(day).filter(user_id__in=[user.pk, *absent]).select_related("unit").order_by("pk")
    for position in sorted(positions, key=lambda held: held.user_id != user.pk):
        if position.user_id != user.pk and position.role == Role.ADMINISTRATOR:
            continue  # administration is never handed on with a leave of absence
        yield Post(
            role=position.role,
            unit_id=position.unit_id,
            unit_code=position.unit.code,
            unit_path=position.unit.path,
            title=position.title,
            for_user_id=None if position.user_id == user.pk else position.user_id,
        )
