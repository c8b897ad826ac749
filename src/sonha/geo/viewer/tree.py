"""The layers that a reader may see, by database, with what the page needs to draw them and to explain them."""

from typing import Any

from django.urls import reverse

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.served import ServedLayer, served
from sonha.geo.tiles.style import classes, is_of, layers, source
from sonha.geo.tiles.views import template_of
from sonha.registry.declarations import Look

GROUND = ("districts", "communes", "river_reaches", "roads")  # drawn as the base map, where they are declared
SHOWN = (*GROUND, "parcels")
MOST_CLASSES = 120
Json = dict[str, Any]


def tree(actor: Actor) -> list[Json]:
    """Groups `{code, title, layers: […]}` in the order of databases."""
    groups: dict[str, Json] = {}
    for layer in served(actor).values():
        database = layer.register.database
        group = groups.setdefault(database.code, {"code": database.code, "title": str(database.title), "layers": []})
        group["layers"].append(described(layer))
    return list(groups.values())


def described(layer: ServedLayer) -> Json:
    """One layer: how it is drawn, its legend, where its register is read."""
    return {
        "name": layer.name,
        "title": str(layer.title),
        "about": str(layer.register.description),
        "legalSource": str(layer.register.source),
        "kind": next((kind.lower() for kind in ("POLYGON", "LINESTRING", "POINT") if is_of(layer, kind)), "polygon"),
        "source": source(layer, template_of(layer.name)),
        "layers": layers(layer),
        "legend": _legend(layer),
        "by": layer.layer.by,
        "ground": layer.name in GROUND,
        "shown": layer.name in SHOWN,
        "smallest": layer.layer.smallest,
        "largest": layer.layer.largest,
        "list": reverse("registers:list", args=[layer.register.slug]),
    }


def _legend(layer: ServedLayer) -> list[Json]:
    chosen = classes(layer)[:MOST_CLASSES]
    return [{"title": title, "value": value, **look_of(look)} for value, title, look in chosen] or [
        {"title": "", "value": "", **look_of(layer.layer.look)}
    ]


def look_of(look: Look) -> Json:
    return {
        "fill": look.fill,
        "opacity": look.opacity,
        "stroke": look.stroke,
        "width": look.width,
        "dash": list(look.dash),
        "symbol": look.symbol,
        "size": look.size,
    }
