// Look-ups of a form: one's own things to choose from, what a register holds of what was typed, and an offer to fill it in.

import { ask, scopeOf, settled, tell } from "./asking.js";
import { fieldAt, write } from "./fields.js";
import { asDecimal, compareDecimals, parseDay, parseNumber } from "./figures.js";
import { isMissing } from "./rules.js";

const PLACES = new Set(["point", "line", "polygon"]);
const OTHER = "other";

export function lookUp(page, field) {
  const item = page.form.fields[field.dataset.field];
  const row = field.closest("[data-row]");
  const holder = row ?? page.root;
  const box = [...holder.querySelectorAll("[data-told]")].find((told) => told.dataset.told.split(".").at(-1) === item.key && told.closest("[data-row]") === row);
  const own = field.querySelector("[data-own]");
  const mine = JSON.parse(field.querySelector("[data-own-values] script").textContent);
  const button = box.querySelector("[data-told-fill]");
  let answer = null;

  const pathOf = (key) => {
    const beside = field.dataset.field.replace(/[^.]+$/, key);
    return page.form.fields[beside] ? beside : key;
  };

  /** Answers that differ from what is there, as the fields take them (offers in asking.py). */
  function offers(values, chosen) {
    const scope = scopeOf(page, field);
    const taken = {};
    for (const [name, key] of Object.entries({ ...item.given, ...item.fills })) {
      const target = page.form.fields[pathOf(key)];
      let value = values[name];
      if (!target || isMissing(value)) continue;
      const there = PLACES.has(target.type) ? placeThere(key) : scope[key];
      if ((name in item.given || PLACES.has(target.type)) && !chosen && !isMissing(there)) continue;
      if (target.options && !target.options.includes(value)) value = target.options.includes(OTHER) ? OTHER : null;
      if (value !== null && !same(target, there, value)) taken[key] = value;
    }
    const order = Object.keys(page.form.fields);
    return Object.fromEntries(Object.entries(taken).sort(([one], [other]) => order.indexOf(pathOf(one)) - order.indexOf(pathOf(other))));
  }

  const elementOf = (key) => {
    const path = pathOf(key);
    return path.includes("*") ? row.querySelector(`[data-field="${CSS.escape(path)}"]`) : fieldAt(page, path);
  };
  const placeThere = (key) => page.result?.clean[key];

  function take(values) {
    for (const [key, value] of Object.entries(values)) {
      const element = elementOf(key);
      if (!element) continue;
      write(page.form.fields[pathOf(key)], element, value);
      page.touched.add(element);
    }
    page.changed();
  }

  function offer() {
    const taken = answer ? offers(answer.values, false) : {};
    const labels = Object.keys(taken).filter((key) => elementOf(key) && !PLACES.has(page.form.fields[pathOf(key)].type)).map((key) => page.form.fields[pathOf(key)].label);
    button.hidden = !labels.length;
    button.querySelector("[data-told-labels]").textContent = labels.length ? `: ${labels.join(", ")}` : "";
  }

  async function look() {
    const told = await ask(page, item, field);
    answer = told?.answer ?? null;
    tell(box, answer ?? (told?.error ? { sentence: told.error } : null));
    offer();
  }

  const soon = settled(look);
  page.root.addEventListener("input", () => soon());
  page.root.addEventListener("change", () => { offer(); soon(); });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (answer) take(offers(answer.values, false));
    offer();
  });
  if (own) {
    field.querySelector("[data-pick]").hidden = true;
    own.addEventListener("change", () => {
      if (mine[own.value]) take(offers(mine[own.value], true));
      look();
    });
  }
  queueMicrotask(look);
}

function same(target, there, value) {
  if (isMissing(there)) return false;
  if (["number", "integer", "money"].includes(target.type)) {
    const [one, other] = [there, value].map((each) => (typeof each === "string" ? parseNumber(each) : asDecimal(each)));
    return Boolean(one && other) && compareDecimals(one, other) === 0;
  }
  if (target.type === "date") return parseDay(String(there)) === value;
  return typeof there === "string" && typeof value === "string" ? there.trim() === value.trim() : JSON.stringify(there) === JSON.stringify(value);
}
