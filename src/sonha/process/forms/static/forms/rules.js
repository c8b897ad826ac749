// Conditions: the browser's twin of sonha.process.rules.conditions. Both run rules/tests/conditions.json.

const ISO_DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const ORDERED = new Set(["gt", "gte", "lt", "lte"]);
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Whether a condition holds for a context (answers, dossier, task). No condition always holds. Throws when it is malformed. */
export function holds(condition, context) {
  if (condition === null || condition === undefined || typeof condition === "boolean") return condition !== false;
  if (!isObject(condition)) throw new TypeError("not a condition");
  if (Object.hasOwn(condition, "all")) return condition.all.map((part) => holds(part, context)).every(Boolean);
  if (Object.hasOwn(condition, "any")) return condition.any.map((part) => holds(part, context)).some(Boolean);
  if (Object.hasOwn(condition, "not")) return !holds(condition.not, context);
  const tests = Object.entries(condition).filter(([name]) => name !== "field");
  if (!Object.hasOwn(condition, "field") || !tests.length) throw new TypeError("no comparison");
  const found = valuesAt(context, String(condition.field));
  return (found.length ? found : [null]).some((value) => tests.every(([name, operand]) => compare(name, value, operand)));
}

/** Every value a dotted path reaches: none or one without `*`, one for each item with it. */
export function valuesAt(context, path) {
  let found = [context];
  for (const part of path.split(".")) found = found.flatMap((holder) => step(holder, part));
  return found;
}

/** Absent, null, blank text, empty list or object; zero and false are answers. */
export function isMissing(value) {
  if (value === null || value === undefined) return true;
  if (typeof value === "string") return !value.trim();
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function step(holder, part) {
  if (Array.isArray(holder)) {
    if (part === "*") return holder;
    return /^[0-9]{1,4}$/.test(part) && Number(part) < holder.length ? [holder[Number(part)]] : [];
  }
  return isObject(holder) && Object.hasOwn(holder, part) ? [holder[part]] : [];
}

function compare(operator, value, operand) {
  const missing = isMissing(value);
  if (operator === "filled") return missing !== Boolean(operand);
  if (operator === "ne") return missing || !compare("eq", value, operand);
  if (operator === "not_in") return missing || !compare("in", value, operand);
  if (!ORDERED.has(operator) && !["eq", "in", "contains"].includes(operator)) throw new TypeError(`unknown comparison ${operator}`);
  if (missing) return false;
  if (operator === "eq") return same(value, operand);
  if (operator === "in") return Array.isArray(operand) && operand.some((choice) => same(value, choice));
  if (operator === "contains") {
    if (typeof value === "string") return typeof operand === "string" && value.includes(operand);
    return Array.isArray(value) && value.some((item) => same(item, operand));
  }
  return ordered(operator, value, operand);
}

function same(left, right) {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  }
  return !isObject(left) && left === right;
}

function ordered(operator, left, right) {
  const numbers = typeof left === "number" && typeof right === "number";
  const dates = typeof left === "string" && typeof right === "string" && ISO_DATE.test(left) && ISO_DATE.test(right);
  if (!numbers && !dates) return false;
  if (operator === "gt") return left > right;
  if (operator === "gte") return left >= right;
  return operator === "lt" ? left < right : left <= right;
}
