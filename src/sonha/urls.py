"""Addresses of the product. Each app owns its own; Vietnamese words without diacritics for people, English for machines."""

from django.urls import include, path

from sonha.api import api
from sonha.geo.metadata.views import csw
from sonha.operations.health.views import metrics

handler400 = "sonha.foundation.ui.failures.bad_request"
handler500 = "sonha.foundation.ui.failures.server_error"

urlpatterns = [
    # Map services come first: they answer within milliseconds, of which every address tried before theirs takes some.
    path("ows/wfs", include("sonha.geo.wfs.urls")),
    path("ows/wms", include("sonha.geo.wms.urls")),
    path("tiles/raster/", include("sonha.geo.rasters.tile_urls")),
    path("tiles/", include("sonha.geo.tiles.urls")),
    path("ogc/", include("sonha.geo.features.urls")),
    path("", include("sonha.channels.portal.urls")),
    path("can-bo/su-co-o-nhiem/", include("sonha.channels.pollution.urls")),
    path("can-bo/", include("sonha.channels.workspace.urls")),
    path("tai-khoan/", include("sonha.foundation.identity.urls")),
    path("thong-bao/", include("sonha.foundation.notifications.urls")),
    path("kiem-tra/", include("sonha.foundation.signing.urls")),
    path("thanh-toan/", include("sonha.foundation.payments.urls")),
    path("lich-lam-viec/", include("sonha.foundation.calendar.urls")),
    path("nhat-ky/", include("sonha.foundation.audit.urls")),
    path("viec-nen/", include("sonha.foundation.jobs.urls")),
    path("quan-tri/", include("sonha.channels.administration.urls")),
    path("tro-giup/", include("sonha.channels.help.urls")),
    path("bieu-mau/", include("sonha.process.forms.urls")),
    path("tep/", include("sonha.foundation.files.urls")),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("healthz/", include("sonha.operations.health.urls")),
    path("metrics/", metrics, name="metrics"),
    path("ban-do/", include("sonha.geo.viewer.urls")),
    path("api/payments/", include("sonha.foundation.payments.callback_urls")),
    path("du-lieu-mo/", include("sonha.geo.datasets.urls")),
    path("csw", csw, name="csw"),
    path("sieu-du-lieu/", include("sonha.geo.metadata.urls")),
    path("api/v1/", api.urls),
    path("csdl/anh/", include("sonha.geo.rasters.urls")),
    path("csdl/dia-gioi/chuyen-doi/", include("sonha.sectors.areas.urls")),
    path("csdl/", include("sonha.registry.formats.urls")),
    path("csdl/", include("sonha.registry.quality.urls")),
    path("csdl/", include("sonha.registry.pages.urls")),  # after the addresses below it that have names of their own
]
