"""The data sets as DCAT-AP 3: the same triples as JSON-LD and as Turtle."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from sonha.registry.declarations import Register
from sonha.registry.declarations.known import layers_of

from .models import DatasetFile
from .preparing import KINDS
from .selecting import open_fields, opened

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
TYPES = {"csv": "CSV", "json": "JSON", "geojson": "GEOJSON", "gpkg": "GPKG"}
MEDIA = "http://www.iana.org/assignments/media-types/"
LANGUAGE = "http://publications.europa.eu/resource/authority/language/VIE"


def licence() -> str:
    """An assumption that the province must confirm: the usual conditions of open data of state agencies (Nghị định 278/2025/NĐ-CP)."""
    return _("Được tự do sao chép, chia sẻ, sử dụng, kể cả để kinh doanh; khi dùng phải ghi nguồn (điều kiện này do tỉnh xác nhận).")


def publisher() -> str:
    return _("Uỷ ban nhân dân tỉnh Lạng Sơn")


def catalogue(root: str, registers: Iterable[type[Register]]) -> dict[str, Any]:
    """JSON-LD. `root`: the absolute address of the site with a slash at its end."""
    here = f"{root}du-lieu-mo/"
    files: dict[str, list[DatasetFile]] = {}
    for each in DatasetFile.objects.select_related("file"):
        files.setdefault(each.register, []).append(each)
    return {
        "@context": CONTEXT,
        "@id": here,
        "@type": "dcat:Catalog",
        "dct:title": _said(_("Dữ liệu mở tỉnh Lạng Sơn")),
        "dct:description": _said(_("Các tập dữ liệu tài nguyên và môi trường mở cho mọi người.")),
        "dct:publisher": {"@id": f"{root}#publisher", "@type": "foaf:Agent", "foaf:name": publisher()},
        "dct:language": {"@id": LANGUAGE},
        "foaf:homepage": {"@id": here},
        "dcat:dataset": [dataset(root, each, files.get(each.code, [])) for each in registers],
        "dcat:service": [_service(root)],
    }


def dataset(root: str, register: type[Register], files: list[DatasetFile]) -> dict[str, Any]:
    here = f"{root}du-lieu-mo/{register.slug}/"
    fields = [str(each.title) for each in open_fields(opened(register.code))]
    said: dict[str, Any] = {
        "@id": here,
        "@type": "dcat:Dataset",
        "dct:identifier": register.code,
        "dct:title": _said(str(register.title)),
        "dct:description": _said(str(register.description) or _("Gồm: %(fields)s.") % {"fields": ", ".join(fields)}),
        "dct:publisher": {"@id": f"{root}#publisher"},
        "dct:accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"},
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "dct:description": _said(register.source)},
        "dct:license": {"@id": f"{root}du-lieu-mo/#licence"},
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"},
        "dct:language": {"@id": LANGUAGE},
        "dcat:keyword": [_said(str(register.database.title)), *(_said(each) for each in fields[:10])],
        "dcat:landingPage": {"@id": here},
        "dcat:distribution": [_file(root, register, each) for each in files],
    }
    if files:
        said["dct:modified"] = {"@value": max(each.made_at for each in files).isoformat(), "@type": "xsd:dateTime"}
    if layers_of(register):
        said["dcat:distribution"] = [*said["dcat:distribution"], *_services(root, register)]
    return said


def _said(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "vi"}


def _file(root: str, register: type[Register], made: DatasetFile) -> dict[str, Any]:
    here = f"{root}du-lieu-mo/{register.slug}/{made.kind}"
    return {
        "@id": f"{here}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": _said(str(KINDS[made.kind].title)),
        "dcat:accessURL": {"@id": f"{root}du-lieu-mo/{register.slug}/"},
        "dcat:downloadURL": {"@id": here},
        "dcat:mediaType": {"@id": f"{MEDIA}{KINDS[made.kind].media_type}"},
        "dct:format": {"@id": f"{FILE_TYPES}{TYPES[made.kind]}"},
        "dcat:byteSize": {"@value": str(made.file.size), "@type": "xsd:nonNegativeInteger"},
        "dct:modified": {"@value": made.made_at.isoformat(), "@type": "xsd:dateTime"},
        "dct:license": {"@id": f"{root}du-lieu-mo/#licence"},
    }


def _services(root: str, register: type[Register]) -> list[dict[str, Any]]:
    """The same data through the map service."""
    return [
        {
            "@id": f"{root}ogc/collections/{name}#distribution",
            "@type": "dcat:Distribution",
            "dct:title": _said("OGC API Features"),
            "dcat:accessURL": {"@id": f"{root}ogc/collections/{name}"},
            "dcat:accessService": {"@id": f"{root}ogc/"},
            "dct:format": {"@id": f"{FILE_TYPES}GEOJSON"},
            "dct:license": {"@id": f"{root}du-lieu-mo/#licence"},
        }
        for name, _layer in layers_of(register)
    ]


def _service(root: str) -> dict[str, Any]:
    return {
        "@id": f"{root}ogc/",
        "@type": "dcat:DataService",
        "dct:title": _said("OGC API Features"),
        "dcat:endpointURL": {"@id": f"{root}ogc/"},
        "dcat:endpointDescription": {"@id": f"{root}ogc/api"},
        "dct:conformsTo": {"@id": "http://www.opengis.net/spec/ogcapi-features-1/1.0"},
    }


def turtle(tree: dict[str, Any]) -> str:
    """The same in Turtle: nodes with an address stand on their own, others in brackets."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in CONTEXT.items()]
    waiting, seen = [tree], set()
    while waiting:
        node = waiting.pop(0)
        if node["@id"] in seen:
            continue
        seen.add(node["@id"])
        parts = [f"a {node['@type']}"]
        for name, value in node.items():
            if not name.startswith("@"):
                values = value if isinstance(value, list) else [value]
                waiting += [each for each in values if isinstance(each, dict) and "@id" in each and "@type" in each]
                parts += [f"{name} {_turtle(each)}" for each in values]
        lines.append(f"\n<{node['@id']}>\n    " + " ;\n    ".join(parts) + " .")
    return "\n".join(lines) + "\n"


def _turtle(value: Any) -> str:
    if not isinstance(value, dict):
        return _quoted(str(value))
    if "@id" in value:
        return f"<{value['@id']}>"
    if "@value" in value:
        mark = f"@{value['@language']}" if "@language" in value else f"^^{value['@type']}"
        return _quoted(value["@value"]) + mark
    inner = " ; ".join([f"a {value['@type']}", *(f"{name} {_turtle(each)}" for name, each in value.items() if not name.startswith("@"))])
    return f"[ {inner} ]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
