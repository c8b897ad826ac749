"""GetCapabilities as WMS 1.1.1 (OGC 01-068r3) writes it, for older desktop programs: the 1.3.0 document in the older words.

One text says what is offered; here it is only written otherwise. What differs: `SRS` for `CRS`, a box in degrees instead of four elements,
boxes always x before y, a dimension in two elements, scales as the diagonal of a pixel in metres, and a DTD in place of namespaces.
"""

import math
from functools import lru_cache
from typing import Any

from lxml import etree

XLINK = "http://www.w3.org/1999/xlink"
DECLARED = f' xmlns:xlink="{XLINK}"'  # the DTD knows it on OnlineResource only
PIXEL = 0.00028  # metres
DTD = "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE WMT_MS_Capabilities SYSTEM "{DTD}">\n'
MEDIA_TYPE = "application/vnd.ogc.wms_xml"
EXCEPTIONS = ("application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank")
SYMBOLIZATION = ("SupportSLD", "UserLayer", "UserStyle", "RemoteWFS")
SIDES = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
CORNERS = ("minx", "miny", "maxx", "maxy")
DROPPED = ("LayerLimit", "MaxWidth", "MaxHeight")  # of the service: the older protocol has no word for them
LAYER = (
    "Name", "Title", "Abstract", "KeywordList", "SRS", "LatLonBoundingBox", "BoundingBox", "Dimension", "Extent", "Style", "ScaleHint",
    "Layer",
)  # fmt: skip
Element = Any  # of lxml, which is not typed


@lru_cache(maxsize=8)
def older(document: str) -> str:
    """The 1.1.1 text of a 1.3.0 document made by `capabilities.document`; kept, for those who see the same layers get the same document."""
    root = etree.fromstring(document.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for each in root.iter(etree.Element):
        each.tag = etree.QName(each).localname
    root.tag, root.attrib["version"] = "WMT_MS_Capabilities", "1.1.1"
    root.attrib.pop("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", None)
    _service(_child(root, "Service"))
    capability = _child(root, "Capability")
    _capability(capability)
    for layer in list(capability.iter("Layer")):
        _layer(layer)
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode").replace(DECLARED, "", 1)
    return f"{HEAD}{text.replace('<OnlineResource ', f'<OnlineResource{DECLARED} ')}\n"


def _child(parent: Element, name: str) -> Element:
    found = parent.find(name)
    assert found is not None, name
    return found


def _service(service: Element) -> None:
    _child(service, "Name").text = "OGC:WMS"
    for name in DROPPED:
        service.remove(_child(service, name))


def _capability(capability: Element) -> None:
    _child(capability, "Request/GetCapabilities/Format").text = MEDIA_TYPE
    for form, name in zip(_child(capability, "Exception"), EXCEPTIONS, strict=True):
        form.text = name
    symbolization = _child(capability, "UserDefinedSymbolization")
    for name in set(symbolization.attrib) - set(SYMBOLIZATION):
        del symbolization.attrib[name]


def _layer(layer: Element) -> None:
    for each in list(layer):
        match each.tag:
            case "CRS":
                each.tag = "SRS"
                if each.text == "CRS:84":  # EPSG:4326 is already x before y here
                    layer.remove(each)
            case "EX_GeographicBoundingBox":
                west, south, east, north = (_child(each, side).text or "" for side in SIDES)
                _become(each, "LatLonBoundingBox", dict(zip(CORNERS, (west, south, east, north), strict=True)))
            case "BoundingBox":
                _box(each)
            case "Dimension":
                _dimension(each)
            case "Style":
                for link in each.iter("OnlineResource"):
                    link.set(f"{{{XLINK}}}href", link.get(f"{{{XLINK}}}href", "").replace("VERSION=1.3.0", "VERSION=1.1.1"))
    _scales(layer)
    layer[:] = sorted(layer, key=lambda each: LAYER.index(each.tag))


def _become(element: Element, tag: str, attributes: dict[str, str]) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.tail = tag, tail
    element.attrib.update(attributes)


def _box(box: Element) -> None:
    """CRS:84 says x before y what EPSG:4326 says the other way round, so it stands in for it; boxes of other systems stay."""
    system = box.attrib.pop("CRS")
    if system == "EPSG:4326":
        parent = box.getparent()
        assert parent is not None
        parent.remove(box)
        return
    corners = {name: box.attrib.pop(name) for name in CORNERS}
    box.attrib.update({"SRS": "EPSG:4326" if system == "CRS:84" else system, **corners})


def _dimension(dimension: Element) -> None:
    said = dict(dimension.attrib)
    values = dimension.text
    parent = dimension.getparent()
    assert parent is not None
    extent = etree.SubElement(parent, "Extent", {name: said[name] for name in ("name", "default", "current") if name in said})
    extent.text = values
    _become(dimension, "Dimension", {"name": said["name"], "units": said["units"]})


def _scales(layer: Element) -> None:
    """Scale denominators as the diagonal of a pixel, in metres on the ground."""
    least, most = layer.find("MinScaleDenominator"), layer.find("MaxScaleDenominator")
    if least is None and most is None:
        return
    low, high = (_diagonal(each) for each in (least, most))
    for each in (least, most):
        if each is not None:
            layer.remove(each)
    etree.SubElement(layer, "ScaleHint", {"min": low or "0", "max": high or "1000000"})


def _diagonal(denominator: Element | None) -> str:
    return f"{float(denominator.text or 0) * PIXEL * math.sqrt(2):.6g}" if denominator is not None else ""
