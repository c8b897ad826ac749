"""Converting takes minutes for large pictures."""

from sonha.foundation.jobs.declarations import job

from . import services
from .models import Raster


@job(atomic=False, retry=())
def convert_upload(raster: int) -> None:
    services.convert_upload(Raster.objects.select_related("added_by").get(pk=raster))
