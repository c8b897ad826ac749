"""GetCapabilities: what the caller may see, grouped by database. Pieces that do not depend on the caller are made once."""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.limits import Limits
from sonha.geo.layers.served import ServedLayer, served
from sonha.geo.layers.systems import LATITUDE_FIRST, NEAR
from sonha.geo.ows.writing import escaped
from sonha.geo.rasters.models import Raster
from sonha.geo.rasters.selectors import rasters

from .extents import extent
from .featureinfo import OFFERED as INFO_FORMATS
from .parameters import LONGEST_SIDE, MOST_LAYERS, OFFERED_PICTURES, Box
from .projection import reprojected
from .styles import OUTLINE, names_of

SYSTEMS = ("CRS:84", "EPSG:4326", "EPSG:3857", "EPSG:4756", *(f"EPSG:{srid}" for srid in NEAR))
BOXES = (4326, 3857, 9215)
EARLIEST = "1945-09-02"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:sld="http://www.opengis.net/sld" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd">
"""  # noqa: E501


def document(actor: Actor, limits: Limits, address: str) -> str:
    """The whole document. `address`: of this service, as the caller reached it, ending in `?`."""
    return "".join(
        (
            HEAD,
            _service(limits, address),
            "<Capability>\n",
            _requests(address),
            *_layers(actor, address),
            "</Capability>\n</WMS_Capabilities>\n",
        )
    )


def _service(limits: Limits, address: str) -> str:
    side = min(LONGEST_SIDE, int(limits.pixels**0.5))
    title, keyword = _("Bản đồ các cơ sở dữ liệu chuyên ngành"), _("tài nguyên và môi trường")
    abstract = _("Các lớp bản đồ mà người hỏi được xem; TIME cho xem hiện trạng của một ngày đã qua.")
    return (
        f"<Service><Name>WMS</Name><Title>{escaped(title)}</Title>"
        f"<Abstract>{escaped(abstract)}</Abstract>"
        f"<KeywordList><Keyword>{escaped(keyword)}</Keyword></KeywordList>"
        f'<OnlineResource xlink:type="simple" xlink:href="{escaped(settings.SITE_URL)}"/>'
        f"<Fees>none</Fees><AccessConstraints>none</AccessConstraints>"
        f"<LayerLimit>{MOST_LAYERS}</LayerLimit><MaxWidth>{side}</MaxWidth><MaxHeight>{side}</MaxHeight></Service>\n"
    )


def _requests(address: str) -> str:
    where = (
        f'<DCPType><HTTP><Get><OnlineResource xlink:type="simple" xlink:href="{escaped(address)}"/></Get>'
        f'<Post><OnlineResource xlink:type="simple" xlink:href="{escaped(address)}"/></Post></HTTP></DCPType>'
    )

    def operation(name: str, formats: tuple[str, ...]) -> str:
        return f"<{name}>{''.join(f'<Format>{each}</Format>' for each in formats)}{where}</{name}>"

    return (
        f"<Request>{operation('GetCapabilities', ('text/xml',))}{operation('GetMap', OFFERED_PICTURES)}"
        f"{operation('GetFeatureInfo', INFO_FORMATS)}{operation('sld:GetLegendGraphic', OFFERED_PICTURES)}</Request>\n"
        "<Exception><Format>XML</Format><Format>INIMAGE</Format><Format>BLANK</Format></Exception>\n"
        '<sld:UserDefinedSymbolization SupportSLD="1" UserLayer="0" UserStyle="1" RemoteWFS="0" InlineFeature="0" RemoteWCS="0"/>\n'
    )


def _layers(actor: Actor, address: str) -> Iterator[str]:
    """One layer without a name that holds all, groups by database, and the rasters below."""
    yield f"<Layer><Title>{escaped(settings.SITE_NAME)}</Title>{''.join(f'<CRS>{name}</CRS>' for name in SYSTEMS)}{_world()}\n"
    group = ""
    found = served(actor)
    boxes = extent(list(found.values()))
    today = f"{timezone.localdate():%Y-%m-%d}"
    for layer in found.values():
        database = layer.register.database
        if database.code != group:
            yield "</Layer>\n" if group else ""
            yield f"<Layer><Title>{escaped(str(database.title))}</Title>\n"
            group = database.code
        yield _layer(layer, boxes[layer.name], address, today)
    yield "</Layer>\n" if group else ""
    pictures = list(rasters(actor))
    if pictures:
        title = escaped(_("Ảnh và dữ liệu ảnh số"))
        yield f"<Layer><Title>{title}</Title>\n"
        yield from (_raster(each, address) for each in pictures)
        yield "</Layer>\n"
    yield "</Layer>\n"


def _layer(layer: ServedLayer, box: Box, address: str, today: str) -> str:
    drawn = layer.layer
    scales = (f"<MinScaleDenominator>{drawn.largest}</MinScaleDenominator>" if drawn.largest else "") + (
        f"<MaxScaleDenominator>{drawn.smallest}</MaxScaleDenominator>" if drawn.smallest else ""
    )
    description = str(layer.register.description)
    return (
        f'<Layer queryable="1"><Name>{layer.name}</Name><Title>{escaped(str(layer.title))}</Title>'
        f"{f'<Abstract>{escaped(description)}</Abstract>' if description else ''}{boxed(box)}"
        f'<Dimension name="time" units="ISO8601" default="{today}" current="1">{EARLIEST}/{today}/P1D</Dimension>'
        f"{''.join(_style(layer.name, name, address) for name in names_of(layer))}{scales}</Layer>\n"
    )


def _raster(raster: Raster, address: str) -> str:
    assert raster.footprint is not None
    west, south, east, north = raster.footprint.extent
    return (
        f'<Layer queryable="1"><Name>{raster.layer_name}</Name><Title>{escaped(raster.title)}</Title>'
        f"<Abstract>{escaped(f'{raster.description} {raster.source}'.strip())}</Abstract>{boxed((west, south, east, north))}"
        f"{_style(raster.layer_name, 'default', address)}</Layer>\n"
    )


def _style(layer: str, name: str, address: str) -> str:
    title = _("Chỉ đường viền") if name == OUTLINE else _("Mặc định")
    legend = f"{address}SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER={layer}&STYLE={name}&FORMAT=image/png&SLD_VERSION=1.1.0"
    return (
        f'<Style><Name>{name}</Name><Title>{escaped(title)}</Title><LegendURL width="200" height="26"><Format>image/png</Format>'
        f'<OnlineResource xlink:type="simple" xlink:href="{escaped(legend)}"/></LegendURL></Style>'
    )


@lru_cache(maxsize=4096)
def boxed(box: Box) -> str:
    """The extent (degrees) as every layer states it: in degrees by name, and by the authority's axes in the main systems."""
    west, south, east, north = box
    parts = [
        f"<EX_GeographicBoundingBox><westBoundLongitude>{west:.6f}</westBoundLongitude><eastBoundLongitude>{east:.6f}</eastBoundLongitude>"
        f"<southBoundLatitude>{south:.6f}</southBoundLatitude><northBoundLatitude>{north:.6f}</northBoundLatitude></EX_GeographicBoundingBox>",
        _box("CRS:84", box, 6),
    ]
    for srid in BOXES:
        there = box if srid == 4326 else reprojected(box, 4326, srid)
        if there is not None:
            flipped = (there[1], there[0], there[3], there[2]) if srid in LATITUDE_FIRST else there
            parts.append(_box(f"EPSG:{srid}", flipped, 6 if srid == 4326 else 2))
    return "".join(parts)


def _box(system: str, box: Box, digits: int) -> str:
    values = " ".join(f'{name}="{value:.{digits}f}"' for name, value in zip(("minx", "miny", "maxx", "maxy"), box, strict=True))
    return f'<BoundingBox CRS="{system}" {values}/>'


def _world() -> str:
    return (
        "<EX_GeographicBoundingBox><westBoundLongitude>102</westBoundLongitude><eastBoundLongitude>118</eastBoundLongitude>"
        "<southBoundLatitude>5</southBoundLatitude><northBoundLatitude>24</northBoundLatitude></EX_GeographicBoundingBox>"
    )
