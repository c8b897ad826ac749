"""Orthogonal ways between placed nodes, through the channels between columns and rows, so that no way runs through a node.

A way is first found on the grid, in terms of channels and rows; then every stretch inside a channel gets a track of its own; then the
channels get their widths and all becomes coordinates. Ways that go back run above their row, or between the two rows they join.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sonha.process.bpmn.geometry import Link, Node, Point
from sonha.process.bpmn.placement import Placement
from sonha.process.bpmn.tracks import Stretch, assign_tracks

TRACK = 14.0
PORT = 13.0
MAIN_PADDING = 24.0
CROSS_PADDING = 20.0

Coordinate = tuple[str, int, float]
"""("cell", index, offset from its centre) or ("channel", index of the stretch, 0)."""


@dataclass
class _Way:
    link: Link
    points: list[tuple[Coordinate, Coordinate]] = field(default_factory=list)


@dataclass(frozen=True)
class Sizes:
    """How much room labels need: the least width of a channel along the flow, with and without labels in it."""

    plain: float
    labelled: float
    main: int
    """0 when the main axis is x, 1 when it is y."""


class Router:
    """Routes the links of one placement. Use `route`."""

    def __init__(self, nodes: Sequence[Node], links: Sequence[Link], placement: Placement, sizes: Sizes) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.links = links
        self.place = placement
        self.sizes = sizes
        self.cells = {(placement.column[node.id], placement.row[node.id]): node.id for node in nodes}
        self.passing: dict[tuple[int, int], set[tuple[str, str]]] = {}
        self.stretches: list[Stretch] = []
        self.ports: dict[tuple[str, str], list[tuple[int, float]]] = {}
        self.shared: dict[tuple[str, int, str], int] = {}

    def route(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]], dict[int, tuple[Point, ...]]]:
        """Column spans, row spans (start, end of each) and the ways, all in (main, cross)."""
        kinds = {link.id: self._kind(link) for link in self.links}
        self._assign_ports(kinds)
        order = sorted(self.links, key=lambda link: (kinds[link.id] != "straight", self._length(link)))
        ways = [self._way(link, kinds[link.id]) for link in order]
        tracks = assign_tracks(self.stretches)
        columns, column_channels = self._spans(tracks, along=True)
        rows, row_channels = self._spans(tracks, along=False)

        def resolve(coordinate: Coordinate, spans: list[tuple[float, float]], channels: list[float]) -> float:
            name, index, offset = coordinate
            if name == "cell":
                return sum(spans[index]) / 2 + offset
            stretch = self.stretches[index]
            return channels[stretch.channel] + tracks[index] * TRACK

        found = {}
        for way in ways:
            points = [(resolve(main, columns, column_channels), resolve(cross, rows, row_channels)) for main, cross in way.points]
            found[way.link.id] = tidy(points)
        return columns, rows, found

    def _length(self, link: Link) -> int:
        column, row = self.place.column, self.place.row
        return abs(column[link.source] - column[link.target]) + abs(row[link.source] - row[link.target])

    def _kind(self, link: Link) -> str:
        """straight | forward | back."""
        column, row = self.place.column, self.place.row
        here, there = column[link.source], column[link.target]
        if there <= here:
            return "back"
        if row[link.source] == row[link.target] and self._free(row[link.source], range(here + 1, there)):
            for place in range(here + 1, there):
                self.passing.setdefault((place, row[link.source]), set()).add((link.source, link.target))
            return "straight"
        return "forward"

    def _free(self, row: int, columns: range, link: Link | None = None) -> bool:
        """Whether a way may run along the row: no node there, and no other way but those to the same target."""
        for column in columns:
            if (column, row) in self.cells:
                return False
            if any(link is None or target != link.target for _source, target in self.passing.get((column, row), ())):
                return False
        return True

    def _free_column(self, column: int, rows: range) -> bool:
        return all((column, row) not in self.cells and not self.passing.get((column, row)) for row in rows)

    def _take(self, link: Link, cells: list[tuple[int, int]]) -> None:
        for cell in cells:
            self.passing.setdefault(cell, set()).add((link.source, link.target))

    # Ports: where on a task's border ways begin and end. Gateways and events have one point a side.

    def _assign_ports(self, kinds: Mapping[int, str]) -> None:
        row, column = self.place.row, self.place.column
        leaving: dict[str, list[Link]] = {}
        edge: dict[tuple[str, str], list[tuple[float, int]]] = {}
        for link in self.links:
            if kinds[link.id] != "back":
                leaving.setdefault(link.source, []).append(link)
                continue
            up, down = self._facing(link)
            edge.setdefault((link.source, up), []).append((column[link.target] - 0.5, link.id))
            edge.setdefault((link.target, down), []).append((column[link.source] + 0.5, link.id))
        for source, links in leaving.items():
            height = row[source]
            above = sorted((link for link in links if row[link.target] < height), key=lambda link: (row[link.target], -column[link.target]))
            level = [link for link in links if row[link.target] == height and kinds[link.id] == "straight"]
            below = sorted((link for link in links if row[link.target] >= height and link not in level), key=lambda link: row[link.target])
            step = min(PORT, 32 / max(len(above), len(below), 1))
            offsets = [-(len(above) - place) * step for place in range(len(above))] + [0.0] * len(level)
            offsets += [(place + 1) * step for place in range(len(below))]
            if not level and len(links) == 1:
                offsets = [0.0]
            for link, offset in zip(above + level + below, offsets, strict=True):
                self.ports.setdefault((source, "end"), []).append((link.id, offset))
        for (node, side), users in edge.items():
            users.sort()
            step = min(18.0, self.nodes[node].size[self.sizes.main] * 0.7 / max(len(users) - 1, 1))
            for place, (_order, link_id) in enumerate(users):
                self.ports.setdefault((node, side), []).append((link_id, (place - (len(users) - 1) / 2) * step))

    def _facing(self, link: Link) -> tuple[str, str]:
        """The sides by which a way back leaves and arrives: above in the same row, otherwise facing each other."""
        source, target = self.place.row[link.source], self.place.row[link.target]
        if source == target:
            return "low", "low"
        return ("low", "high") if source > target else ("high", "low")

    def _port(self, node: str, side: str, link: Link) -> float:
        if not self.nodes[node].is_task:
            return 0.0
        return next((offset for link_id, offset in self.ports.get((node, side), ()) if link_id == link.id), 0.0)

    # Ways on the grid.

    def _way(self, link: Link, kind: str) -> _Way:
        way = _Way(link)
        if kind == "back":
            self._back(way)
        else:
            self._ahead(way, kind)
        return way

    def _border(self, node: str, side: str, offset: float) -> tuple[Coordinate, Coordinate]:
        main, cross = self.nodes[node].size[self.sizes.main] / 2, self.nodes[node].size[1 - self.sizes.main] / 2
        column, row = self.place.column[node], self.place.row[node]
        moves = {"end": (main, offset), "begin": (-main, offset), "low": (offset, -cross), "high": (offset, cross)}
        along, across = moves[side]
        return ("cell", column, along), ("cell", row, across)

    def _ahead(self, way: _Way, kind: str) -> None:
        link, column, row = way.link, self.place.column, self.place.row
        (cs, rs), (ct, rt) = (column[link.source], row[link.source]), (column[link.target], row[link.target])
        out = self._port(link.source, "end", link)
        begin, end = self._border(link.source, "end", out), self._border(link.target, "begin", 0.0)
        if kind == "straight":
            way.points = [begin, end]
            return
        between = range(min(rs, rt) + 1, max(rs, rt))
        source_is_point, target_is_point = not self.nodes[link.source].is_task, not self.nodes[link.target].is_task
        if rs != rt and source_is_point and self._free_column(cs, between) and self._free(rt, range(cs, ct), link):
            self._take(link, [(cs, each) for each in between] + [(each, rt) for each in range(cs, ct)])
            corner = self._border(link.source, "high" if rt > rs else "low", 0.0)
            way.points = [corner, (corner[0], end[1]), end]
            return
        if rs != rt and target_is_point and self._free_column(ct, between) and self._free(rs, range(cs + 1, ct + 1), link):
            self._take(link, [(ct, each) for each in between] + [(each, rs) for each in range(cs + 1, ct + 1)])
            corner = self._border(link.target, "low" if rt > rs else "high", 0.0)
            way.points = [begin, (corner[0], begin[1]), corner]
            return
        for turn in range(ct, cs, -1) if target_is_point else range(cs + 1, ct + 1):
            if rs != rt and self._free(rs, range(cs + 1, turn), link) and self._free(rt, range(turn, ct), link):
                self._take(link, [(each, rs) for each in range(cs + 1, turn)] + [(each, rt) for each in range(turn, ct)])
                across = self._stretch(link, True, turn, begin[1], end[1], comes_from=-1, goes_to=1)
                way.points = [begin, (across, begin[1]), (across, end[1]), end]
                return
        self._detour(way, begin, end)

    def _detour(self, way: _Way, begin: tuple[Coordinate, Coordinate], end: tuple[Coordinate, Coordinate]) -> None:
        """Out into the next channel, along between two rows, and in before the target's column."""
        link, column, row = way.link, self.place.column, self.place.row
        rs, rt = row[link.source], row[link.target]
        channel = rt if rt > rs else rt + 1 if rt < rs else rs + 1
        first, last = column[link.source] + 1, column[link.target]
        height = ("channel", len(self.stretches), 0.0)
        towards = 1 if self._ordinal_channel(channel) > self._ordinal(begin[1]) else -1
        back = 1 if self._ordinal(end[1]) > self._ordinal_channel(channel) else -1
        self.stretches.append(Stretch(False, channel, 2 * first, 2 * last, -towards, back, f"{link.id}", 0.0))
        out = self._stretch(link, True, first, begin[1], height, comes_from=-1, goes_to=1)
        into = self._stretch(link, True, last, height, end[1], comes_from=-1, goes_to=1, arriving=True)
        way.points = [begin, (out, begin[1]), (out, height), (into, height), (into, end[1]), end]

    def _back(self, way: _Way) -> None:
        link, column, row = way.link, self.place.column, self.place.row
        leaves, arrives = self._facing(link)
        begin = self._border(link.source, leaves, self._port(link.source, leaves, link))
        end = self._border(link.target, arrives, self._port(link.target, arrives, link))
        if link.source == link.target and not self.nodes[link.source].is_task:
            begin = self._border(link.source, "end", 0.0)
        rs, rt = row[link.source], row[link.target]
        one = rs if leaves == "low" else rs + 1
        other = rt if arrives == "low" else rt + 1
        if one == other:
            level = ("channel", len(self.stretches), 0.0)
            sides = (1 if leaves == "low" else -1, 1 if arrives == "low" else -1)
            self.stretches.append(
                Stretch(False, one, self._ordinal(begin[0]), self._ordinal(end[0]), sides[0], sides[1], f"{link.id}", 1.0)
            )
            way.points = [begin, (begin[0], level), (end[0], level), end]
            return
        turn = column[link.target] + 1 if column[link.target] < column[link.source] else column[link.source]
        first = ("channel", len(self.stretches), 0.0)
        toward = 1 if other > one else -1
        self.stretches.append(
            Stretch(False, one, self._ordinal(begin[0]), 2 * turn, 1 if leaves == "low" else -1, toward, f"{link.id}", 1.0)
        )
        second = ("channel", len(self.stretches), 0.0)
        self.stretches.append(
            Stretch(False, other, 2 * turn, self._ordinal(end[0]), -toward, 1 if arrives == "low" else -1, f"{link.id}", 1.0)
        )
        across = self._stretch(link, True, turn, first, second, comes_from=1, goes_to=-1)
        way.points = [begin, (begin[0], first), (across, first), (across, second), (end[0], second), end]

    def _stretch(
        self,
        link: Link,
        along: bool,
        channel: int,
        low: Coordinate,
        high: Coordinate,
        *,
        comes_from: int,
        goes_to: int,
        arriving: bool = False,
    ) -> Coordinate:
        """A stretch across the flow in the channel before a column; ways of one gateway, or to one target, share theirs."""
        if not self.nodes[link.source].is_task and not arriving:
            group = f"from {link.source}"
        elif comes_from == -1 and goes_to == 1 and high[0] == "cell":
            group = f"to {link.target}"
        else:
            group = str(link.id)
        key = (group, channel, "along")
        start, stop = self._ordinal(low), self._ordinal(high)
        if key in self.shared:
            index = self.shared[key]
            self.stretches[index] = self.stretches[index].widened(start, stop)
            return ("channel", index, 0.0)
        index = len(self.stretches)
        self.stretches.append(Stretch(along, channel, start, stop, comes_from, goes_to, group, 0.0))
        self.shared[key] = index
        return ("channel", index, 0.0)

    def _ordinal(self, coordinate: Coordinate) -> float:
        """Where a coordinate lies before widths are known: cells at odd numbers, channels at even ones."""
        name, index, offset = coordinate
        return 2 * index + 1 + offset / 200 if name == "cell" else self._ordinal_channel(self.stretches[index].channel)

    @staticmethod
    def _ordinal_channel(channel: int) -> float:
        return 2.0 * channel

    # Widths.

    def _spans(self, tracks: list[int], *, along: bool) -> tuple[list[tuple[float, float]], list[float]]:
        """Spans of the cells along one axis, and where the first track of each channel lies."""
        axis = self.sizes.main if along else 1 - self.sizes.main
        places = self.place.column if along else self.place.row
        count = self.place.columns if along else self.place.rows
        size = [0.0] * count
        for node in self.nodes.values():
            size[places[node.id]] = max(size[places[node.id]], node.size[axis])
        if not along:
            size = [max(each, (TASK_HEIGHT, TASK_WIDTH)[self.sizes.main]) for each in size]
        used = [0] * (count + 1)
        for stretch, track in zip(self.stretches, tracks, strict=True):
            if stretch.along == along:
                used[stretch.channel] = max(used[stretch.channel], track + 1)
        spans, channels, here = [], [], 0.0
        for index in range(count + 1):
            width = self._channel_width(index, used[index], along)
            channels.append(here + (width - max(used[index] - 1, 0) * TRACK) / 2)
            here += width
            if index < count:
                spans.append((here, here + size[index]))
                here += size[index]
        return spans, channels

    def _channel_width(self, index: int, used: int, along: bool) -> float:
        needed = 2 * (MAIN_PADDING if along else CROSS_PADDING) + max(used - 1, 0) * TRACK
        if not along:
            return max(needed if used else 0.0, 28.0)
        last = index == self.place.columns
        if index == 0 or (last and not used):
            return max(needed if used else 0.0, 24.0)
        labelled = any(link.labelled and self.place.column[link.source] + 1 == index for link in self.links)
        return max(needed, self.sizes.labelled if labelled else self.sizes.plain)


TASK_WIDTH, TASK_HEIGHT = 150.0, 80.0


def tidy(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without repeated points and points in the middle of a straight stretch."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.01 and abs(kept[-1][1] - point[1]) < 0.01:
            continue
        while len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _in_line(one: Point, middle: Point, other: Point) -> bool:
    return any(abs(one[axis] - middle[axis]) < 0.01 and abs(middle[axis] - other[axis]) < 0.01 for axis in (0, 1))
