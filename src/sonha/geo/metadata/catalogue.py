"""The answers of CSW 2.0.2."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.geo.ows.filters import Name
from sonha.geo.ows.reports import Refused
from sonha.geo.ows.writing import element, escaped

from .asking import CSW, DEFAULT_RECORDS, FORMATS, VERSION, Wanted
from .dublin import NAMES, NAMESPACES, core
from .iso import GMD, metadata
from .matching import READ, matches, values
from .records import MetadataRecord, records

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
PLACE = f'xsi:schemaLocation="{CSW} http://schemas.opengis.net/csw/2.0.2/CSW-discovery.xsd"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def get_records(actor: Actor, wanted: Wanted, root: str) -> str:
    found = [each for each in records(actor) if matches(each, wanted.node)]
    if wanted.sort:
        found = _sorted(found, wanted)
    page = [] if wanted.hits else found[wanted.start - 1 : wanted.start - 1 + wanted.most]
    after = wanted.start + len(page)
    following = 0 if wanted.hits or after > len(found) else after
    written = "".join(_written(each, wanted, root) for each in page)
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return (
        f'{HEAD}<csw:GetRecordsResponse version="{VERSION}" {NAMESPACES} {XSI} {PLACE}><csw:SearchStatus timestamp="{now}"/>'
        f'<csw:SearchResults numberOfRecordsMatched="{len(found)}" numberOfRecordsReturned="{len(page)}" nextRecord="{following}"'
        f' recordSchema="{wanted.schema}" elementSet="{wanted.size}">{written}</csw:SearchResults></csw:GetRecordsResponse>'
    )


def _sorted(found: list[MetadataRecord], wanted: Wanted) -> list[MetadataRecord]:
    if wanted.sort not in READ:
        raise Refused(_("Không xếp được theo «%(name)s».") % {"name": wanted.sort[:60]}, "sortby")
    return sorted(found, key=lambda each: values(each, Name(wanted.sort)), reverse=wanted.descending)


def get_record_by_id(actor: Actor, wanted: Wanted, root: str) -> str:
    """Records that are not there, or not the actor's to know, are left out, as the standard says."""
    written = "".join(_written(each, wanted, root) for each in records(actor, list(wanted.ids)))
    return f"{HEAD}<csw:GetRecordByIdResponse {NAMESPACES} {XSI} {PLACE}>{written}</csw:GetRecordByIdResponse>"


def _written(record: MetadataRecord, wanted: Wanted, root: str) -> str:
    return metadata(record, root) if wanted.schema == GMD else core(record, root, wanted.size)


def describe_record(actor: Actor, wanted: Wanted, root: str) -> str:
    """The schemas by their official addresses."""
    places = ((CSW, "http://schemas.opengis.net/csw/2.0.2/record.xsd"), (GMD, "http://www.isotc211.org/2005/gmd/gmd.xsd"))
    parts = "".join(
        f'<csw:SchemaComponent targetNamespace="{namespace}" schemaLanguage="http://www.w3.org/XML/Schema">'
        f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">'
        f'<xsd:include schemaLocation="{place}"/></xsd:schema></csw:SchemaComponent>'
        for namespace, place in places
    )
    return f"{HEAD}<csw:DescribeRecordResponse {NAMESPACES} {XSI} {PLACE}>{parts}</csw:DescribeRecordResponse>"


def capabilities(actor: Actor, wanted: Wanted, root: str) -> str:
    address = escaped(f"{root}csw")
    doors = (
        f'<ows:DCP><ows:HTTP><ows:Get xlink:type="simple" xlink:href="{address}"/><ows:Post xlink:type="simple" xlink:href="{address}">'
        '<ows:Constraint name="PostEncoding"><ows:Value>XML</ows:Value></ows:Constraint></ows:Post></ows:HTTP></ows:DCP>'
    )
    operations = "".join(
        f'<ows:Operation name="{name}">{doors}{"".join(_values("Parameter", each, PARAMETERS[each]) for each in given)}'
        f"{_values('Constraint', 'SupportedDublinCoreQueryables', QUERYABLES) if name == 'GetRecords' else ''}</ows:Operation>"
        for name, given in OPERATIONS.items()
    )
    limits = _values("Constraint", "MaxRecordDefault", (str(DEFAULT_RECORDS),))
    title, provider = _("Danh mục dữ liệu tỉnh Lạng Sơn (CSW)"), _("Uỷ ban nhân dân tỉnh Lạng Sơn")
    abstract = _("Siêu dữ liệu của các sổ đăng ký và lớp bản đồ, theo quyền của người truy cập.")
    return (
        f'{HEAD}<csw:Capabilities version="{VERSION}" {NAMESPACES} xmlns:ogc="http://www.opengis.net/ogc"'
        f' xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink" {XSI} {PLACE}>'
        f"<ows:ServiceIdentification>{element('ows:Title', title)}{element('ows:Abstract', abstract)}"
        f"<ows:ServiceType>CSW</ows:ServiceType><ows:ServiceTypeVersion>{VERSION}</ows:ServiceTypeVersion>"
        "<ows:Fees>NONE</ows:Fees></ows:ServiceIdentification>"
        f"<ows:ServiceProvider>{element('ows:ProviderName', provider)}<ows:ServiceContact/></ows:ServiceProvider>"
        f"<ows:OperationsMetadata>{operations}{limits}</ows:OperationsMetadata>{FILTERS}</csw:Capabilities>"
    )


def _values(kind: str, name: str, values: tuple[str, ...]) -> str:
    return f'<ows:{kind} name="{name}">{"".join(element("ows:Value", each) for each in values)}</ows:{kind}>'


PARAMETERS: dict[str, tuple[str, ...]] = {
    "outputFormat": FORMATS, "outputSchema": (CSW, GMD), "typeNames": ("csw:Record", "gmd:MD_Metadata"),
    "resultType": ("hits", "results"), "ElementSetName": tuple(NAMES), "CONSTRAINTLANGUAGE": ("CQL_TEXT", "FILTER"),
}  # fmt: skip
OPERATIONS: dict[str, tuple[str, ...]] = {
    "GetCapabilities": (),
    "DescribeRecord": ("outputFormat",),
    "GetDomain": (),
    "GetRecords": tuple(PARAMETERS),
    "GetRecordById": ("outputFormat", "outputSchema", "ElementSetName"),
}
QUERYABLES = ("dc:identifier", "dc:title", "dc:subject", "dct:abstract", "dct:modified", "dc:type", "ows:BoundingBox", "csw:AnyText")
SPATIAL = ("BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps", "DWithin", "Beyond")
COMPARED = (
    "EqualTo", "NotEqualTo", "LessThan", "GreaterThan", "LessThanEqualTo", "GreaterThanEqualTo", "Like", "Between", "NullCheck",
)  # fmt: skip
FILTERS = (
    "<ogc:Filter_Capabilities><ogc:Spatial_Capabilities><ogc:GeometryOperands>"
    + "".join(f"<ogc:GeometryOperand>gml:{each}</ogc:GeometryOperand>" for each in ("Envelope", "Point", "LineString", "Polygon"))
    + "</ogc:GeometryOperands><ogc:SpatialOperators>"
    + "".join(f'<ogc:SpatialOperator name="{each}"/>' for each in SPATIAL)
    + "</ogc:SpatialOperators></ogc:Spatial_Capabilities><ogc:Scalar_Capabilities><ogc:LogicalOperators/><ogc:ComparisonOperators>"
    + "".join(f"<ogc:ComparisonOperator>{each}</ogc:ComparisonOperator>" for each in COMPARED)
    + "</ogc:ComparisonOperators></ogc:Scalar_Capabilities><ogc:Id_Capabilities><ogc:EID/></ogc:Id_Capabilities></ogc:Filter_Capabilities>"
)
