"""Dossiers: one filing of a procedure - hồ sơ. The case that handles it carries steps, clocks and access."""

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sonha.foundation.files.models import StoredFile
from sonha.foundation.identity.models import Party
from sonha.foundation.organisations.models import Unit
from sonha.foundation.search.expressions import vector
from sonha.process.cases.models import Case
from sonha.services.procedures.models import Procedure, ProcedureVersion


class Channel(models.TextChoices):
    """How a dossier came in - hình thức nộp."""

    ONLINE = "online", _("Trực tuyến")
    DESK = "desk", _("Trực tiếp")
    POST = "post", _("Bưu chính công ích")


class ReturnChannel(models.TextChoices):
    """How the result is to be handed over - hình thức nhận kết quả."""

    ONLINE = "online", _("Nhận bản điện tử")
    DESK = "desk", _("Nhận tại bộ phận một cửa")
    POST = "post", _("Nhận qua bưu chính công ích")


class State(models.TextChoices):
    """Where a dossier stands, in the words of the public tracking page - trạng thái hồ sơ."""

    SUBMITTED = "submitted", _("Mới nộp, chờ tiếp nhận")
    IN_PROGRESS = "in_progress", _("Đang giải quyết")
    SUPPLEMENT = "supplement", _("Chờ bổ sung")
    PAYMENT = "payment", _("Chờ nộp phí, nghĩa vụ tài chính")
    READY = "ready", _("Có kết quả, chờ trả")
    GRANTED = "granted", _("Đã trả kết quả")
    REFUSED = "refused", _("Không giải quyết")
    WITHDRAWN = "withdrawn", _("Đã rút")


ENDED = frozenset({State.GRANTED, State.REFUSED, State.WITHDRAWN})


class Draft(models.Model):
    """What a person is still typing. Saved as one types, on any device; becomes a dossier when submitted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.ONLINE)
    owner = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    papers = models.JSONField(default=dict)  # requirement code -> list of stored file ids
    details = models.JSONField(default=dict)  # owner as typed at the desk, return channel, address, receiving unit
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)
    dossier = models.OneToOneField("Dossier", null=True, blank=True, on_delete=models.SET_NULL, related_name="draft")

    class Meta:
        indexes = [models.Index(fields=["user", "-updated_at"], condition=Q(dossier=None), name="draft_open")]


class DossierCounter(models.Model):
    """The last number given per agency and day. The row lock makes codes gapless: a number exists only if its dossier was committed."""

    agency = models.ForeignKey(Unit, on_delete=models.PROTECT)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="dossier_counter_unique")]


class Dossier(models.Model):
    """One filing of a procedure - hồ sơ thủ tục hành chính (Nghị định 61/2018/NĐ-CP, Điều 16)."""

    code = models.CharField(_("mã hồ sơ"), max_length=50, unique=True)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="dossiers")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="dossiers")
    agency = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="dossiers")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="dossier")
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=12, choices=State, default=State.SUBMITTED)
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="dossiers_filed")
    applicant_name = models.CharField(_("người nộp"), max_length=250)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="dossiers")
    owner_name = models.CharField(_("chủ hồ sơ"), max_length=250)  # as filed; also what lists search
    filed_by_official = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="dossiers_entered"
    )
    contact_phone = models.CharField(max_length=15, blank=True)
    contact_email = models.EmailField(blank=True)
    return_channel = models.CharField(max_length=8, choices=ReturnChannel, default=ReturnChannel.ONLINE)
    return_address = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(default=dict)
    summary = models.CharField(max_length=300, blank=True)
    submitted_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # copy of the case's, for lists and boards
    finished_at = models.DateTimeField(null=True, blank=True)  # result issued: stops being late
    closed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    search = models.GeneratedField(
        expression=vector("code", "owner_name", "applicant_name", body=["summary"]), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["agency", "state", "-id"], name="dossier_agency_state"),
            models.Index(fields=["procedure", "-id"], name="dossier_procedure"),
            models.Index(fields=["owner", "-id"], name="dossier_owner"),
            models.Index(fields=["due_at"], condition=Q(finished_at=None), name="dossier_open_due"),
            # boards count by these alone, without the rows
            models.Index(fields=["submitted_at"], include=["case", "procedure", "agency"], name="dossier_received"),
            models.Index(
                fields=["finished_at"],
                include=["case", "procedure", "agency", "state", "due_at", "accepted_at"],
                condition=Q(finished_at__isnull=False),
                name="dossier_finished",
            ),
            models.Index(
                fields=["procedure", "finished_at"],
                include=["accepted_at"],
                condition=Q(finished_at__isnull=False),
                name="dossier_usual_days",
            ),
            GinIndex(fields=["search"], name="dossier_search"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED


class Paper(models.Model):
    """A paper handed in with a dossier - thành phần hồ sơ đã nộp; `reused_from` when it was given with an earlier dossier."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="papers")
    requirement = models.CharField(max_length=60)
    title = models.CharField(max_length=500)
    kind = models.CharField(max_length=60, blank=True)  # the reuse kind: what it can serve as again
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on_paper = models.BooleanField(default=False)
    reused_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reuses")
    handed_in_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "requirement"], name="paper_dossier")]


class SupplementRequest(models.Model):
    """One complete list of what is missing or wrong - phiếu yêu cầu bổ sung (form 02): everything at once."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="supplement_requests")
    items = models.JSONField(default=list)  # [{"subject": requirement code or field path, "title": …, "reason": …}]
    note = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)


class Note(models.Model):
    """An internal note of officials on a dossier - ghi chú nội bộ; never shown to the applicant."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)


class OfficialPaper(models.Model):
    """A paper the authority made for a dossier: forms 01-06, drafts and signed results, each with its versions."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
        SUPPLEMENT = "supplement", _("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")
        REFUSAL = "refusal", _("Phiếu từ chối tiếp nhận giải quyết hồ sơ")
        APOLOGY = "apology", _("Phiếu xin lỗi và hẹn lại ngày trả kết quả")
        CONTROL = "control", _("Phiếu kiểm soát quá trình giải quyết hồ sơ")
        DRAFT = "draft", _("Dự thảo kết quả")
        RESULT = "result", _("Kết quả giải quyết")

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="official_papers")
    kind = models.CharField(max_length=12, choices=Kind)
    number = models.PositiveIntegerField(default=1)  # version within the kind
    title = models.CharField(max_length=300)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")  # a draft's is a preview, marked DỰ THẢO
    source = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # a draft's docx, if uploaded
    printable = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # that docx as clean PDF
    body = models.JSONField(default=dict)  # what the paper says, so that the next version starts from it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    public = models.BooleanField(default=False)  # whether the applicant may read it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "kind", "number"], name="official_paper_version_unique")]


class Result(models.Model):
    """What the authority decided - kết quả giải quyết: the numbered, signed document."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="result")
    outcome = models.CharField(max_length=10)  # granted or refused
    title = models.CharField(max_length=300)
    document_number = models.CharField(_("số, ký hiệu"), max_length=80, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    check_code = models.CharField(max_length=20, blank=True)  # for the QR on the paper
    issued_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_how = models.CharField(max_length=8, choices=ReturnChannel, blank=True)
    handed_over_to = models.CharField(_("người nhận"), max_length=250, blank=True)
    handed_over_details = models.JSONField(default=dict, blank=True)  # identity (last 4), relation; or address, carrier, parcel


class DocumentCounter(models.Model):
    """Yearly numbers of documents per signing body and pattern - sổ cấp số văn bản; gapless under the row lock."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    pattern = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "pattern", "year"], name="document_counter_unique")]


class Rating(models.Model):
    """The applicant's satisfaction - đánh giá mức độ hài lòng, once per dossier."""

    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_one_to_five")]


for tracked in (Dossier, Paper, Result, OfficialPaper):
    pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["search"] if tracked is Dossier else None
    )(tracked)
