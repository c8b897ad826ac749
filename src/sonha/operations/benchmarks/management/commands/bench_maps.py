"""Processor time of map services for the same places, beside MapServer's on the same data in the same run."""

import shutil
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.test import Client

from sonha.foundation.access.actor import Actor
from sonha.geo.layers.served import served
from sonha.geo.wms import mapserver
from sonha.operations.benchmarks import fastcgi, map_requests, maps_report
from sonha.operations.benchmarks.cpu import Cost, cost, in_words
from sonha.operations.benchmarks.many_layers import many_layers
from sonha.operations.benchmarks.timing import client_of
from sonha.registry.declarations import register
from sonha.registry.records.selectors import rows

LAYER = "parcels"
WIDTHS = "{:<42} {:>10} {:>10} {:>10} {:>8} {:>12} {:>8}"
HEAD = ("việc", "ms CPU", "chương trình", "CSDL", "kB", "MapServer", "đích")


class Command(BaseCommand):
    help = (
        "Đo thời gian bộ xử lý (mili giây) của WFS, OGC API, ô véc-tơ và WMS trên dữ liệu địa chính, so với MapServer khi có. Không ghi gì."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--times", type=int, default=60, help="số lần hỏi mỗi việc (mặc định 60)")
        parser.add_argument("--write", action="store_true", help="ghi kết quả vào docs/benchmarks.md")

    def handle(self, *args: Any, times: int, write: bool, **options: Any) -> None:
        try:
            declared = register(LAYER)
        except LookupError:
            raise CommandError("Chưa có sổ thửa đất.") from None
        count = rows(declared).count()
        if count < 1_000:
            raise CommandError("Cần dữ liệu địa chính trình diễn để đo. Chạy ./sonha up trước.")
        self.stdout.write(f"{count:,} thửa đất".replace(",", "."))
        self.stdout.write(WIDTHS.format(*HEAD))
        found = []
        with _peer() as peer:
            for title, target, ask, ask_peer in _asked(client_of(""), peer):
                took = cost(ask, times)
                row: dict[str, Any] = {"title": title, "target": target(took) if callable(target) else target, **in_words(took)}
                if ask_peer and peer:
                    row["peer"] = in_words(cost(ask_peer, times, pids=[peer.pid]))
                found.append(row)
                self.stdout.write(_line(row))
        if write:
            maps_report.write("maps", found, parcels=count)
            self.stdout.write("Đã ghi docs/benchmarks.md.")


Ask = Callable[[int], int]
Target = float | Callable[[Cost], float] | None


def _asked(client: Client, peer: "fastcgi.Peer | None") -> Iterator[tuple[str, Target, Ask, Ask | None]]:
    """(title, target in ms of CPU, our request, the peer's request or None). Tiles: what PostGIS takes and one more."""
    srid = register(LAYER).field("geometry").srid
    small, middle, large = (map_requests.boxes(LAYER, wanted) for wanted in (80, 250, 560))

    def get(path: str) -> int:
        answer = client.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        if answer.status_code != 200 or b"Exception" in content[:400]:
            raise CommandError(f"{path}: {answer.status_code} {content[:300]!r}")
        return len(content)

    def both(path: str, query: Callable[[map_requests.Box], str], wanted: list[map_requests.Box]) -> tuple[Ask, Ask | None]:
        def theirs(turn: int) -> int:
            assert peer is not None
            answer = peer.ask(query(wanted[turn % len(wanted)]))
            if len(answer) < 1_000 or b"Exception" in answer[:600]:
                raise CommandError(f"MapServer: {answer[:600]!r}")
            return len(answer)

        return (lambda turn: get(f"{path}?{query(wanted[turn % len(wanted)])}")), (theirs if peer else None)

    yield "WFS 1.1.0, GML, khoảng 310 thửa", 4.0, *both("/ows/wfs", lambda box: map_requests.wfs(LAYER, box, srid), middle)
    yield "WFS 1.1.0, GML, tới 100 thửa", 2.0, *both("/ows/wfs", lambda box: map_requests.wfs(LAYER, box, srid), small)
    items = f"/ogc/collections/{LAYER}/items?limit=100&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/{srid}&bbox="
    yield "OGC API Features, 100 thửa", 3.0, (lambda turn: get(items + large[turn % len(large)].text())), None
    for zoom in (14, 16):
        wanted = map_requests.tiles(zoom, large, srid)
        yield f"ô véc-tơ, mức {zoom}", _after_postgis, _tiles(get, wanted), None
    for kind, title in (("image/png", "PNG24"), ("image/png; mode=8bit", "PNG8")):
        yield f"WMS 512 × 512, {title}, khoảng 700 thửa", None, *both("/ows/wms", _drawn(srid, kind), large)
    for service in ("wfs", "wms"):
        with many_layers(LAYER, 500):
            asked = f"/ows/{service}?SERVICE={service.upper()}&REQUEST=GetCapabilities"
            yield f"{service.upper()} GetCapabilities, 500 lớp", 50.0, (lambda turn, asked=asked: get(asked)), None  # type: ignore[misc]


def _after_postgis(took: Cost) -> float:
    return round(took.database + 1, 2)


def _drawn(srid: int, kind: str) -> Callable[[map_requests.Box], str]:
    return lambda box: map_requests.wms(LAYER, box, srid, kind)


def _tiles(get: Callable[[str], int], wanted: list[tuple[int, int, int]]) -> Ask:
    return lambda turn: get("/tiles/{}/{}/{}/{}".format(LAYER, *wanted[turn % len(wanted)]))


@contextmanager
def _peer() -> "Iterator[fastcgi.Peer | None]":
    """MapServer by FastCGI over what the public may see; None when it is not installed."""
    program = mapserver.program()
    if program is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp())
    try:
        layers = [layer for name, layer in served(Actor.anonymous(), [LAYER]).items() if name == LAYER]
        written = mapserver.mapfile(layers, f"{mapserver.connection_string()} application_name=peer", folder)
        with fastcgi.running(program, mapserver.environment(written), folder) as peer:
            yield peer
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _line(row: dict[str, Any]) -> str:
    theirs = f"{row['peer']['cpu']:.2f}" if row.get("peer") else "-"
    target = f"{row['target']:g}" if row["target"] else "-"
    return WIDTHS.format(
        row["title"], f"{row['cpu']:.2f}", f"{row['program']:.2f}", f"{row['database']:.2f}", f"{row['kb']:.0f}", theirs, target
    )
