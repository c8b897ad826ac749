"""The peer: the layers that an actor may read as a MapServer map file (WMS and WFS), and MapServer asked as a CGI program.

For tests that compare answers and for `./sonha bench maps`; the product itself serves without MapServer. Debian's `cgi-mapserver`.
Literals in the map file are the platform's own (areas of grants, days), quoted by the database driver, never what a client sent.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import connection
from psycopg import ClientCursor
from psycopg.conninfo import make_conninfo

from sonha.geo.layers.served import ServedLayer
from sonha.registry.declarations import Look

from .styles import declared

PROGRAMS = ("/usr/lib/cgi-bin/mapserv", "/usr/bin/mapserv")
SYSTEMS = "EPSG:4326 EPSG:3857 CRS:84 EPSG:4756 EPSG:9215 EPSG:9214 EPSG:9213 EPSG:9210 EPSG:5899 EPSG:3405"
SYMBOLS = {
    "circle": "TYPE ELLIPSE FILLED TRUE POINTS 1 1 END",
    "square": "TYPE VECTOR FILLED TRUE POINTS 0 0 0 1 1 1 1 0 0 0 END",
    "triangle": "TYPE VECTOR FILLED TRUE POINTS 0 1 0.5 0 1 1 0 1 END",
    "diamond": "TYPE VECTOR FILLED TRUE POINTS 0 0.5 0.5 0 1 0.5 0.5 1 0 0.5 END",
    "cross": "TYPE VECTOR POINTS 0 0.5 1 0.5 -99 -99 0.5 0 0.5 1 END",
    "star": "TYPE VECTOR FILLED TRUE POINTS 0.5 0 0.62 0.35 1 0.36 0.7 0.58 0.81 0.95 0.5 0.73 0.19 0.95 0.3 0.58 0 0.36 0.38 0.35 END",
}


def program() -> str | None:
    """Where `mapserv` is on this machine, if it is."""
    return next((each for each in PROGRAMS if Path(each).exists()), shutil.which("mapserv"))


def connection_string() -> str:
    """Of the database in use, as libpq reads it."""
    known = connection.get_connection_params()
    names = {"dbname": "dbname", "user": "user", "password": "password", "host": "host", "port": "port"}
    return make_conninfo("", **{name: known[key] for key, name in names.items() if known.get(key)})


def mapfile(layers: Iterable[ServedLayer], connection_string: str, folder: Path, *, address: str = "http://127.0.0.1/mapserver") -> Path:
    """Writes `sonha.map` and MapServer's configuration into `folder`; each layer is served by WMS and WFS under its own name."""
    (folder / "mapserver.conf").write_text('CONFIG\n ENV\n  MS_MAP_PATTERN "."\n END\nEND\n')
    text = "\n".join([*_head(address), *(line for layer in layers for line in _layer(layer, connection_string)), "END", ""])
    path = folder / "sonha.map"
    path.write_text(text)
    return path


def environment(mapfile: Path) -> dict[str, str]:
    """What `mapserv` needs in its environment, as CGI and as FastCGI."""
    return {**os.environ, "MS_MAPFILE": str(mapfile), "MAPSERVER_CONFIG_FILE": str(mapfile.parent / "mapserver.conf")}


def ask(mapfile: Path, query: str, body: bytes | None = None) -> bytes:
    """The body of MapServer's answer to a query string, or to a posted XML document. RuntimeError when the program fails or is missing."""
    _head_of_answer, answer = exchange(mapfile, query, body)
    return answer


def exchange(mapfile: Path, query: str, body: bytes | None = None) -> tuple[str, bytes]:
    """As `ask`, with the headers in front."""
    found = program()
    if found is None:
        raise RuntimeError("mapserv is not installed: apt-get install cgi-mapserver")
    said = {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
    if body is not None:
        said = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "text/xml", "CONTENT_LENGTH": str(len(body)), "QUERY_STRING": query}
    done = subprocess.run([found], input=body or b"", env=environment(mapfile) | said, capture_output=True, timeout=120)
    head, cut, answer = done.stdout.partition(b"\r\n\r\n")
    if not cut:
        raise RuntimeError(f"mapserv said nothing ({done.returncode}): {done.stderr.decode(errors='replace')[:500]}")
    return head.decode(), answer


def _head(address: str) -> Iterator[str]:
    yield 'MAP NAME "sonha" STATUS ON SIZE 512 512 EXTENT 106.0 21.3 107.4 22.5 UNITS DD MAXSIZE 4096 IMAGECOLOR 255 255 255'
    yield "IMAGETYPE png24 RESOLUTION 90.714286 DEFRESOLUTION 90.714286"
    yield 'PROJECTION "init=epsg:4326" END'
    yield 'OUTPUTFORMAT NAME "png24" DRIVER "AGG/PNG" MIMETYPE "image/png" IMAGEMODE RGB EXTENSION "png" END'
    yield 'OUTPUTFORMAT NAME "png8" DRIVER "AGG/PNG8" MIMETYPE "image/png; mode=8bit" IMAGEMODE RGB FORMATOPTION "QUANTIZE_FORCE=ON" END'
    yield 'OUTPUTFORMAT NAME "jpeg" DRIVER "AGG/JPEG" MIMETYPE "image/jpeg" IMAGEMODE RGB FORMATOPTION "QUALITY=85" END'
    yield 'OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json" FORMATOPTION "STORAGE=stream" END'
    for name, drawing in SYMBOLS.items():
        yield f'SYMBOL NAME "{name}" {drawing} END'
    yield "WEB METADATA"
    for key, value in (
        ("ows_title", "Sơn Hà"), ("ows_enable_request", "*"), ("ows_srs", SYSTEMS), ("ows_onlineresource", f"{address}?"),
        ("wfs_getfeature_formatlist", "geojson"), ("ows_encoding", "UTF-8"),
    ):  # fmt: skip
        yield f'"{key}" "{value}"'
    yield "END END"


def _layer(layer: ServedLayer, connection_string: str) -> Iterator[str]:
    drawn = layer.layer
    yield f'LAYER NAME "{layer.name}" STATUS ON TYPE {_kind(layer)} TEMPLATE "void" EXTENT {_extent(layer)}'
    yield f'PROJECTION "init=epsg:{layer.srid}" END'
    yield f'CONNECTIONTYPE POSTGIS CONNECTION "{connection_string}" PROCESSING "CLOSE_CONNECTION=DEFER"'
    yield f'DATA "geometry FROM ({_data(layer)}) AS q USING UNIQUE gid USING SRID={layer.srid}"'
    yield "METADATA"
    for key, value in (
        ("ows_title", str(layer.title).replace('"', "'")), ("gml_include_items", ",".join(each.name for each in layer.fields)),
        ("gml_featureid", "gid"), ("gml_types", "auto"), ("gml_geometries", layer.layer.geometry), ("wfs_srs", SYSTEMS),
        ("ows_srs", SYSTEMS),
    ):  # fmt: skip
        yield f'"{key}" "{value}"'
    yield "END"
    if drawn.smallest:
        yield f"MAXSCALEDENOM {drawn.smallest}"
    if drawn.largest:
        yield f"MINSCALEDENOM {drawn.largest}"
    style = declared(layer, None)
    if style.by:
        yield f'CLASSITEM "{style.by}"'
    for each in style.classes:
        yield from _class(layer, each.look, each.value or "")
    yield "END"


def _class(layer: ServedLayer, look: Look, value: str = "") -> Iterator[str]:
    yield f'CLASS NAME "{value or layer.name}"' + (f' EXPRESSION "{value}"' if value else "")
    if _kind(layer) == "POINT":
        outline = f"OUTLINECOLOR {_colour(look.stroke)} OUTLINEWIDTH {look.width}" if look.stroke and look.width else ""
        colour = look.stroke if look.symbol == "cross" else look.fill
        yield f'STYLE SYMBOL "{look.symbol}" SIZE {look.size} COLOR {_colour(colour or look.stroke)} OPACITY {round(look.opacity * 100)}'
        yield f"{outline} END"
    else:
        if look.fill and _kind(layer) == "POLYGON":
            yield f"STYLE COLOR {_colour(look.fill)} OPACITY {round(look.opacity * 100)} END"
        if look.stroke:
            word = "OUTLINECOLOR" if _kind(layer) == "POLYGON" else "COLOR"
            dash = f"PATTERN {' '.join(map(str, look.dash))} END" if look.dash else ""
            yield f"STYLE {word} {_colour(look.stroke)} WIDTH {look.width} {dash} END"
    yield "END"


def _extent(layer: ServedLayer) -> str:
    """Wider than the province, in the layer's own system."""
    return "102 8 110 24" if layer.srid in (4326, 4756) else "200000 2200000 800000 2700000"


def _kind(layer: ServedLayer) -> str:
    kind = layer.geometry.geometry_type.upper()
    return "POINT" if "POINT" in kind else "LINE" if "LINE" in kind else "POLYGON"


def _colour(colour: str) -> str:
    return " ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def _data(layer: ServedLayer) -> str:
    """The layer's rows and fields under its actor's rights, with every literal written out."""
    columns, given = [], []
    for field in layer.fields:
        sql, params = layer.column(field)
        columns.append(f"{sql} AS {field.name}")
        given += params
    where, params = layer.where()
    pieces = ", ".join(["r.id AS gid", f'r."{layer.geometry.column}" AS geometry', *columns])
    connection.ensure_connection()
    written = ClientCursor(connection.connection).mogrify(f"SELECT {pieces} FROM {layer.table()} AS r WHERE {where}", [*given, *params])
    return written.replace('"', r"\"").replace("\n", " ")
