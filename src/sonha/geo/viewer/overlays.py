"""A file of one's own as shapes over the map: read with the registers' readers, turned to degrees, given back and kept nowhere."""

import json
from typing import Any

import numpy as np
import shapely
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from pyproj import Transformer

from sonha.foundation.files.errors import FileRefused
from sonha.registry.formats.reading import Batch, Layer, Source, sent
from sonha.registry.formats.systems import judge
from sonha.registry.pages.places import province_srid

from .asking import Unclear

LARGEST = 20_000_000  # bytes
MOST = 5_000  # shapes
MOST_CORNERS = 300_000
SHOWN = 12  # values of a shape
Json = dict[str, Any]


def overlay(given: UploadedFile | None) -> Json:
    """GeoJSON in degrees of the first layers of a file; Unclear with one sentence when it cannot be shown."""
    if given is None or not given.size:
        raise Unclear(_("Hãy chọn một tệp."))
    if given.size > LARGEST:
        raise Unclear(_("Tệp lớn hơn 20 MB; xin nhập vào sổ đăng ký thay cho xem trên bản đồ."))
    try:
        with sent(given) as source:
            return _collected(source)
    except FileRefused as refused:
        raise Unclear(str(refused)) from None


def _collected(source: Source) -> Json:
    features: list[Json] = []
    corners = 0
    for layer in source.layers:
        if not layer.has_shapes:
            continue
        srid = _system(layer)
        for batch in source.batches(layer):
            corners += int(shapely.get_num_coordinates(batch.shapes).sum())
            if len(features) + batch.count > MOST or corners > MOST_CORNERS:
                raise Unclear(_("Tệp có quá nhiều đối tượng để xem trên bản đồ; xin nhập vào sổ đăng ký."))
            features += _features(batch, srid)
    if not features:
        raise Unclear(_("Tệp không có hình nào có toạ độ."))
    return {"type": "FeatureCollection", "features": features}


def _system(layer: Layer) -> int:
    """What the file says, else the province's zone; Unclear when its numbers cannot be meant so."""
    srid = layer.srid or province_srid()
    if layer.bounds and (said := judge(srid, layer.bounds)):
        raise Unclear(said)
    return srid


def _features(batch: Batch, srid: int) -> list[Json]:
    shapes = shapely.force_2d(batch.shapes)
    if srid != 4326:
        turn = Transformer.from_crs(srid, 4326, always_xy=True)
        shapes = shapely.transform(shapes, lambda places: np.column_stack(turn.transform(places[:, 0], places[:, 1])))
    found = []
    for number, text in enumerate(shapely.to_geojson(shapes)):
        if text and text != "null":
            values = {name: str(column[number]) for name, column in list(batch.columns.items())[:SHOWN] if column[number] not in (None, "")}
            found.append({"type": "Feature", "geometry": json.loads(text), "properties": values})
    return found
