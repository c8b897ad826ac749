"""Schemas of the OGC and of ISO that answers of the map services are held against, and the holding.

    check(document)                          against the schema of its root's namespace
    check(document, extra=[schema, …])       with application schemas, as DescribeFeatureType gives them

Nothing is fetched: schemas import each other by their places in this folder. NOTICE.md says where they come from and under which licence.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from lxml import etree

FOLDER = Path(__file__).parent / "ogc"
OFFICIAL = "http://schemas.opengis.net/"
PLACES = {
    "http://www.opengis.net/wfs": "wfs/1.1.0/wfs.xsd",
    "http://www.opengis.net/ows": "ows/1.0.0/owsAll.xsd",
    "http://www.opengis.net/cat/csw/2.0.2": "csw/2.0.2/CSW-discovery.xsd",
    "http://www.isotc211.org/2005/gmd": "iso/19139/20070417/gmd/gmd.xsd",
    "http://www.opengis.net/gml": "gml/3.1.1/features.xsd",
    "http://www.isotc211.org/2005/gmx": "iso/19139/20070417/gmx/gmx.xsd",
}
PARSER = etree.XMLParser(no_network=True, resolve_entities=False)


def check(document: bytes, extra: Sequence[bytes] = (), with_namespaces: Sequence[str] = ()) -> etree._Element:
    """The root of a document that its schema accepts; AssertionError with the schema's words otherwise."""
    root = etree.fromstring(document, PARSER)
    namespaces = (str(etree.QName(root).namespace), *with_namespaces)
    schema = _schema(tuple(dict.fromkeys(namespaces)), tuple(extra))
    if not schema.validate(root):
        raise AssertionError("\n".join(f"line {each.line}: {each.message}" for each in list(schema.error_log)[:10]))
    return root


@lru_cache(maxsize=64)
def _schema(namespaces: tuple[str, ...], extra: tuple[bytes, ...]) -> etree.XMLSchema:
    """One schema that imports those of the standards and the application schemas given, whose own imports point here too."""
    imports = [(namespace, (FOLDER / PLACES[namespace]).as_uri()) for namespace in namespaces]
    imports += [(etree.fromstring(each).get("targetNamespace"), "data:" + quote(each)) for each in extra]
    root = etree.Element("{http://www.w3.org/2001/XMLSchema}schema")
    for namespace, place in imports:
        etree.SubElement(root, "{http://www.w3.org/2001/XMLSchema}import", namespace=namespace, schemaLocation=place)
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Given({"data:" + quote(each): each for each in extra}))
    return etree.XMLSchema(etree.fromstring(etree.tostring(root), parser))


class _Given(etree.Resolver):
    """Gives application schemas from memory; their import of GML is answered from this folder."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        self.documents = documents

    def resolve(self, url: str, public_id: str, context: object) -> object:
        if url in self.documents:
            here = self.documents[url].decode().replace(f"{OFFICIAL}gml/3.1.1/base/gml.xsd", (FOLDER / "gml/3.1.1/features.xsd").as_uri())
            return self.resolve_string(here, context)
        return None
