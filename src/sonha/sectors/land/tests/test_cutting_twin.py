"""The browser cuts a parcel as the cadastre does: node runs cutting.js on parcels and lines drawn by chance."""

import json
import random
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sonha.process.forms import shapes
from sonha.sectors.land.cutting import CannotCut, cut_by_line, shares_of
from sonha.sectors.land.drawing import in_vn2000, shape_in_wgs84
from sonha.sectors.land.tests.cadastre import EAST, NORTH

CUTTING = Path(shapes.__file__).parent / "static/forms/cutting.js"
AREAS = Path(shapes.__file__).parent / "static/forms/shapes.js"
RUN = """
import { readFileSync } from "node:fs";
const { cutByLine } = await import(%r);
const { areaHa } = await import(%r);
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([ring, line]) => cutByLine(ring, line)?.map((part) => areaHa([part]) * 10000) ?? null)));
"""


def plot(dice: random.Random) -> shapely.Polygon:
    """A plot with winding sides, some of them hollow."""
    points = [(EAST + x + dice.uniform(-4, 4), NORTH + y + dice.uniform(-4, 4)) for x, y in ((0, 0), (15, -3), (30, 0), (33, 20), (30, 40))]
    points += [(EAST + 14 + dice.uniform(-4, 4), NORTH + dice.uniform(28, 44)), (EAST + dice.uniform(-4, 4), NORTH + 40)]
    return shapely.Polygon(points)


def line(dice: random.Random) -> shapely.LineString:
    ends = [(EAST + dice.uniform(-8, 40), NORTH + y) for y in (dice.uniform(-12, 8), dice.uniform(30, 52))]
    bend = [(EAST + dice.uniform(8, 22), NORTH + dice.uniform(15, 25))] if dice.random() < 0.5 else []
    return shapely.LineString([ends[0], *bend, ends[1]])


def test_the_browser_cuts_as_the_cadastre_does() -> None:
    dice = random.Random(816)
    drawn = [(shape_in_wgs84(plot(dice)), shape_in_wgs84(line(dice))) for _case in range(300)]
    node = shutil.which("node")
    assert node, "node is needed to test the browser's half"
    given_ = json.dumps([[parcel["coordinates"][0], cut["coordinates"]] for parcel, cut in drawn])
    script = RUN % (CUTTING.as_uri(), AREAS.as_uri())
    done = subprocess.run([node, "--input-type=module", "-e", script], input=given_, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    crossed = 0
    for (parcel, cut), found in zip(drawn, json.loads(done.stdout), strict=True):
        expected = _parts(parcel, cut)
        if found is not None:  # what the browser cannot tell at once, the server tells
            crossed += 1
            assert sorted(found) == pytest.approx(sorted(expected), rel=0.001, abs=0.6)
    assert crossed > 150, "most lines across a parcel are cut at once"


def _parts(parcel: dict[str, Any], cut: dict[str, Any]) -> list[float]:
    whole = in_vn2000(parcel)
    assert isinstance(whole, shapely.Polygon)
    try:
        return [each.area for each in cut_by_line(whole, in_vn2000(cut))]
    except CannotCut:
        return []


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_whatever_is_cut_nothing_is_lost(seed: int) -> None:
    dice = random.Random(seed)
    parcel = plot(dice)
    try:
        parts = cut_by_line(parcel, line(dice))
    except CannotCut as wrong:
        assert str(wrong)
        return
    assert sum(each.area for each in parts) == pytest.approx(parcel.area, abs=0.05)
    assert shapely.coverage_is_valid(parts)
    total = Decimal(str(round(parcel.area, 1)))
    assert sum(shares_of(total, [each.area for each in parts])) == total
