"""./sonha manage raster_demo: the generated raster of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sonha.geo.rasters.demonstration import load


class Command(BaseCommand):
    help = "Makes the generated shaded relief of the demonstration, clearly labelled as such."

    def handle(self, *args: Any, **options: Any) -> None:
        raster = load()
        self.stdout.write(_("Ảnh trình diễn: %(name)s (%(size)d KB)") % {"name": raster.name, "size": raster.size // 1024})
