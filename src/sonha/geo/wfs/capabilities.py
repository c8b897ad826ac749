"""GetCapabilities: what this caller may see. One text for each set of layers, address and language, kept for an hour."""

from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sonha.geo.layers.extents import extent
from sonha.geo.layers.limits import Limits
from sonha.geo.layers.served import ServedLayer
from sonha.geo.layers.systems import NEAR
from sonha.geo.ows.filters import COMPARISONS, DISTANT, SPATIAL
from sonha.geo.ows.writing import element, escaped

from .requests import NAMESPACE, PREFIX, VERSION

OUTPUTS = ("text/xml; subtype=gml/3.1.1", "application/json", "SHAPE-ZIP", "csv")
OFFERED = (4326, 3857, *NEAR)
SIGNS = {
    "=": "EqualTo", "<>": "NotEqualTo", "<": "LessThan", ">": "GreaterThan", "<=": "LessThanEqualTo", ">=": "GreaterThanEqualTo",
}  # fmt: skip
GEOMETRIES = ("gml:Envelope", "gml:Point", "gml:LineString", "gml:Polygon")
ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<wfs:WFS_Capabilities version="{VERSION}" xmlns:wfs="http://www.opengis.net/wfs" xmlns:ows="http://www.opengis.net/ows"'
    ' xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink"'
    f' xmlns:{PREFIX}="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.opengis.net/wfs http://schemas.opengis.net/wfs/1.1.0/wfs.xsd">\n'
)


def capabilities(layers: dict[str, ServedLayer], address: str, limits: Limits) -> bytes:
    """`address`: where this service is asked. The text names layers only, so it is the same for all who see the same ones."""
    return _kept(_Layers(tuple(layers.values())), address, limits, get_language() or "", timezone.now().strftime("%Y%m%d%H"))


class _Layers(tuple[ServedLayer, ...]):
    """A set of layers that is known again by what its text says of them."""

    def __new__(cls, layers: tuple[ServedLayer, ...]) -> "_Layers":
        made = super().__new__(cls, layers)
        made.key = tuple((each.name, each.register) for each in layers)  # type: ignore[attr-defined]
        return made

    def __hash__(self) -> int:
        return hash(self.key)  # type: ignore[attr-defined]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Layers) and self.key == other.key  # type: ignore[attr-defined]


@lru_cache(maxsize=64)
def _kept(layers: _Layers, address: str, limits: Limits, language: str, hour: str) -> bytes:
    types = "".join(_type(each, address) for each in layers)
    parts = [
        ROOT,
        _identification(),
        _provider(),
        _operations(address, limits),
        f"<wfs:FeatureTypeList>\n<wfs:Operations><wfs:Operation>Query</wfs:Operation></wfs:Operations>\n{types}</wfs:FeatureTypeList>\n"
        if layers
        else "",
        _filters(),
        "</wfs:WFS_Capabilities>\n",
    ]
    return "".join(parts).encode()


def _identification() -> str:
    return (
        "<ows:ServiceIdentification>"
        + element("ows:Title", _("Dịch vụ đối tượng địa lý tỉnh Lạng Sơn (WFS)"))
        + element("ows:Abstract", _("Các lớp của cơ sở dữ liệu chuyên ngành tài nguyên và môi trường, theo quyền của người truy cập."))
        + f"<ows:Keywords>{element('ows:Keyword', 'WFS')}{element('ows:Keyword', 'GML')}</ows:Keywords>"
        "<ows:ServiceType>WFS</ows:ServiceType>"
        f"<ows:ServiceTypeVersion>{VERSION}</ows:ServiceTypeVersion>"
        "<ows:Fees>NONE</ows:Fees>" + element("ows:AccessConstraints", _("Theo quyền của từng người; lớp công khai không cần đăng nhập."))
        + "</ows:ServiceIdentification>\n"
    )  # fmt: skip


def _provider() -> str:
    name = element("ows:ProviderName", _("Uỷ ban nhân dân tỉnh Lạng Sơn"))
    return f"<ows:ServiceProvider>{name}<ows:ServiceContact/></ows:ServiceProvider>\n"


def _operations(address: str, limits: Limits) -> str:
    formats = {"outputFormat": OUTPUTS}
    asked: dict[str, dict[str, tuple[str, ...]]] = {
        "GetCapabilities": {"AcceptVersions": (VERSION,), "AcceptFormats": ("text/xml",)},
        "DescribeFeatureType": {"outputFormat": OUTPUTS[:1]},
        "GetFeature": {"resultType": ("results", "hits"), **formats},
    }
    link = escaped(address)
    doors = f'<ows:DCP><ows:HTTP><ows:Get xlink:href="{link}?"/><ows:Post xlink:href="{link}"/></ows:HTTP></ows:DCP>'
    operations = "".join(
        f'<ows:Operation name="{name}">{doors}{"".join(_values("Parameter", *each) for each in parameters.items())}</ows:Operation>\n'
        for name, parameters in asked.items()
    )
    constraints = {"DefaultMaxFeatures": (str(limits.features),), "PagingIsSupported": ("TRUE",), "LocalTraverseXLinkScope": ("0",)}
    limited = "".join(_values("Constraint", *each) for each in constraints.items())
    return f"<ows:OperationsMetadata>\n{operations}{limited}</ows:OperationsMetadata>\n"


def _values(kind: str, name: str, values: tuple[str, ...]) -> str:
    return f'<ows:{kind} name="{name}">{"".join(element("ows:Value", each) for each in values)}</ows:{kind}>'


def _type(layer: ServedLayer, address: str) -> str:
    west, south, east, north = extent(layer)
    others = "".join(f"<wfs:OtherSRS>urn:ogc:def:crs:EPSG::{srid}</wfs:OtherSRS>" for srid in OFFERED if srid != layer.srid)
    catalogue = f"{address.rpartition('/ows/')[0]}/csw?service=CSW&version=2.0.2&request=GetRecordById&elementSetName=full&id={layer.name}"
    return (
        f'<wfs:FeatureType xmlns:{PREFIX}="{NAMESPACE}"><wfs:Name>{PREFIX}:{layer.name}</wfs:Name>'
        + element("wfs:Title", layer.title)
        + element("wfs:Abstract", layer.register.description)
        + f"<ows:Keywords>{element('ows:Keyword', layer.register.database.title)}</ows:Keywords>"
        + f"<wfs:DefaultSRS>urn:ogc:def:crs:EPSG::{layer.srid}</wfs:DefaultSRS>{others}"
        + f"<wfs:OutputFormats>{''.join(element('wfs:Format', each) for each in OUTPUTS)}</wfs:OutputFormats>"
        + f"<ows:WGS84BoundingBox><ows:LowerCorner>{west} {south}</ows:LowerCorner>"
        + f"<ows:UpperCorner>{east} {north}</ows:UpperCorner></ows:WGS84BoundingBox>"
        + element(
            "wfs:MetadataURL",
            f"{catalogue}&outputSchema=http://www.isotc211.org/2005/gmd",
            type="19139",
            format="text/xml",
        )
        + "</wfs:FeatureType>\n"
    )


def _filters() -> str:
    shapes = "".join(f"<ogc:GeometryOperand>{each}</ogc:GeometryOperand>" for each in GEOMETRIES)
    spatial = "".join(f'<ogc:SpatialOperator name="{each}"/>' for each in (*SPATIAL, *DISTANT))
    signs = [SIGNS[each] for each in COMPARISONS.values()] + ["Like", "Between", "NullCheck"]
    compared = "".join(f"<ogc:ComparisonOperator>{each}</ogc:ComparisonOperator>" for each in signs)
    return (
        "<ogc:Filter_Capabilities><ogc:Spatial_Capabilities>"
        f"<ogc:GeometryOperands>{shapes}</ogc:GeometryOperands><ogc:SpatialOperators>{spatial}</ogc:SpatialOperators>"
        "</ogc:Spatial_Capabilities><ogc:Scalar_Capabilities><ogc:LogicalOperators/>"
        f"<ogc:ComparisonOperators>{compared}</ogc:ComparisonOperators></ogc:Scalar_Capabilities>"
        "<ogc:Id_Capabilities><ogc:EID/><ogc:FID/></ogc:Id_Capabilities></ogc:Filter_Capabilities>\n"
    )
