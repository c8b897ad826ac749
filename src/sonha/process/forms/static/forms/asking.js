// Asking registers while a form is filled in: the script's half of asking.py. What is told never stops anybody.

import { collectRow } from "./fields.js";
import { valuesAt } from "./rules.js";

const answers = new Map();
const KEPT = 200;

/** The answers that a look-up reads: those of its row first, then the whole form, then what the page knows besides. */
export function scopeOf(page, field) {
  const row = field.closest("[data-row]");
  const own = row ? Object.fromEntries(Object.entries(collectRow(page, row)).map(([key, value]) => [key, value ?? null])) : {};
  return { ...page.context, ...page.answers(), ...own };
}

/** What a look-up asks with, as text; null while nothing is given. */
export function given(page, item, field) {
  const scope = scopeOf(page, field);
  const found = Object.entries(item.given ?? {}).map(([name, path]) => [name, valuesAt(scope, path)[0]]);
  const written = found.filter(([, value]) => ["string", "number"].includes(typeof value) && String(value).trim());
  return written.length ? Object.fromEntries(written.map(([name, value]) => [name, String(value).trim()])) : null;
}

/** What the register says: `{answer, cut}`, or `{error}` with a sentence; null when there is nothing to ask. The same question is asked once. */
export async function ask(page, item, field, more = {}) {
  const asked = given(page, item, field);
  if (!asked || !page.root.dataset.askUrl) return null;
  const address = `${page.root.dataset.askUrl}?${new URLSearchParams({ of: item.of, ...asked, ...more })}`;
  if (!answers.has(address)) {
    if (answers.size > KEPT) answers.clear();
    answers.set(address, fetch(address, { headers: { Accept: "application/json" } }).then((reply) => reply.json()).catch(() => null));
  }
  const told = await answers.get(address);
  if (!told || told.error) answers.delete(address);
  return told ?? { error: page.words.ask_failed };
}

/** Writes a sentence into its place under the field; nothing when there is none. */
export function tell(box, told) {
  if (!box) return;
  box.hidden = !told;
  box.classList.toggle("told-warn", Boolean(told?.warn));
  const line = box.querySelector("[data-told-line]");
  if (line.textContent !== (told?.sentence ?? "")) line.textContent = told?.sentence ?? "";
  box.querySelector("[data-told-digest]").value = told?.digest ?? "";
}

/** Calls back some time after the last of many calls. */
export function settled(callback, milliseconds = 450) {
  let timer = 0;
  return (...given_) => {
    clearTimeout(timer);
    timer = setTimeout(() => callback(...given_), milliseconds);
  };
}
