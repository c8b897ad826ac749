"""/api/v1/me: who the caller is, and for whom it may act."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from sonha.foundation.access.roles import Role
from sonha.foundation.identity.models import ApiToken, Party, User
from sonha.foundation.rest.values import enumeration

router = Router(tags=["account"])


class PostHeld(Schema):
    """A capacity in which an official acts today."""

    role: Annotated[Role, enumeration(Role)]
    unit: str = Field(description="Code of the unit.")
    title: str
    stands_in: bool = Field(description="For an absent colleague.")


class PartyHeld(Schema):
    """A person or organisation for whom the caller may file."""

    id: int = Field(description="Give it as `party` when filing.")
    kind: Annotated[Party.Kind, enumeration(Party.Kind)]
    name: str


class TokenUsed(Schema):
    """The token of this request."""

    name: str
    scope: Annotated[ApiToken.Scope, enumeration(ApiToken.Scope)]
    expires_at: datetime


class Me(Schema):
    """Who asks."""

    username: str
    name: str
    kind: Annotated[User.Kind, enumeration(User.Kind)]
    posts: list[PostHeld]
    parties: list[PartyHeld]
    token: TokenUsed | None = Field(description="null for a signed-in browser.")


@router.get("", response=Me, operation_id="get_me", summary="Who am I")
def get_me(request: HttpRequest) -> dict[str, Any]:
    """The account behind the token or session, its posts of today and whom it represents."""
    actor = request.actor  # type: ignore[attr-defined]
    user = actor.user
    posts = [
        {"role": post.role, "unit": post.unit_code, "title": post.title, "stands_in": post.for_user_id is not None} for post in actor.posts
    ]
    return {
        "username": user.username,
        "name": user.full_name,
        "kind": user.kind,
        "posts": posts,
        "parties": list(Party.objects.filter(pk__in=actor.party_ids).order_by("pk").values("id", "kind", "name")),
        "token": getattr(request, "api_token", None),
    }
