// Reading answers out of the page and putting them back: the script's half of posting.py.

import { formatDay, formatNumber, parseDay, parseNumber } from "./figures.js";
import { declared, UNASKED } from "./validate.js";

const PLACES = new Set(["point", "line", "polygon"]);
const escape = (name) => CSS.escape(name);

/** The controls of one field, without those of rows inside it. */
export function inputsOf(field) {
  if (!field) return [];
  return [...field.querySelectorAll("input, select, textarea")].filter((input) => input.closest("[data-field]") === field);
}

/** The control that is posted; a list to search in stands beside it without a name. */
const named = (inputs) => inputs.find((input) => input.name);
const rowsIn = (field) => [...field.querySelector("[data-rows]").children].filter((child) => child.hasAttribute("data-row"));
const fieldIn = (holder, path) => [...holder.querySelectorAll(`[data-field="${escape(path)}"]`)].find((field) => !field.closest("template"));

/** The field element of a concrete path. */
export function fieldAt(page, path) {
  const parts = path.split(".");
  if (parts.length === 1) return fieldIn(page.root, path);
  const group = fieldIn(page.root, parts[0]);
  return group ? fieldIn(rowsIn(group)[Number(parts[1])] ?? group, declared(path)) : undefined;
}

/** The answers of this page as typed, hidden fields included. */
export function collect(page) {
  const answers = {};
  for (const field of page.root.querySelectorAll("[data-field]")) {
    if (field.closest("[data-row]")) continue;
    const item = page.form.fields[field.dataset.field];
    const value = item.type === "repeat" ? rowsIn(field).map((row) => collectRow(page, row)) : read(item, field);
    if (value !== undefined) answers[item.key] = value;
  }
  return answers;
}

export function collectRow(page, row) {
  const answers = {};
  for (const field of row.querySelectorAll("[data-field]")) {
    const item = page.form.fields[field.dataset.field];
    const value = read(item, field);
    if (value !== undefined) answers[item.key] = value;
  }
  return answers;
}

function read(item, field) {
  const inputs = inputsOf(field);
  if (UNASKED.has(item.type)) return undefined;
  if (item.type === "boolean") return inputs.find((input) => input.type === "checkbox").checked;
  if (item.type === "radio") return inputs.find((input) => input.checked)?.value ?? "";
  if (item.type === "checkboxes" || item.type === "file") return inputs.filter((input) => input.type === "checkbox" && input.checked).map((input) => input.value);
  if (PLACES.has(item.type)) return readPlace(field);
  return named(inputs).value;
}

function readPlace(field) {
  const hidden = field.querySelector("[data-geojson]");
  if (!hidden.disabled && hidden.value) return JSON.parse(hidden.value);
  const typed = { crs: field.querySelector("[data-crs]").value };
  for (const name of ["x", "y", "lines"]) {
    const input = field.querySelector(`[data-${name}]`);
    if (input) typed[name] = input.value;
  }
  return typed;
}

/** Puts answers as typed (or as kept) into the page. */
export function fill(page, answers) {
  for (const field of page.root.querySelectorAll("[data-field]")) {
    if (field.closest("[data-row]")) continue;
    const item = page.form.fields[field.dataset.field];
    if (!Object.hasOwn(answers, item.key)) continue;
    if (item.type !== "repeat") write(item, field, answers[item.key]);
    else fillRows(page, field, Array.isArray(answers[item.key]) ? answers[item.key] : []);
  }
}

function fillRows(page, field, rows) {
  const repeat = field.querySelector("[data-repeat]");
  rowsIn(field).slice(rows.length).forEach((row) => row.remove());
  while (rowsIn(field).length < rows.length && page.newRow(repeat)) { /* one more row */ }
  page.renumber(repeat.querySelector("[data-rows]"));
  rowsIn(field).forEach((row, index) => {
    for (const inner of row.querySelectorAll("[data-field]")) {
      const item = page.form.fields[inner.dataset.field];
      if (Object.hasOwn(rows[index] ?? {}, item.key)) write(item, inner, rows[index][item.key]);
    }
  });
}

export function write(item, field, value) {
  const inputs = inputsOf(field);
  if (UNASKED.has(item.type)) return;
  if (item.type === "boolean") inputs.find((input) => input.type === "checkbox").checked = value === true || value === "true";
  else if (item.type === "radio") inputs.forEach((input) => { input.checked = input.value === value; });
  else if (item.type === "checkboxes") inputs.forEach((input) => { if (input.type === "checkbox") input.checked = [value].flat().includes(input.value); });
  else if (item.type === "file") field.dispatchEvent(new CustomEvent("form:files", { detail: [value].flat() }));
  else if (PLACES.has(item.type)) field.dispatchEvent(new CustomEvent("form:place", { detail: value }));
  else {
    const input = named(inputs);
    input.value = typeof value === "number" ? formatNumber(value) : item.type === "date" ? formatDay(value) : value ?? "";
    input.dispatchEvent(new CustomEvent("form:value"));
  }
}

/** On leaving a field: numbers get their dots, dates their slashes. What cannot be read stays as typed. */
export function reformat(page, input) {
  const field = input.closest?.("[data-field]");
  const item = field && page.form.fields[field.dataset.field];
  if (!item || !input.name || input.name.includes(":", page.prefix.length)) return;
  if (["integer", "number", "money"].includes(item.type)) {
    const number = parseNumber(input.value);
    if (number) input.value = formatNumber(number);
  } else if (item.type === "date") {
    const day = parseDay(input.value);
    if (day) input.value = formatDay(day);
  }
}
