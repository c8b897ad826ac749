"""A record as csw:Record: Dublin Core, brief, summary or full."""

from sonha.geo.ows.writing import element

from .iso import links
from .records import MetadataRecord

NAMES = {"brief": "BriefRecord", "summary": "SummaryRecord", "full": "Record"}
NAMESPACES = (
    'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"'
    ' xmlns:ows="http://www.opengis.net/ows"'
)


def core(record: MetadataRecord, root: str, size: str) -> str:
    """The element; its prefixes (`NAMESPACES`) are declared around it."""
    parts = [element("dc:identifier", record.id), element("dc:title", record.title), element("dc:type", "dataset")]
    if size != "brief":
        parts += [element("dc:subject", each) for each in record.keywords]
        parts += [element("dct:modified", record.modified.isoformat()), element("dct:abstract", record.abstract)]
    if size == "full":
        parts += [
            element("dc:publisher", record.contact),
            element("dc:language", "vie"),
            element("dc:rights", record.restrictions),
            element("dc:source", record.lineage),
            *(element("dct:references", address, scheme=protocol) for protocol, address, _name in links(record, root)),
        ]
    west, south, east, north = record.box
    parts.append(
        '<ows:BoundingBox crs="urn:ogc:def:crs:EPSG::4326" dimensions="2">'
        f"<ows:LowerCorner>{south} {west}</ows:LowerCorner><ows:UpperCorner>{north} {east}</ows:UpperCorner></ows:BoundingBox>"
    )
    return f"<csw:{NAMES[size]}>{''.join(parts)}</csw:{NAMES[size]}>"
