"""The procedure catalogue: identity (`Procedure`) and immutable published content (`ProcedureVersion`)."""

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sonha.foundation.organisations.models import Unit
from sonha.foundation.search.expressions import folded, number, vector
from sonha.process.flows.models import FlowVersion
from sonha.process.forms.models import FormVersion


class Field(models.Model):
    """A field of procedures - lĩnh vực."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class LifeEvent(models.Model):
    """What a person wants to do, in own words - sự kiện trong đời: "Tôi muốn khoan giếng"."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=150)
    title_en = models.CharField(max_length=150, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    keywords = models.TextField(blank=True)
    audience = models.CharField(max_length=10, default="citizen")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return self.title


class Procedure(models.Model):
    """A procedure by identity - thủ tục hành chính. Permissions, statistics and search attach here, content to versions."""

    stt = models.PositiveIntegerField(_("số thứ tự trong danh mục"), unique=True)
    code = models.CharField(_("mã thủ tục"), max_length=80, blank=True, db_index=True)
    code_key = models.GeneratedField(expression=number("code"), output_field=models.TextField(), db_persist=True, db_index=True)
    name = models.CharField(max_length=1000)
    agency_raw = models.CharField(max_length=200)
    field_raw = models.CharField(max_length=300, blank=True)
    resolution = models.CharField(max_length=300, blank=True)
    source_note = models.CharField(max_length=200, blank=True)
    source_line = models.PositiveIntegerField(null=True, blank=True)
    agency = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="procedures")
    level = models.CharField(max_length=10, choices=Unit.Level, default=Unit.Level.PROVINCE)
    field = models.ForeignKey(Field, null=True, blank=True, on_delete=models.PROTECT, related_name="procedures")
    family = models.CharField(max_length=60, blank=True)
    declaration = models.CharField(max_length=80, blank=True)
    life_events = models.ManyToManyField(LifeEvent, blank=True, related_name="procedures")
    keywords = models.TextField(blank=True)
    defects = models.JSONField(default=list)  # codes of services.procedures.quality
    code_pattern = models.CharField(max_length=40, blank=True)
    fully_modelled = models.BooleanField(default=False)
    open_for_filing = models.BooleanField(default=True)
    search = models.GeneratedField(expression=vector("name", body=["keywords"]), output_field=SearchVectorField(), db_persist=True)
    name_folded = models.GeneratedField(expression=folded("name"), output_field=models.TextField(), db_persist=True)

    class Meta:
        ordering = ["stt"]
        indexes = [
            GinIndex(fields=["search"], name="procedure_search"),
            GinIndex(fields=["name_folded"], name="procedure_name_trigram", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["agency", "field"], name="procedure_agency_field"),
        ]

    def __str__(self) -> str:
        return self.name


class ProcedureVersion(models.Model):
    """What a procedure asks, costs and does during a stretch of time. Immutable once published; a dossier pins it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Dự thảo")
        PUBLISHED = "published", _("Đã công bố")
        RETIRED = "retired", _("Hết hiệu lực")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    flow_version = models.ForeignKey(FlowVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="procedure_versions")
    form_version = models.ForeignKey(FormVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="procedure_versions")
    content = models.JSONField()  # everything of the declaration but flow and form
    draft = models.JSONField(null=True, blank=True)  # {"flow": …, "form": …} while being edited
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["procedure", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_number_unique"),
            models.UniqueConstraint(fields=["procedure"], condition=Q(state="draft"), name="procedure_one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(flow_version__isnull=False, form_version__isnull=False), name="published_version_complete"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_procedure_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["published", "retired"])
                & (
                    pgtrigger.Q(old__content__df=pgtrigger.F("new__content"))
                    | pgtrigger.Q(old__flow_version_id__df=pgtrigger.F("new__flow_version_id"))
                    | pgtrigger.Q(old__form_version_id__df=pgtrigger.F("new__form_version_id"))
                ),
            ),
            pgtrigger.Protect(
                name="published_procedure_stays", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__state__in=["published", "retired"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} ({self.number})"

    @property
    def is_family_default(self) -> bool:
        """Whether the content is the family's default rather than the procedure's own."""
        return bool(self.content.get("family"))


class PaperRequirement(models.Model):
    """A paper a version asks for - thành phần hồ sơ."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="papers")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    required = models.JSONField(default=bool)  # true, false or a condition
    form = models.CharField(max_length=16, default="copy")
    copies = models.PositiveSmallIntegerField(default=1)
    reuse = models.CharField(max_length=60, blank=True)
    help = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=60, blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="paper_requirement_unique")]


class CatalogueFragment(models.Model):
    """A damaged row of the source catalogue that lost its number; kept for the quality report, not a procedure."""

    number = models.PositiveSmallIntegerField(unique=True)
    agency_raw = models.CharField(max_length=200, blank=True)
    field_raw = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=1000, blank=True)
    resolution = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    source_line = models.PositiveIntegerField(null=True, blank=True)


pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["search", "name_folded", "code_key"])(
    Procedure
)
pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(ProcedureVersion)
