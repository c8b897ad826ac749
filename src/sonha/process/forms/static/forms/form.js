// What scripts add to a declared form: fields that come and go, sums, rows, checks on leaving a field, saving while one types.
// Everything here is an addition; the same form works without it.

import { declared, validate } from "./validate.js";
import { formatNumber } from "./figures.js";
import { holds } from "./rules.js";
import { collect, fill, fieldAt, inputsOf, reformat } from "./fields.js";
import { keepSaved } from "./saving.js";
import { choosePlace } from "./places.js";
import { acceptUploads } from "./uploads.js";
import { searchUnits } from "./units.js";
import { lookUp } from "./lookups.js";
import { askOneByOne } from "./one_question.js";

const BESIDE = new Set(["change", "back", "later"]);

export class DeclaredForm {
  constructor(root) {
    this.root = root;
    this.element = root.closest("form");
    Object.assign(this, JSON.parse(root.querySelector("[data-form-data] script").textContent));
    this.words = this.form.words;
    this.touched = new Set();
    this.status = document.querySelector("[data-saved]") ?? root.querySelector("[data-form-status]");
    this.listen();
    root.querySelectorAll("[data-rows]").forEach((rows) => this.renumber(rows));
    for (const field of root.querySelectorAll("[data-field]")) this.enhance(field);
    this.refresh();
    this.saving = root.dataset.autosaveUrl ? keepSaved(this) : null;
    this.summary = root.querySelector("[data-error-summary]");
    if (!this.summary.hidden && this.summary.offsetParent) this.summary.focus(); // the server refused: begin with what is wrong
    if (this.element) this.askSimply();
  }

  /** In simple mode: every leaf that applies now, rows included; one that was answered wrongly is not left. */
  askSimply() {
    const leaves = () => [...this.root.querySelectorAll("[data-field]")].filter((field) => !field.closest("template, [hidden]") && !field.querySelector("[data-repeat], [data-lookup][hidden]"));
    askOneByOne(this.element, leaves, (field) => {
      this.refresh();
      let told = "";
      this.eachField((each, path) => { if (each === field) told = this.result.errors[path] ?? ""; });
      if (told) {
        this.touched.add(field);
        this.writeError(field, told);
        inputsOf(field).find((input) => input.type !== "hidden")?.focus();
      }
      return !told;
    });
  }

  /** Every answer of the form: those of this page as typed, those of other pages as the server knows them. */
  answers() {
    return { ...this.elsewhere, ...collect(this) };
  }

  enhance(field) {
    if (field.closest("template") || field.dataset.ready) return;
    field.dataset.ready = "1";
    const place = field.querySelector(":scope > [data-place]");
    if (place) choosePlace(this, field, place);
    const files = field.querySelector(":scope > [data-files]");
    if (files) acceptUploads(this, field, files);
    if (field.querySelector(":scope > [data-lookup]")) lookUp(this, field);
    const unit = field.querySelector(":scope > select[data-unit]");
    if (unit) searchUnits(this, field, unit);
  }

  listen() {
    this.root.addEventListener("input", () => this.changed());
    this.root.addEventListener("change", (event) => {
      this.touch(event.target);
      this.changed();
    });
    this.root.addEventListener("focusout", (event) => {
      reformat(this, event.target);
      this.touch(event.target);
      if (!this.pressing) this.refresh();
    });
    // An error that appears while a button is being pressed would move the button away: it waits until the press is over.
    document.addEventListener("pointerdown", () => { this.pressing = true; }, true);
    for (const name of ["pointerup", "pointercancel"]) {
      document.addEventListener(name, () => setTimeout(() => {
        this.pressing = false;
        this.refresh();
      }), true);
    }
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.hasAttribute("data-add")) this.addRow(event, button);
      else if (button?.hasAttribute("data-remove")) this.removeRow(event, button);
    });
    this.element?.addEventListener("submit", (event) => this.submitted(event));
  }

  changed() {
    this.refresh();
    this.saving?.later();
  }

  touch(target) {
    const field = target.closest?.("[data-field]");
    if (!field || field.querySelector("[data-repeat]")) return;
    const typed = inputsOf(field).some((input) => (input.type === "checkbox" || input.type === "radio" ? input.checked : input.value.trim()));
    if (typed || this.touched.has(field)) this.touched.add(field);
  }

  /** Shows and hides, computes, and writes the errors of the fields that were left already. */
  refresh() {
    const answers = this.answers();
    this.result = validate(this.form, answers, { context: this.context });
    for (const section of this.root.querySelectorAll("[data-section]")) section.hidden = !this.result.visible.has(`#${section.dataset.section}`);
    this.eachField((field, path) => {
      const item = this.form.fields[declared(path)];
      field.hidden = !this.result.visible.has(path);
      if (item.type === "computed") {
        const value = valueAt(this.result.clean, path);
        field.querySelector("[data-computed]").textContent = value === undefined ? "—" : formatNumber(value);
      }
      const optional = field.querySelector("[data-optional]");
      if (optional && item.type !== "repeat") optional.hidden = this.isRequired(item, path);
      if (this.touched.has(field)) this.writeError(field, this.result.errors[path] ?? "");
    });
    this.mended();
  }

  /** Takes what was mended out of the list of mistakes; an empty list goes away. */
  mended() {
    if (!this.summary || this.summary.hidden) return;
    for (const line of this.summary.querySelectorAll("li[data-path]")) {
      const field = fieldAt(this, line.dataset.path);
      if (!field || (this.touched.has(field) && !this.result.errors[line.dataset.path])) line.remove();
    }
    this.summary.hidden = !this.summary.querySelector("li");
  }

  isRequired(item, path) {
    if (typeof item.required === "boolean") return item.required;
    const row = path.includes(".") ? valueAt(this.result.clean, path.split(".").slice(0, 2).join(".")) ?? {} : {};
    return holds(item.required, { ...this.context, ...this.result.clean, ...row });
  }

  /** Calls back with every field of the page and its concrete path (`wells.1.depth`). */
  eachField(callback) {
    for (const field of this.root.querySelectorAll("[data-field]")) {
      const row = field.closest("[data-row]");
      if (!row) callback(field, field.dataset.field);
      else callback(field, field.dataset.field.replace("*", rowsOf(row.parentElement).indexOf(row)));
    }
  }

  writeError(field, sentence) {
    const error = [...field.querySelectorAll("[data-error]")].find((candidate) => candidate.closest("[data-field]") === field);
    if (!error) return;
    error.textContent = sentence;
    error.hidden = !sentence;
    field.classList.toggle("has-error", Boolean(sentence));
    for (const input of inputsOf(field)) {
      if (sentence) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  addRow(event, button) {
    event.preventDefault();
    const repeat = button.closest("[data-repeat]");
    const rows = this.newRow(repeat);
    this.changed();
    if (rows) rows.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  newRow(repeat) {
    const rows = repeat.querySelector("[data-rows]");
    if (rowsOf(rows).length >= Number(repeat.dataset.max)) return null;
    const next = Math.max(-1, ...rowsOf(rows).map((row) => Number(row.dataset.number))) + 1;
    const made = document.createElement("div");
    made.innerHTML = repeat.querySelector("template[data-blank-row]").innerHTML.replaceAll("__row__", String(next));
    const row = made.firstElementChild;
    rows.append(row);
    this.renumber(rows);
    row.querySelectorAll("[data-field]").forEach((field) => this.enhance(field));
    return row;
  }

  removeRow(event, button) {
    event.preventDefault();
    const row = button.closest("[data-row]");
    const rows = row.parentElement;
    const neighbour = row.previousElementSibling ?? row.nextElementSibling;
    this.say(this.words.row_removed.replace("{label}", row.querySelector("[data-row-title]").textContent));
    row.remove();
    this.renumber(rows);
    this.changed();
    (neighbour?.querySelector("button[data-remove]") ?? rows.parentElement.querySelector("[data-add]"))?.focus();
  }

  renumber(rows) {
    const repeat = rows.closest("[data-repeat]");
    rowsOf(rows).forEach((row, index) => {
      row.dataset.number = /\.([0-9]+):row$/.exec(row.querySelector('input[name$=":row"]').name)[1];
      const title = `${repeat.dataset.itemLabel} ${index + 1}`;
      row.querySelector("[data-row-title]").textContent = title;
      row.querySelector("[data-row-name]").textContent = title;
    });
    repeat.querySelector(":scope > [data-add]").hidden = rowsOf(rows).length >= Number(repeat.dataset.max);
  }

  /** Puts answers into the page (restored drafts), adding the rows they need. */
  restore(answers) {
    fill(this, answers);
    this.changed();
  }

  submitted(event) {
    const button = event.submitter;
    if (this.saving && !this.saving.mayGo()) { event.preventDefault(); return; }
    this.saving?.pause();
    if (!this.root.hasAttribute("data-check-on-submit") || button?.formNoValidate || BESIDE.has(button?.name)) return;
    this.refresh();
    const errors = [];
    this.eachField((field, path) => {
      if (!this.result.errors[path]) return;
      this.touched.add(field);
      this.writeError(field, this.result.errors[path]);
      errors.push([path, this.result.errors[path]]);
    });
    const told = JSON.stringify(errors);
    if (!errors.length || told === this.told) return; // asked twice: the server decides
    this.told = told;
    event.preventDefault();
    this.saving?.resume();
    this.summarise(errors);
  }

  summarise(errors) {
    const summary = this.summary;
    const list = summary.querySelector("ul");
    list.replaceChildren(...errors.map(([path, sentence]) => {
      const link = document.createElement("a");
      const field = fieldAt(this, path);
      const target = inputsOf(field).find((input) => input.type !== "hidden" && input.id) ?? field.querySelector("[id]");
      link.href = `#${target.id}`;
      link.textContent = sentence;
      const line = document.createElement("li");
      line.dataset.path = path;
      line.append(link);
      return line;
    }));
    summary.hidden = false;
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  }

  say(text) {
    if (this.status) this.status.textContent = text;
  }

  csrf() {
    return this.element?.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  }
}

export const rowsOf = (rows) => [...rows.children].filter((child) => child.hasAttribute("data-row"));

function valueAt(answers, path) {
  return path.split(".").reduce((holder, part) => (holder === null || holder === undefined ? undefined : holder[part]), answers);
}

function start(within) {
  for (const root of within.querySelectorAll("[data-form]")) {
    if (!root.declaredForm) root.declaredForm = new DeclaredForm(root);
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement ?? document));
