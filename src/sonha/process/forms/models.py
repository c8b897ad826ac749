"""Form declarations as they were published."""

from typing import ClassVar

import pgtrigger
from django.db import models


class FormVersion(models.Model):
    """One declaration of a form - biểu mẫu điện tử. Identical declarations share a row; a row never changes and is never deleted."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the canonical JSON
    schema = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="form_version_is_fixed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.digest[:12]
