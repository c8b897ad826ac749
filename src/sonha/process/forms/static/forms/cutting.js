// A ring cut by a line, at once and in the browser; the server cuts again on the plane of the cadastre (cut_by_line), and its answer counts.

import { contains, metresOfADegree } from "./shapes.js";

const REACH = 2; // metres by which a line that ends just inside is drawn on
const NEAR = 1e-9;

/** The two parts of a ring (closed, degrees) on both sides of a line: closed rings; null when the line does not cross it just once. */
export function cutByLine(ring, line) {
  const [east, north] = metresOfADegree(ring);
  const [x0, y0] = ring[0];
  const plane = ([x, y]) => [(x - x0) * east, (y - y0) * north];
  const degrees = ([x, y]) => [x / east + x0, y / north + y0];
  const corners = ring.slice(0, -1).map(plane);
  const way = reaching(line.map(plane));
  const crossings = crossingsOf(corners, way);
  const inside = crossings.slice(1).map((after, index) => [crossings[index], after]).filter(([a, b]) => contains(corners, middle(way, a, b)));
  if (inside.length !== 1) return null;
  const [a, b] = inside[0];
  const between = way.slice(Math.floor(a.along) + 1, Math.ceil(b.along));
  const parts = [[...walk(corners, a, b), ...[...between].reverse()], [...walk(corners, b, a), ...between]];
  return parts.map((part) => [...part, part[0]].map(degrees));
}

function reaching(line) {
  const on = (end, before) => {
    const length = Math.hypot(end[0] - before[0], end[1] - before[1]) || 1;
    return [end[0] + ((end[0] - before[0]) / length) * REACH, end[1] + ((end[1] - before[1]) / length) * REACH];
  };
  return [on(line[0], line[1]), ...line.slice(1, -1), on(line.at(-1), line.at(-2))];
}

/** Where the line meets the ring, along the line: {along, side, at, point}. */
function crossingsOf(corners, way) {
  const found = [];
  for (let segment = 0; segment + 1 < way.length; segment += 1) {
    for (let side = 0; side < corners.length; side += 1) {
      const met = meet(way[segment], way[segment + 1], corners[side], corners[(side + 1) % corners.length]);
      if (met) found.push({ along: segment + met[0], side, at: met[1], point: met[2] });
    }
  }
  found.sort((one, other) => one.along - other.along);
  return found.filter((each, index) => !index || each.along - found[index - 1].along > NEAR);
}

function meet(a, b, c, d) {
  const [ux, uy, vx, vy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const cross = ux * vy - uy * vx;
  if (Math.abs(cross) < NEAR) return null;
  const along = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross;
  const at = ((c[0] - a[0]) * uy - (c[1] - a[1]) * ux) / cross;
  return along >= 0 && along <= 1 && at >= 0 && at < 1 ? [along, at, [a[0] + along * ux, a[1] + along * uy]] : null;
}

function middle(way, a, b) {
  const along = (a.along + b.along) / 2;
  const segment = Math.min(Math.floor(along), way.length - 2);
  const [from, to, rest] = [way[segment], way[segment + 1], along - segment];
  return [from[0] + (to[0] - from[0]) * rest, from[1] + (to[1] - from[1]) * rest];
}

/** From one crossing along the ring to the other, both included. */
function walk(corners, from, to) {
  const count = corners.length;
  let steps = (to.side - from.side + count) % count;
  if (!steps && to.at <= from.at) steps = count;
  const passed = Array.from({ length: steps }, (_each, index) => corners[(from.side + 1 + index) % count]);
  return [from.point, ...passed, to.point];
}
