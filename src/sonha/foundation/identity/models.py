"""Accounts and the persons behind them.

`User` signs in. `Party` (người, tổ chức) is whom a dossier or permit belongs to: a citizen, household, business or organisation.
`Representation` (đại diện, uỷ quyền) lets a user act for a party, with dates.
"""

import uuid
from datetime import date
from typing import Self

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Party(models.Model):
    """Whom a dossier, permit or right belongs to - người, hộ gia đình, doanh nghiệp, tổ chức."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Cá nhân")
        HOUSEHOLD = "household", _("Hộ gia đình")
        BUSINESS = "business", _("Doanh nghiệp")
        ORGANISATION = "organisation", _("Tổ chức")

    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=250)
    personal_id = models.CharField(_("số định danh cá nhân"), max_length=12, blank=True)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    address = models.CharField(max_length=300, blank=True)
    commune_code = models.CharField(max_length=5, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    email = models.EmailField(blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["personal_id"], condition=~Q(personal_id=""), name="party_personal_id_unique"),
            models.UniqueConstraint(fields=["tax_code"], condition=~Q(tax_code=""), name="party_tax_code_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def identifier(self) -> str:
        """Personal identification number or tax code, whichever the kind of party has."""
        return self.personal_id or self.tax_code


class UserManager(BaseUserManager["User"]):
    """Creates accounts; user names are kept as typed but matched without regard to case."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """An account - tài khoản. What it may do follows from positions and representations, never from flags here."""

    class Kind(models.TextChoices):
        CITIZEN = "citizen", _("Người dân, doanh nghiệp")
        OFFICIAL = "official", _("Cán bộ")
        SYSTEM = "system", _("Hệ thống")

    username = models.CharField(_("tên đăng nhập"), max_length=150, unique=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    full_name = models.CharField(_("họ và tên"), max_length=200)
    phone = models.CharField(_("số điện thoại"), max_length=15, blank=True)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.CITIZEN)
    party = models.OneToOneField(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="account")
    language = models.CharField(max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    search_key = models.GeneratedField(
        expression=models.Func(Concat("full_name", models.Value(" "), "username"), function="sonha_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(models.functions.Lower("username"), name="user_username_ci_unique")]
        indexes = [GinIndex(name="user_search_trigram", fields=["search_key"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def is_staff(self) -> bool:
        """Third-party apps ask for it; this product has no Django admin."""
        return False

    @property
    def is_official(self) -> bool:
        return self.kind == self.Kind.OFFICIAL


class RepresentationQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rights to act, dated and revocable."""

    def on(self, day: date) -> Self:
        """Those that hold on `day` and were not ended before their time."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, ended_at=None)


class Representation(models.Model):
    """The right of a user to act for a party - đại diện theo pháp luật hoặc theo uỷ quyền (Bộ luật Dân sự 2015, Điều 134-138)."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("Đại diện theo pháp luật")
        PROXY = "proxy", _("Đại diện theo uỷ quyền")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="representations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="representations")
    kind = models.CharField(max_length=8, choices=Kind)
    basis = models.CharField(_("căn cứ"), max_length=300, blank=True)
    valid_from = models.DateField(default=date.today)
    valid_to = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(_("chấm dứt lúc"), null=True, blank=True)

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "user", "kind", "valid_from"], condition=Q(ended_at=None), name="representation_unique"
            ),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="representation_dates"),
        ]

    def is_open(self, day: date) -> bool:
        """Whether it holds on `day` or will later."""
        return self.ended_at is None and (self.valid_to is None or self.valid_to >= day)

    @property
    def is_running(self) -> bool:
        """Whether it holds today or will later."""
        return self.is_open(timezone.localdate())

    @property
    def is_current(self) -> bool:
        """Whether it holds today."""
        return self.is_running and self.valid_from <= timezone.localdate()


class ApiToken(models.Model):
    """A personal token for the API and desktop clients - mã truy cập; only its digest is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("Chỉ đọc")
        WRITE = "write", _("Đọc và ghi")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


# Neither passwords nor the times of signing in belong to the history of an account.
pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(),
    fields=["id", "username", "full_name", "email", "phone", "kind", "is_active"], model_name="UserEvent",
    obj_field=pghistory.ObjForeignKey(related_name="events"),
)(User)  # fmt: skip
pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Party)
pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(Representation)
