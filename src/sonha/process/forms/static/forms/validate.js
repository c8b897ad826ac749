// Answers checked against a form: the browser's twin of validation.py and answers.py. Same rules, same sentences (form.messages),
// run on the same examples (tests/validation.json). The server's answer is the one that counts.

import { holds, isMissing, valuesAt } from "./rules.js";
import { add, asDecimal, compareDecimals, formatDay, formatNumber, multiply, parseDay, parseNumber, round, significantDigits, toNumber } from "./figures.js";
import * as identifiers from "./identifiers.js";
import { checkLine, checkPoint, checkPolygon, isTyped, typedIsBlank } from "./shapes.js";

const INVISIBLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const BLANK = "[ \\t\\n\\r\\u00a0\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const GAPS = new RegExp(BLANK, "g");
const ENDS = new RegExp(`^${BLANK}|${BLANK}$`, "g");
const LIMIT = { units: 10n ** 15n, scale: 0 };
const OK = (value) => ({ value });
const NOTHING = {};
const BAD = (code, values = {}) => ({ code, values });

export const UNASKED = new Set(["note", "computed", "lookup"]);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
export const declared = (path) => path.split(".").map((part) => (/^[0-9]+$/.test(part) ? "*" : part)).join(".");

export function cleanText(text, lines = false) {
  const plain = text.replace(INVISIBLE, "").normalize("NFC");
  return (lines ? plain.replace(/\r\n?|\u2028|\u2029/g, "\n") : plain.replace(GAPS, " ")).replace(ENDS, "");
}

/**
 * Checks answers against a compiled form (browser.py).
 * options: {partial, context, today, lookups: {units, catalogues, files}}
 * Returns {clean, errors: {path: sentence}, visible: Set of concrete paths and #sections}.
 */
export function validate(form, answers, options = {}) {
  return new Run(form, isObject(answers) ? answers : {}, options).finish();
}

class Run {
  constructor(form, answers, { partial = false, context = {}, today = localDay(), lookups = null }) {
    Object.assign(this, { form, answers, partial, setting: { today, lookups, limits: form.limits } });
    const own = new Set(form.sections.flatMap((section) => section.fields));
    this.scope = Object.fromEntries(Object.entries(context).filter(([key]) => !own.has(key)));
    this.clean = {};
    this.errors = {};
    this.visible = new Set();
    this.rows = {};
    this.shown = {};
    for (const section of form.sections) if (!section.fields.length) this.sectionShown(section.key);
  }

  finish() {
    for (const path of this.form.order) this.decide(path, this.form.fields[path]);
    if (!this.partial) this.askForMissing();
    return { clean: this.clean, errors: this.errors, visible: this.visible };
  }

  decide(path, item) {
    if (!path.includes("*")) {
      if (this.sectionShown(item.section) && holds(item.when, this.scope)) {
        this.visible.add(path);
        this.put(item, this.answers, this.clean, path, this.scope);
        if (Object.hasOwn(this.clean, item.key)) this.scope[item.key] = this.clean[item.key];
      }
      return;
    }
    const group = path.split(".*.")[0];
    (this.rows[group] ?? []).forEach(([raw, row], index) => {
      const scope = this.rowScope(group, row);
      if (!holds(item.when, scope)) return;
      const concrete = `${group}.${index}.${item.key}`;
      this.visible.add(concrete);
      this.put(item, raw, row, concrete, scope);
    });
  }

  sectionShown(key) {
    if (!(key in this.shown)) {
      const section = this.form.sections.find((candidate) => candidate.key === key);
      this.shown[key] = holds(section.when, this.scope);
      if (this.shown[key]) this.visible.add(`#${key}`);
    }
    return this.shown[key];
  }

  rowScope(group, row) {
    const blank = Object.fromEntries(this.form.fields[group].fields.map((path) => [this.form.fields[path].key, null]));
    return { ...this.scope, ...blank, ...row };
  }

  put(item, raw, into, path, scope) {
    let value;
    if (item.type === "repeat") value = this.startRows(item, raw[item.key], path);
    else if (item.type === "computed") value = compute(item, scope);
    else {
      let checked = checkAnswer(item, Object.hasOwn(raw, item.key) ? raw[item.key] : null, this.setting);
      if (item.type === "admin_unit" && checked.value !== undefined && !withinDistrict(item, checked.value, scope, this.setting)) checked = BAD("unit_within");
      if (checked.code) this.fail(item, path, checked.code, checked.values);
      value = checked.value;
    }
    if (value !== undefined && value !== null) into[item.key] = value;
  }

  startRows(item, raw, path) {
    if (raw === null || raw === undefined || raw === "") return null;
    if (!Array.isArray(raw) || !raw.slice(0, item.max_items).every(isObject)) {
      this.fail(item, path, "repeat");
      return null;
    }
    if (raw.length > item.max_items) this.fail(item, path, "max_items", { max: item.max_items });
    this.rows[path] = raw.slice(0, item.max_items).map((row) => [row, {}]);
    return this.rows[path].length ? this.rows[path].map(([, row]) => row) : null;
  }

  askForMissing() {
    for (const [item, path, holder, scope] of this.instances()) {
      if (!this.visible.has(path) || path in this.errors || UNASKED.has(item.type)) continue;
      const value = holder[item.key];
      if (item.type === "repeat") {
        const least = Math.max(item.min_items ?? 0, item.required && holds(item.required, scope) ? 1 : 0);
        if ((value ?? []).length < least) this.fail(item, path, "min_items", { min: least });
      } else if (item.required && (isMissing(value) || (item.type === "boolean" && value === false)) && holds(item.required, scope)) {
        this.fail(item, path, REQUIRED[item.type] ?? "required");
      }
    }
  }

  *instances() {
    for (const [path, item] of Object.entries(this.form.fields)) {
      if (!path.includes("*")) {
        yield [item, path, this.clean, this.scope];
        continue;
      }
      const group = path.split(".*.")[0];
      for (const [index, [, row]] of (this.rows[group] ?? []).entries()) yield [item, `${group}.${index}.${item.key}`, row, this.rowScope(group, row)];
    }
  }

  fail(item, path, code, values = {}) {
    if (code === "pattern" && item.pattern_message) {
      this.errors[path] = item.pattern_message;
      return;
    }
    const filled = { ...values, label: labelOf(this.form, path) };
    this.errors[path] = this.form.messages[code].replace(/\{(\w+)\}/g, (whole, name) => filled[name] ?? whole);
  }
}

const REQUIRED = {
  select: "required_choice", radio: "required_choice", checkboxes: "required_choice", admin_unit: "required_choice",
  point: "required_place", line: "required_place", polygon: "required_place", boolean: "required_tick", file: "required_file",
};

export function labelOf(form, path) {
  const label = form.fields[declared(path)].label ?? "";
  const parts = path.split(".");
  if (parts.length === 1) return label;
  const group = form.fields[parts[0]];
  return `${label} (${group.item_label ?? group.label} ${Number(parts[1]) + 1})`;
}

export function compute(item, scope) {
  const decimals = (path) => valuesAt(scope, path).map(asDecimal);
  let result = null;
  if (item.sum !== undefined) {
    const known = [item.sum].flat().flatMap(decimals).filter(Boolean);
    if (known.length) result = known.reduce(add);
  } else {
    result = { units: 1n, scale: 0 };
    for (const factor of item.product) {
      const found = typeof factor === "string" ? decimals(factor)[0] : asDecimal(factor);
      if (!found) return null;
      result = multiply(result, found);
    }
  }
  if (result === null || tooLarge(result)) return null;
  return toNumber(round(result, Math.min(item.decimals, 6)));
}

const tooLarge = (decimal) => compareDecimals({ units: decimal.units < 0n ? -decimal.units : decimal.units, scale: decimal.scale }, LIMIT) >= 0;
const length = (text) => [...text].length;

function checkAnswer(item, raw, setting) {
  if (raw === null || raw === undefined || !(item.type in CHECKS)) return NOTHING;
  if (typeof raw === "string" && length(raw) > Math.max(item.max_length * 2, 1000)) return BAD("too_long", { max: item.max_length });
  return CHECKS[item.type](item, raw, setting);
}

function text(item, raw, setting) {
  if (typeof raw !== "string") return BAD("text");
  let value = cleanText(raw, item.type === "textarea");
  if (!value) return NOTHING;
  let code = "";
  if (item.type === "personal_id") [value, code] = identifiers.personalId(value);
  else if (item.type === "tax_code") [value, code] = identifiers.taxCode(value, setting.today, setting.limits.personal_tax_code_from);
  else if (item.type === "phone") [value, code] = identifiers.phone(value);
  else if (item.type === "email") [value, code] = identifiers.email(value);
  if (code) return BAD(code);
  if (length(value) > item.max_length) return BAD("too_long", { max: item.max_length });
  if (length(value) < (item.min_length ?? 0)) return BAD("too_short", { min: item.min_length });
  if (item.pattern && (length(value) > 1000 || !new RegExp(`^(?:${item.pattern})$`, "u").test(value))) return BAD("pattern");
  return OK(value);
}

function number(item, raw) {
  if (typeof raw === "string" && !raw.trim()) return NOTHING;
  const found = typeof raw === "string" ? parseNumber(cleanText(raw)) : asDecimal(raw);
  if (!found || tooLarge(found)) return BAD(item.type);
  if (found.scale > item.decimals) return BAD(item.decimals === 0 && item.type !== "number" ? item.type : "decimals", { decimals: item.decimals });
  if (significantDigits(found) > 15) return BAD(item.type);
  const [low, high] = [asDecimal(item.min ?? null), asDecimal(item.max ?? null)];
  if ((low && compareDecimals(found, low) < 0) || (high && compareDecimals(found, high) > 0)) {
    return BAD(low && high ? "between" : high ? "max" : "min", { min: formatNumber(low), max: formatNumber(high) });
  }
  return OK(toNumber(found));
}

function date(item, raw, setting) {
  if (typeof raw !== "string") return BAD("date");
  if (!raw.trim()) return NOTHING;
  const day = parseDay(cleanText(raw));
  if (!day) return BAD("date");
  const [low, high] = [item.min, item.max].map((bound) => (bound === "today" ? setting.today : bound));
  if (low && day < low) return BAD("date_min", { min: formatDay(low) });
  if (high && day > high) return BAD("date_max", { max: formatDay(high) });
  return OK(day);
}

function boolean(item, raw) {
  if (typeof raw === "boolean") return OK(raw);
  if (raw === "true" || raw === "false") return OK(raw === "true");
  return raw === "" ? NOTHING : BAD("boolean");
}

function choice(item, raw, setting) {
  if (typeof raw === "string" && !raw.trim()) return NOTHING;
  return typeof raw === "string" && isOption(item, raw, setting) ? OK(raw) : BAD("choice");
}

function choices(item, raw, setting) {
  const values = typeof raw === "string" ? [raw] : raw;
  if (!Array.isArray(values)) return BAD("choice");
  const chosen = [];
  for (const value of values.slice(0, 1000)) {
    if (value === "" || chosen.includes(value)) continue;
    if (typeof value !== "string" || !isOption(item, value, setting)) return BAD("choice");
    chosen.push(value);
  }
  return chosen.length ? OK(chosen) : NOTHING;
}

function isOption(item, value) {
  if (item.options === null) return value.length > 0 && value.length <= 100 && cleanText(value) === value;
  return item.options.includes(value);
}

function unit(item, raw, setting) {
  if (typeof raw === "string" && !raw.trim()) return NOTHING;
  if (typeof raw !== "string" || raw.length > 40 || !/^[-._0-9A-Za-z]*[0-9A-Za-z][-._0-9A-Za-z]*$/.test(raw)) return BAD("unit");
  const found = setting.lookups?.units ? setting.lookups.units.find((candidate) => candidate.code === raw) : null;
  if (setting.lookups?.units && (!found || found.level !== item.level)) return BAD("unit");
  return OK(raw);
}

function withinDistrict(item, code, scope, setting) {
  const above = item.within ? scope[item.within] : null;
  const found = above && setting.lookups?.units?.find((candidate) => candidate.code === code);
  return !found || found.parent === above;
}

const isBlankPlace = (raw) => isMissing(raw) || (isTyped(raw) && typedIsBlank(raw));

function point(item, raw) {
  if (isBlankPlace(raw)) return NOTHING;
  const [value, code, values] = checkPoint(raw, item.bbox);
  return code ? BAD(code, values) : OK(value);
}

function line(item, raw, setting) {
  if (isBlankPlace(raw)) return NOTHING;
  const [value, code, values] = checkLine(raw, item.bbox, setting.limits);
  return code ? BAD(code, values) : OK(value);
}

function polygon(item, raw, setting) {
  if (isBlankPlace(raw)) return NOTHING;
  const [value, code, values] = checkPolygon(raw, item.bbox, item.max_area_ha, setting.limits);
  return code ? BAD(code, values) : OK(value);
}

function files(item, raw, setting) {
  const ids = typeof raw === "string" ? [raw] : raw;
  if (!Array.isArray(ids)) return BAD("file");
  const kept = [];
  for (const id of ids.slice(0, 1000)) {
    if (id === "" || kept.includes(id)) continue;
    if (typeof id !== "string" || id.length > 64 || !/^[-0-9A-Za-z]*[0-9A-Za-z][-0-9A-Za-z]*$/.test(id)) return BAD("file");
    const stored = setting.lookups?.files?.[id];
    if (setting.lookups?.files && !stored) return BAD("file");
    const code = stored ? fileCode(item, stored.name, stored.size, stored.content_type) : "";
    if (code) return BAD(code, fileValues(item));
    kept.push(id);
  }
  if (kept.length > item.max_files) return BAD("max_files", { max: item.max_files });
  return kept.length ? OK(kept) : NOTHING;
}

/** Why a file may not be handed in: the code of a message, or "". Also asked before an upload begins. */
export function fileCode(item, name, size, contentType = "") {
  if (size > item.max_mb * 1048576) return "file_size";
  const [small, kind] = [name.toLowerCase(), contentType.toLowerCase()];
  const fits = (part) => (part.startsWith(".") ? small.endsWith(part) : kind === part || (part.endsWith("/*") && kind.startsWith(part.slice(0, -1))));
  return !item.accept.length || item.accept.some(fits) ? "" : "file_type";
}

export const fileValues = (item) => ({ accept: item.accept.join(", "), max: formatNumber(item.max_mb) });

/** Today in Viet Nam, whatever the clock zone of the device. */
function localDay() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
}

const CHECKS = {
  text, textarea: text, email: text, phone: text, personal_id: text, tax_code: text,
  integer: number, number, money: number,
  select: choice, radio: choice, checkboxes: choices,
  date, boolean, admin_unit: unit, point, line, polygon, file: files,
};
