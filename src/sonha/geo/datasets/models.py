"""The files of data sets that are ready for download."""

from django.db import models

from sonha.foundation.files.models import StoredFile

PURPOSE = "open-data"


class DatasetFile(models.Model):
    """One file of one data set - tệp dữ liệu mở. Made anew, it takes the place of the one before."""

    register = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField()
    last_change = models.BigIntegerField(default=0)  # the newest change of the register that the file holds
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["register", "kind"]
        constraints = [models.UniqueConstraint(fields=["register", "kind"], name="dataset_file_once")]
