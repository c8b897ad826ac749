// WGS 84 degrees -> VN-2000 / TM-3 metres: the seven parameters of EPSG:6960 backwards, then the Krüger series (scale 0.9999).
// The database uses the same figures (registry/records/migrations/0001_vn2000.py); a test compares both.

const A = 6378137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const SECOND = Math.PI / 648000;
const SHIFT = [-191.90441429, -39.30318279, -111.45032835];
const TURN = [0.00928836 * SECOND, -0.01975479 * SECOND, 0.00427372 * SECOND];
const SCALE = 1 + 0.252906278e-6;
const K0 = 0.9999;
const rad = (degrees) => (degrees * Math.PI) / 180;

/** Degrees of WGS 84 as radians of VN-2000: [longitude, latitude]. */
function shifted(longitude, latitude) {
  const [l, p] = [rad(longitude), rad(latitude)];
  const n = A / Math.sqrt(1 - E2 * Math.sin(p) ** 2);
  const [x, y, z] = [n * Math.cos(p) * Math.cos(l), n * Math.cos(p) * Math.sin(l), n * (1 - E2) * Math.sin(p)].map((value, index) => (value - SHIFT[index]) / SCALE);
  const [rx, ry, rz] = TURN;
  const [u, v, w] = [x + rz * y - ry * z, -rz * x + y + rx * z, ry * x - rx * y + z];
  const flat = Math.hypot(u, v);
  let phi = Math.atan2(w, flat * (1 - E2));
  for (let turn = 0; turn < 5; turn += 1) {
    const radius = A / Math.sqrt(1 - E2 * Math.sin(phi) ** 2);
    phi = Math.atan2(w + E2 * radius * Math.sin(phi), flat);
  }
  return [Math.atan2(v, u), phi];
}

const N = F / (2 - F);
const MEAN = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const SERIES = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3 + (41 / 180) * N ** 4,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3 + (557 / 1440) * N ** 4,
  (61 / 240) * N ** 3 - (103 / 140) * N ** 4,
  (49561 / 161280) * N ** 4,
];

/** [east, north] in metres of the zone with this central meridian (degrees). */
export function toPlane([longitude, latitude], meridian) {
  const [l, p] = shifted(longitude, latitude);
  const e = Math.sqrt(E2);
  const conformal = Math.sinh(Math.atanh(Math.sin(p)) - e * Math.atanh(e * Math.sin(p)));
  const away = l - rad(meridian);
  const xi = Math.atan2(conformal, Math.cos(away));
  const eta = Math.asinh(Math.sin(away) / Math.hypot(conformal, Math.cos(away)));
  const north = SERIES.reduce((sum, term, index) => sum + term * Math.sin(2 * (index + 1) * xi) * Math.cosh(2 * (index + 1) * eta), xi);
  const east = SERIES.reduce((sum, term, index) => sum + term * Math.cos(2 * (index + 1) * xi) * Math.sinh(2 * (index + 1) * eta), eta);
  return [500000 + K0 * MEAN * east, K0 * MEAN * north];
}

/** How much longer the plane is than the ellipsoid at this easting. */
export function enlargement(east) {
  const radius = 6366000; // mean radius of curvature at the latitude of the province, metres: enough for seven digits
  return K0 * (1 + (east - 500000) ** 2 / (2 * (K0 * radius) ** 2));
}

export const lengthOf = (plane) => plane.slice(1).reduce((sum, [x, y], index) => sum + Math.hypot(x - plane[index][0], y - plane[index][1]), 0);

export function areaOf(plane) {
  const sum = plane.reduce((total, [x, y], index) => {
    const [nextX, nextY] = plane[(index + 1) % plane.length];
    return total + (x - plane[0][0]) * (nextY - plane[0][1]) - (nextX - plane[0][0]) * (y - plane[0][1]);
  }, 0);
  return Math.abs(sum) / 2;
}
