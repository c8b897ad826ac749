"""The layers that a reader may see, by database, with what the page needs to draw them and to explain them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.served import ServedLayer, served
from sonha.geo.rasters.models import Raster
from sonha.geo.rasters.selectors import rasters
from sonha.geo.tiles.style import classes, is_of, layers, source
from sonha.geo.tiles.views import template_of
from sonha.geo.wms.getmap import RASTER
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
    pictures = [of_raster(each) for each in rasters(actor)]
    if pictures:
        groups["rasters"] = {"code": "rasters", "title": _("Ảnh, mô hình số"), "layers": pictures}
    return list(groups.values())


def of_raster(raster: Raster) -> Json:
    """A picture of the ground: lies under every layer of shapes. In WMS and prints it has the same name."""
    name = RASTER + raster.name
    template = f"/tiles/raster/{raster.name}/" + "{z}/{x}/{y}.png"
    bounds = {"bounds": list(raster.footprint.extent)} if raster.footprint else {}
    return {
        "name": name,
        "title": raster.title,
        "about": raster.description,
        "legalSource": raster.source,
        "kind": "raster",
        "source": {"type": "raster", "tiles": [template], "tileSize": 256, "maxzoom": max(raster.most_zoom, 1), **bounds},
        "layers": [{"id": f"{name}:0", "type": "raster", "source": name, "paint": {"raster-fade-duration": 0}}],
        "legend": [{"title": "", "value": "", **look_of(Look(fill="#9aa19c"))}],
        "by": "",
        "ground": True,
        "shown": False,
        "smallest": 0,
        "largest": 0,
        "list": reverse("rasters:detail", args=[raster.name]),
    }


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
