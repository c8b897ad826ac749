"""What has been loaded: one row for each step of a profile, so that loading again is quick when nothing has changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedStep(models.Model):
    """The digest of the files a step was last loaded from."""

    profile = models.CharField(_("hồ sơ tỉnh"), max_length=40)
    step = models.CharField(_("bước"), max_length=40)
    digest = models.CharField(max_length=64)
    outcome = models.JSONField(default=dict)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "step"], name="loaded_step_unique")]

    def __str__(self) -> str:
        return f"{self.profile}: {self.step}"
