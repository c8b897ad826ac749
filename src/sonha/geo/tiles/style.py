"""A layer's Look as MapLibre draws it. Legends and the map page use the same, so that they never differ."""

from collections.abc import Iterator, Mapping
from typing import Any

from sonha.foundation.catalogues.selectors import items
from sonha.geo.layers.served import ServedLayer
from sonha.registry.declarations import Look

from .grid import DEEPEST, zoom_of, zooms
from .statement import LABELS, labels_apart

FONT = ["Be Vietnam Pro"]
OTHERS = "#b9b2a3"  # of a class that no look and no code names
Json = dict[str, Any]


def classes(served: ServedLayer) -> list[tuple[str, str, Look]]:
    """(value, title, look) of each class of the layer; empty when all records look the same or the caller may not see the class."""
    layer = served.layer
    if not layer.by or layer.by not in {each.name for each in served.fields}:
        return []
    field = served.field(layer.by)
    titles = {value: str(title) for value, title in field.choices}
    catalogue = layer.catalogue or field.catalogue
    found: dict[str, tuple[str, Look]] = {}
    for item in items(catalogue) if catalogue else ():
        titles[item.code] = f"{item.code} – {item.name}" if layer.catalogue else item.name
        if layer.catalogue and item.attributes.get("color"):
            found[item.code] = (titles[item.code], _coloured(layer.look, item.attributes["color"]))
    found |= {value: (titles.get(value, f"{field.title} {value}"), look) for value, look in layer.looks.items()}
    return [(value, title, look) for value, (title, look) in found.items()]


def _coloured(look: Look, colour: str) -> Look:
    return Look(colour, look.opacity, look.stroke, look.width, look.dash, look.symbol, look.size)


def is_of(served: ServedLayer, kind: str) -> bool:
    """`kind`: POINT, LINESTRING or POLYGON; a layer of any geometry is all of them."""
    declared = served.geometry.geometry_type
    return declared in {"GEOMETRY", "GEOMETRYCOLLECTION"} or kind in declared


def layers(served: ServedLayer) -> list[Json]:
    """MapLibre layers of the source named like the layer, lowest first. `metadata.part`: fill, line, symbol or label."""
    chosen = classes(served)
    return [_placed(served, part, number) for number, part in enumerate((*_shapes(served, chosen), *_label(served)))]


def _placed(served: ServedLayer, part: Json, number: int) -> Json:
    nearest, farthest = zooms(served.layer.smallest, served.layer.largest)
    common = {"id": f"{served.name}:{number}", "source": served.name, "source-layer": served.name, "metadata": {"part": part["type"]}}
    return {
        **common,
        "minzoom": round(max(nearest, part.pop("from", 0)), 2),
        **({"maxzoom": round(farthest, 2)} if served.layer.largest else {}),
        **part,
    }


def _by(served: ServedLayer, chosen: list[tuple[str, str, Look]], of: str, otherwise: Any) -> Any:
    """A value of the look by class: a constant, or a `match` expression."""
    values = {value: getattr(look, of) or otherwise for value, _title, look in chosen}
    if not values or len({*values.values(), otherwise}) == 1:
        return next(iter(values.values()), otherwise)
    return ["match", ["to-string", ["get", served.layer.by]], *(each for pair in values.items() for each in pair), otherwise]


def _shapes(served: ServedLayer, chosen: list[tuple[str, str, Look]]) -> Iterator[Json]:
    look = served.layer.look
    looks = [look, *(each for _value, _title, each in chosen)]
    if is_of(served, "POLYGON") and any(each.fill for each in looks):
        fallback = look.fill or (OTHERS if served.layer.catalogue else "rgba(0,0,0,0)")
        paint = {"fill-color": _by(served, chosen, "fill", fallback), "fill-opacity": _by(served, chosen, "opacity", look.opacity)}
        yield {"type": "fill", "filter": _geometry("Polygon"), "paint": {**paint, "fill-antialias": not look.stroke}}
    if not is_of(served, "POINT") or is_of(served, "LINESTRING") or is_of(served, "POLYGON"):
        yield from _line(served, chosen)
    if is_of(served, "POINT"):
        yield from _symbols(served, chosen)


def _line(served: ServedLayer, chosen: list[tuple[str, str, Look]]) -> Iterator[Json]:
    look = served.layer.look
    if not any(each.stroke for each in (look, *(each for _value, _title, each in chosen))):
        return
    dashed = {"line-dasharray": [max(each / max(look.width, 0.5), 0.5) for each in look.dash]} if look.dash else {}
    width = _by(served, chosen, "width", look.width)
    yield {
        "type": "line",
        "filter": ["!=", ["geometry-type"], "Point"],
        "layout": {"line-join": "round", "line-cap": "butt" if look.dash else "round"},
        "paint": {"line-color": _by(served, chosen, "stroke", look.stroke or "rgba(0,0,0,0)"), "line-width": width, **dashed},
    }


def _symbols(served: ServedLayer, chosen: list[tuple[str, str, Look]]) -> Iterator[Json]:
    """Circles are drawn; other symbols are pictures that the map page makes from their name: `square/#1f6f8b/#3a3a3a/8`."""
    look = served.layer.look
    looks = {value: each for value, _title, each in chosen}
    if all(each.symbol == "circle" for each in (look, *looks.values())):
        sizes = _by(served, chosen, "size", look.size)
        radius = sizes / 2 if isinstance(sizes, (int, float)) else ["/", sizes, 2]
        paint = {
            "circle-color": _by(served, chosen, "fill", look.fill or "rgba(0,0,0,0)"),
            "circle-opacity": look.opacity,
            "circle-stroke-color": _by(served, chosen, "stroke", look.stroke or "rgba(0,0,0,0)"),
            "circle-stroke-width": look.width,
            "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, _scaled(radius, 0.6), 14, radius],
        }
        yield {"type": "circle", "filter": _geometry("Point"), "paint": paint}
        return
    names = {value: picture(each) for value, each in looks.items()}
    image: Any = picture(look)
    if names:
        image = ["match", ["to-string", ["get", served.layer.by]], *(each for pair in names.items() for each in pair), image]
    size = ["interpolate", ["linear"], ["zoom"], 8, 0.6, 14, 1]
    layout = {"icon-image": image, "icon-size": size, "icon-allow-overlap": True, "icon-ignore-placement": True}
    yield {"type": "symbol", "filter": _geometry("Point"), "layout": layout, "paint": {"icon-opacity": look.opacity}}


def _scaled(value: Any, by: float) -> Any:
    return value * by if isinstance(value, (int, float)) else ["*", value, by]


def picture(look: Look) -> str:
    """The name of a point's picture: what to draw is all in it."""
    return "/".join((look.symbol, look.fill or "none", look.stroke or "none", f"{look.size:g}", f"{look.width:g}"))


def _geometry(kind: str) -> list[Any]:
    return ["==", ["geometry-type"], kind]


def _label(served: ServedLayer) -> Iterator[Json]:
    layer = served.layer
    if not layer.label or layer.label not in {each.name for each in served.fields}:
        return
    lines_only = is_of(served, "LINESTRING") and not is_of(served, "POLYGON") and not is_of(served, "POINT")
    points = is_of(served, "POINT")
    layout: Json = {"text-field": ["to-string", ["get", layer.label]], "text-font": FONT, "text-size": 12, "text-max-width": 8}
    if lines_only:
        layout |= {"symbol-placement": "line", "symbol-spacing": 350}
    if points:
        layout |= {"text-anchor": "top", "text-offset": [0, 0.6], "text-optional": True}
    apart = {"source-layer": LABELS} if labels_apart(served) else {}
    paint = {"text-color": "#1d2420", "text-halo-color": "rgba(255,255,255,0.9)", "text-halo-width": 1.4}
    yield {
        "type": "symbol",
        "from": zoom_of(layer.label_smallest) if layer.label_smallest else 0,
        **apart,
        "layout": layout,
        "paint": paint,
    }


def source(served: ServedLayer, tiles: str) -> Json:
    """A vector source of one layer; `tiles` is the template of its addresses."""
    first, _last = zooms(served.layer.smallest, served.layer.largest)
    return {"type": "vector", "tiles": [tiles], "minzoom": int(first), "maxzoom": min(DEEPEST, 17)}


def style(served: ServedLayer, tiles: str) -> Mapping[str, Any]:
    """A whole MapLibre style with this layer alone."""
    ground = {"id": "ground", "type": "background", "paint": {"background-color": "#faf8f3"}}
    return {
        "version": 8,
        "name": str(served.title),
        "sources": {served.name: source(served, tiles)},
        "layers": [ground, *layers(served)],
    }
