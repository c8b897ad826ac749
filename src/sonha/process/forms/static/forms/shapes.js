// Places in answers: the browser's twin of shapes.py, except VN-2000 coordinates as typed, which only the server converts.

import { parseNumber, toNumber, formatNumber } from "./figures.js";

const EQUATOR = 6378137;
const FLATTENING = 1 / 298.257223563;
const PLACES = 1e7;
const DEGREES = /^([0-9]{1,3})\s*[°dD\s]\s*([0-9]{1,2})\s*['′\s]\s*([0-9]{1,2}(?:[.,][0-9]+)?)\s*["″']{0,2}\s*[BĐNEbđne]?$/;

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const roundDegree = (value) => Math.round(value * PLACES) / PLACES;

/** Coordinates as typed rather than GeoJSON. */
export const isTyped = (raw) => isObject(raw) && !("type" in raw) && ("crs" in raw || "x" in raw || "lines" in raw);
export const typedIsBlank = (raw) => !["x", "y", "lines"].some((name) => typeof raw[name] === "string" && raw[name].trim());

/** `21,87585`, `21°52'33,1"` or a number as a number; null when it is none of them. */
export function parseCoordinate(raw) {
  if (typeof raw === "number") return Number.isFinite(raw) && Math.abs(raw) < 1e7 ? raw : null;
  if (typeof raw !== "string") return null;
  const text = raw.trim().slice(0, 40);
  const found = DEGREES.exec(text);
  if (found) {
    const [degrees, minutes, seconds] = [Number(found[1]), Number(found[2]), Number(found[3].replace(",", "."))];
    return minutes < 60 && seconds < 60 ? degrees + minutes / 60 + seconds / 3600 : null;
  }
  const number = parseNumber(text.replace(/[°mM ]+$/, ""));
  return number && Math.abs(toNumber(number)) < 1e7 ? toNumber(number) : null;
}

/** [geometry, code, values] */
export function checkPoint(raw, bbox) {
  let position = null;
  if (isTyped(raw)) {
    if (raw.crs && raw.crs !== "wgs84") return [raw, "", {}];
    const [latitude, longitude] = [parseCoordinate(raw.x), parseCoordinate(raw.y)];
    if (latitude !== null && longitude !== null) position = [roundDegree(longitude), roundDegree(latitude)];
  } else if (isObject(raw) && raw.type === "Point") {
    position = asPosition(raw.coordinates);
  }
  if (!position) return [null, "point", {}];
  return inside(position, bbox) ? [{ type: "Point", coordinates: position }, "", {}] : [null, "outside", {}];
}

export function checkLine(raw, bbox, limits) {
  if (isTyped(raw)) {
    if (raw.crs && raw.crs !== "wgs84") return [raw, "", {}];
    raw = { type: "LineString", coordinates: typedPositions(raw) };
  }
  const coordinates = isObject(raw) && raw.type === "LineString" ? raw.coordinates : null;
  if (!Array.isArray(coordinates)) return [null, "line", {}];
  if (coordinates.length > limits.vertices) return [null, "vertices", { max: formatNumber(limits.vertices) }];
  const positions = coordinates.map(asPosition);
  if (positions.includes(null)) return [null, "line", {}];
  const line = positions.filter((position, index) => index === 0 || !equal(position, positions[index - 1]));
  if (line.length < 2) return [null, "line", {}];
  if (!line.every((position) => inside(position, bbox))) return [null, "outside", {}];
  return crossesItself(line) ? [null, "crossing", {}] : [{ type: "LineString", coordinates: line }, "", {}];
}

export function checkPolygon(raw, bbox, maxAreaHa, limits) {
  if (isTyped(raw)) {
    if (raw.crs && raw.crs !== "wgs84") return [raw, "", {}];
    raw = typedPolygon(raw);
  }
  const coordinates = isObject(raw) && raw.type === "Polygon" ? raw.coordinates : null;
  if (!Array.isArray(coordinates) || !coordinates.length || coordinates.length > limits.rings || !coordinates.every(Array.isArray)) return [null, "polygon", {}];
  if (coordinates.reduce((total, ring) => total + ring.length, 0) > limits.vertices) return [null, "vertices", { max: formatNumber(limits.vertices) }];
  let rings = coordinates.map((ring) => ring.map(asPosition));
  if (rings.some((ring) => ring.length < 3 || ring.includes(null))) return [null, "polygon", {}];
  if (rings.some((ring) => !equal(ring[0], ring.at(-1)))) return [null, "closed", {}];
  rings = rings.map((ring) => ring.filter((position, index) => index === 0 || !equal(position, ring[index - 1])));
  if (rings.some((ring) => ring.length < 4)) return [null, "polygon", {}];
  if (!rings.flat().every((position) => inside(position, bbox))) return [null, "outside", {}];
  if (crosses(rings)) return [null, "crossing", {}];
  const area = areaHa(rings);
  if (maxAreaHa !== undefined && maxAreaHa !== null && area > maxAreaHa) {
    return [null, "area", { area: formatNumber(Math.round(area * 100) / 100), max: formatNumber(maxAreaHa) }];
  }
  return [{ type: "Polygon", coordinates: rings }, "", {}];
}

/** Hectares, by the same formula as the server's. */
export function areaHa(rings) {
  const [east, north] = metresOfADegree(rings[0]);
  const areas = rings.map((ring) => (Math.abs(shoelace(ring)) * east * north) / 10000);
  return areas[0] - areas.slice(1).reduce((sum, area) => sum + area, 0);
}

/** Metres, on the same plane as areaHa. */
export function lengthM(positions) {
  const [east, north] = metresOfADegree(positions);
  return positions.slice(1).reduce((sum, [x, y], index) => sum + Math.hypot((x - positions[index][0]) * east, (y - positions[index][1]) * north), 0);
}

/** Metres eastwards and northwards that one degree measures there. */
export function metresOfADegree(positions) {
  const centre = (positions.reduce((sum, position) => sum + position[1], 0) / positions.length) * (Math.PI / 180);
  const squared = FLATTENING * (2 - FLATTENING);
  const bend = 1 - squared * Math.sin(centre) ** 2;
  return [(EQUATOR / Math.sqrt(bend)) * Math.cos(centre) * (Math.PI / 180), ((EQUATOR * (1 - squared)) / bend ** 1.5) * (Math.PI / 180)];
}

function typedPositions(raw) {
  const lines = String(raw.lines ?? "").split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  return lines.map((line) => line.split(/[;\t ]+/).filter(Boolean).map(parseCoordinate))
    .map((pair) => (pair.length === 2 && pair[0] !== null && pair[1] !== null ? [pair[1], pair[0]] : null));
}

function typedPolygon(raw) {
  const ring = typedPositions(raw);
  if (ring.includes(null) || ring.length < 3) return null;
  return { type: "Polygon", coordinates: [equal(ring[0], ring.at(-1)) ? ring : [...ring, ring[0]]] };
}

function shoelace(ring) {
  const [x0, y0] = ring[0];
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    sum += (ring[i][0] - x0) * (ring[i + 1][1] - y0) - (ring[i + 1][0] - x0) * (ring[i][1] - y0);
  }
  return sum / 2;
}

function asPosition(raw) {
  if (!Array.isArray(raw) || raw.length < 2 || raw.length > 3) return null;
  const numbers = raw.slice(0, 2);
  if (!numbers.every((number) => typeof number === "number" && Number.isFinite(number) && Math.abs(number) <= 1000)) return null;
  return numbers.map(roundDegree);
}

const equal = (a, b) => Boolean(a && b) && a[0] === b[0] && a[1] === b[1];
const inside = ([x, y], [west, south, east, north]) => west <= x && x <= east && south <= y && y <= north;
const turn = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
const between = (a, b, c) => Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);

/** Whether any two sides meet elsewhere than at a shared corner, a ring has no area, or a hole lies outside. */
function crosses(rings) {
  const sides = rings.flatMap((ring, number) => ring.slice(1).map((end, index) => ({ number, index, count: ring.length - 1, a: ring[index], b: end })));
  for (let i = 0; i < sides.length; i += 1) {
    for (let j = i + 1; j < sides.length; j += 1) if (clash(sides[i], sides[j])) return true;
  }
  return rings.some((ring) => shoelace(ring) === 0) || rings.slice(1).some((hole) => !contains(rings[0], hole[0]));
}

/** Whether a line meets itself; it may come back to where it began. */
function crossesItself(line) {
  const round = line.length > 3 && equal(line[0], line.at(-1));
  const sides = line.slice(1).map((end, index) => ({ number: 0, index, count: round ? line.length - 1 : line.length + 1, a: line[index], b: end }));
  for (let i = 0; i < sides.length; i += 1) {
    for (let j = i + 1; j < sides.length; j += 1) if (clash(sides[i], sides[j])) return true;
  }
  return false;
}

function clash(p, q) {
  const next = p.number === q.number && (q.index === p.index + 1 || (p.index === 0 && q.index === p.count - 1));
  if (next) {
    const [a, corner, c] = q.index === p.index + 1 ? [p.a, p.b, q.b] : [q.a, q.b, p.b];
    return turn(a, corner, c) === 0 && (between(a, corner, c) || between(corner, c, a));
  }
  const [t1, t2, t3, t4] = [turn(p.a, p.b, q.a), turn(p.a, p.b, q.b), turn(q.a, q.b, p.a), turn(q.a, q.b, p.b)];
  if (p.number !== q.number) return t1 * t2 < 0 && t3 * t4 < 0;
  if (t1 !== t2 && t3 !== t4) return true;
  return [[t1, p.a, p.b, q.a], [t2, p.a, p.b, q.b], [t3, q.a, q.b, p.a], [t4, q.a, q.b, p.b]].some(([t, a, b, c]) => t === 0 && between(a, b, c));
}

/** Whether a point lies inside a ring, by the crossings of a ray. */
export function contains(ring, [x, y]) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}
