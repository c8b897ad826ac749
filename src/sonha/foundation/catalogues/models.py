"""Catalogues and their items. An item is ended, never deleted; a code may be given again with another meaning on other days."""

from datetime import date
from typing import Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sonha.foundation.search.expressions import folded


class DateRange(models.Func):
    """`daterange(from, to, '[]')`: both days belong to it."""

    function = "daterange"
    output_field = DateRangeField()


class Catalogue(models.Model):
    """A code list - danh mục dùng chung."""

    code = models.SlugField(_("mã danh mục"), max_length=60, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    owner = models.CharField(_("cơ quan chủ trì"), max_length=200, blank=True)
    source = models.CharField(_("văn bản ban hành"), max_length=300)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CatalogueItemQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Items, dated (both days inclusive, null is open)."""

    def on(self, day: date) -> Self:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


class CatalogueItem(models.Model):
    """One code with its meaning, for a time - mục của danh mục."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(_("mã"), max_length=40)
    name = models.CharField(_("tên"), max_length=300)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=300, blank=True)
    order = models.PositiveIntegerField(_("thứ tự"), default=0)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    source = models.CharField(_("căn cứ"), max_length=300)
    assumption = models.BooleanField(default=False)
    attributes = models.JSONField(default=dict, blank=True)
    name_folded = models.GeneratedField(expression=folded("name"), output_field=models.TextField(), db_persist=True)

    objects = CatalogueItemQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")), name="catalogue_item_dates"
            ),
            ExclusionConstraint(
                name="catalogue_item_once_a_day",
                expressions=[
                    ("catalogue", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", models.Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [GinIndex(name="catalogue_item_name_trigram", fields=["name_folded"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name


for tracked in (Catalogue, CatalogueItem):
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(tracked)
