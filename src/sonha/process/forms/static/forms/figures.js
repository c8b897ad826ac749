// Numbers and dates as people in Viet Nam write them: the browser's twin of foundation/ui/figures.py, with exact decimal arithmetic.

const GROUPED = /^[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?$/;
const WITH_COMMA = /^[+-]?[0-9]+(,[0-9]+)?$/;
const WITH_POINT = /^[+-]?[0-9]+\.[0-9]+$/;
const ISO = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const DAY = /^(?:([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})|([0-9]{2})([0-9]{2})([0-9]{4}))$/;

/** An exact decimal: `units` (BigInt) times ten to the power of minus `scale`. */
export function parseNumber(text) {
  let plain = text.replace(/[ \u00a0\u202f]/g, "");
  if (plain.length > 40) return null;
  if (GROUPED.test(plain)) plain = plain.replaceAll(".", "").replace(",", ".");
  else if (WITH_COMMA.test(plain)) plain = plain.replace(",", ".");
  else if (!WITH_POINT.test(plain)) return null;
  return fromPlain(plain);
}

/** The exact decimal a JSON number shows; null for anything else. */
export function asDecimal(value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  const [mantissa, exponent = "0"] = String(value).toLowerCase().split("e");
  const decimal = fromPlain(mantissa);
  return normal({ units: decimal.units, scale: decimal.scale - Number(exponent) });
}

function fromPlain(plain) {
  const [whole, fraction = ""] = plain.split(".");
  return normal({ units: BigInt((whole + fraction).replace("+", "")), scale: fraction.length });
}

function normal({ units, scale }) {
  while (scale > 0 && units % 10n === 0n) [units, scale] = [units / 10n, scale - 1];
  if (scale < 0) [units, scale] = [units * 10n ** BigInt(-scale), 0];
  return { units, scale };
}

export function add(a, b) {
  const scale = Math.max(a.scale, b.scale);
  return normal({ units: a.units * 10n ** BigInt(scale - a.scale) + b.units * 10n ** BigInt(scale - b.scale), scale });
}

export const multiply = (a, b) => normal({ units: a.units * b.units, scale: a.scale + b.scale });

/** Half away from zero, as the server rounds. */
export function round(a, places) {
  if (a.scale <= places) return a;
  const divisor = 10n ** BigInt(a.scale - places);
  const size = a.units < 0n ? -a.units : a.units;
  const rounded = (size + divisor / 2n) / divisor;
  return normal({ units: a.units < 0n ? -rounded : rounded, scale: places });
}

export function compareDecimals(a, b) {
  const difference = add(a, { units: -b.units, scale: b.scale }).units;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Digits that matter, as Python's Decimal counts them after normalize(). */
export function significantDigits({ units }) {
  return String(units < 0n ? -units : units).replace(/0+$/, "").length || 1;
}

export function toNumber({ units, scale }) {
  return scale === 0 ? Number(units) : Number(`${units}e-${scale}`);
}

/** 1250.5 -> `1.250,5`. Anything that is no number is returned as text. */
export function formatNumber(value) {
  const decimal = typeof value === "object" && value !== null ? value : asDecimal(value);
  if (decimal === null) return value === null || value === undefined ? "" : String(value);
  const negative = decimal.units < 0n;
  const digits = String(negative ? -decimal.units : decimal.units).padStart(decimal.scale + 1, "0");
  const whole = digits.slice(0, digits.length - decimal.scale).replace(/\B(?=(\d{3})+$)/g, ".");
  return (negative ? "-" : "") + whole + (decimal.scale ? "," + digits.slice(digits.length - decimal.scale) : "");
}

/** `5/3/2025`, `05032025` or `2025-03-05` as `2025-03-05`; null when there is no such day. */
export function parseDay(text) {
  const plain = text.trim();
  const iso = ISO.exec(plain);
  const typed = DAY.exec(plain);
  if (!iso && !typed) return null;
  const [year, month, day] = iso ? iso.slice(1) : [typed[3] ?? typed[6], typed[2] ?? typed[5], typed[1] ?? typed[4]];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return real && Number(year) >= 1800 && Number(year) <= 2200 ? date.toISOString().slice(0, 10) : null;
}

export function formatDay(value) {
  const found = typeof value === "string" ? ISO.exec(value) : null;
  return found ? `${found[3]}/${found[2]}/${found[1]}` : (value ?? "");
}
