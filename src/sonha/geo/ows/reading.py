"""Reading XML that strangers send."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from lxml import etree

from .reports import Refused


def read(body: bytes, *, most: int, depth: int, locator: str = "") -> etree._Element:
    """The root element. Refused when it is no XML, too large (bytes), too deep, or has a document type (where entities hide)."""
    if len(body) > most:
        raise Refused(_("Yêu cầu dài quá %(most)d KB.") % {"most": most // 1024}, locator)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as mistake:
        place = getattr(mistake, "lineno", 0) or 0
        raise Refused(_("XML không đọc được (dòng %(line)d).") % {"line": place}, locator) from mistake
    if root.getroottree().docinfo.doctype:
        raise Refused(_("XML không được có khai báo DOCTYPE."), locator)
    _measure(root, depth, locator)
    return root


def _measure(root: etree._Element, most: int, locator: str) -> None:
    depth = 0
    for event, _node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            raise Refused(_("XML lồng nhau quá %(most)d tầng.") % {"most": most}, locator)


def local(node: etree._Element) -> str:
    """The name without its namespace."""
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def children(node: etree._Element) -> Iterator[etree._Element]:
    """Child elements, without unresolved entities."""
    return (each for each in node if isinstance(each.tag, str))


def child(node: etree._Element, name: str) -> etree._Element | None:
    return next((each for each in children(node) if local(each) == name), None)


def text(node: etree._Element | None) -> str:
    return "" if node is None else "".join(part for part in node.itertext(with_tail=False) if isinstance(part, str)).strip()
