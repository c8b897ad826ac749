"""Files of any kind as layers, fields and rows.

    with opened(path, "thua_dat.zip") as source:
        layer = source.layers[0]                      # name, columns with samples, count, coordinate system as the file says it
        for batch in source.batches(layer): …         # columns of Python values, shapes as shapely geometries

FileRefused (one sentence for the sender) when a file is damaged, dangerous or incomplete. Nothing in a file can make another file or an
address be read: kinds are told by content, each is opened with its own driver only.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from sonha.foundation.files.errors import FileRefused
from sonha.foundation.files.inspection import inspect
from sonha.foundation.files.kinds import recognise

from . import tables, vectors
from .layers import Batch, Column, Layer, Source

__all__ = ["ACCEPTED", "LARGEST", "Batch", "Column", "FileRefused", "Layer", "Source", "opened", "sent"]

ACCEPTED = "xlsx,ods,csv,gpkg,shapefile,geojson,gml,dxf,dgn"
LARGEST = 500 * 1024 * 1024
ENDINGS = {"gpkg": ".gpkg", "geojson": ".geojson", "gml": ".gml", "dxf": ".dxf", "dgn": ".dgn"}


@contextmanager
def opened(path: Path, *, encoding: str = "") -> Iterator[Source]:
    """The file as a source of layers. `encoding`: how its texts are written when the person knows better than the file."""
    if path.stat().st_size > LARGEST:
        raise FileRefused(_("Tệp lớn hơn 500 MB; xin chia nhỏ theo xã hoặc theo tờ bản đồ rồi gửi từng phần."))
    kind = recognise(path)
    if kind.key not in ACCEPTED.split(","):
        raise FileRefused(_("Tệp này là %(given)s, không phải bảng hay bản đồ để nhập vào sổ.") % {"given": kind.title})
    inspect(path, kind)
    with tempfile.TemporaryDirectory(prefix="sonha-import-") as folder:
        if kind.key in ("xlsx", "ods", "csv"):
            yield tables.source(path, kind.key, encoding)
            return
        if kind.key == "shapefile":
            yield vectors.source(vectors.unpack(path, Path(folder)), kind.key, encoding)
            return
        copy = Path(folder) / f"data{ENDINGS[kind.key]}"
        try:
            copy.symlink_to(path.resolve())  # drivers look at the ending
        except OSError:
            shutil.copyfile(path, copy)
        yield vectors.source([copy], kind.key, encoding)


@contextmanager
def sent(given: UploadedFile) -> Iterator[Source]:
    """A file as it was sent, as a source of layers; it is kept nowhere."""
    with tempfile.TemporaryDirectory(prefix="sonha-sent-") as folder:
        path = Path(folder) / "given"
        with path.open("wb") as out:
            for piece in given.chunks():
                out.write(piece)
        with opened(path) as source:
            yield source
