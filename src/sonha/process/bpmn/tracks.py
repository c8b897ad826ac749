"""Tracks inside channels: parallel stretches side by side, ordered so that ways cross as little as possible."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

OVERLAY = 50


@dataclass(frozen=True)
class Stretch:
    """A piece of a way inside a channel. `along` tells channels between columns (True) from channels between rows.

    `start` and `stop` are its ends along the channel; at each end the way goes on to the side `first_side` or `last_side`:
    -1 towards lower tracks, 1 towards higher ones. `preference` pulls to lower (negative) or higher tracks.
    """

    along: bool
    channel: int
    start: float
    stop: float
    first_side: int
    last_side: int
    group: str
    preference: float

    @property
    def low(self) -> float:
        return min(self.start, self.stop)

    @property
    def high(self) -> float:
        return max(self.start, self.stop)

    def widened(self, start: float, stop: float) -> "Stretch":
        return replace(self, start=min(self.low, start, stop), stop=max(self.high, start, stop))


def assign_tracks(stretches: Sequence[Stretch]) -> list[int]:
    """Track number of each stretch within its channel, from 0."""
    tracks = [0] * len(stretches)
    channels: dict[tuple[bool, int], list[int]] = {}
    for index, stretch in enumerate(stretches):
        channels.setdefault((stretch.along, stretch.channel), []).append(index)
    for members in channels.values():
        order = _ordered(members, stretches)
        for place, index in enumerate(order):
            below = [tracks[other] + 1 for other in order[:place] if _meet(stretches[other], stretches[index])]
            tracks[index] = max(below, default=0)
    return tracks


def _ordered(members: list[int], stretches: Sequence[Stretch]) -> list[int]:
    """Bubbles neighbours past each other while that saves crossings."""
    order = sorted(members, key=lambda index: (stretches[index].high - stretches[index].low, stretches[index].low))
    for _round in range(len(order)):
        changed = False
        for place in range(len(order) - 1):
            one, other = stretches[order[place]], stretches[order[place + 1]]
            if _crossings(other, one) < _crossings(one, other):
                order[place], order[place + 1] = order[place + 1], order[place]
                changed = True
        if not changed:
            break
    return order


def _crossings(lower: Stretch, higher: Stretch) -> int:
    """Crossings of two stretches when the first lies on the lower track; running over each other counts most."""
    towards = {end for end, side in ((lower.start, lower.first_side), (lower.stop, lower.last_side)) if side > 0}
    against = {end for end, side in ((higher.start, higher.first_side), (higher.stop, higher.last_side)) if side < 0}
    count = OVERLAY * len(towards & against)
    for end, side in ((lower.start, lower.first_side), (lower.stop, lower.last_side)):
        count += side > 0 and higher.low < end < higher.high
    for end, side in ((higher.start, higher.first_side), (higher.stop, higher.last_side)):
        count += side < 0 and lower.low < end < lower.high
    return count


def _meet(one: Stretch, other: Stretch) -> bool:
    return one.low <= other.high and other.low <= one.high
