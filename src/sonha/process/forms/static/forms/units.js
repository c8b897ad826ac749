// Administrative units: a list one can type into without diacritics, narrowed to the district chosen before it.
// The select stays in the page and keeps the answer; this only opens another way to it.

import { declared } from "./validate.js";

/** "Lộc Bình" and "loc binh" are the same. */
export const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase().trim();

export function matches(name, typed) {
  const [whole, wanted] = [plain(name), plain(typed)];
  return !wanted || wanted.split(/\s+/).every((part) => whole.includes(part));
}

let lists = 0;

export function searchUnits(page, field, select) {
  lists += 1;
  const all = [...select.options].filter((option) => option.value).map((option) => ({
    code: option.value, name: option.textContent, parent: option.dataset.parent ?? "", group: option.closest("optgroup")?.label ?? "",
  }));
  const list = Object.assign(document.createElement("ul"), { id: `unit-list-${lists}`, className: "unit-list", hidden: true });
  list.setAttribute("role", "listbox");
  const input = Object.assign(document.createElement("input"), { type: "text", className: "form-control", id: `${select.id}-search`, autocomplete: "off", placeholder: page.words.type_to_search });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", "aria-describedby": select.getAttribute("aria-describedby") })) input.setAttribute(name, value);
  const box = Object.assign(document.createElement("div"), { className: "unit-search" });
  select.before(box);
  box.append(input, list);
  select.classList.add("visually-hidden");
  select.tabIndex = -1;
  select.setAttribute("aria-hidden", "true");
  field.querySelector("[data-unit-label]").htmlFor = input.id;
  let active = -1;

  const district = () => {
    const key = select.dataset.within;
    const group = key && select.closest("[data-row]");
    const holder = group || page.root;
    const path = key && group ? declared(field.dataset.field).replace(/[^.]+$/, key) : key;
    return key ? holder.querySelector(`[data-field="${CSS.escape(path)}"] select`)?.value ?? "" : "";
  };
  const known = () => all.filter((unit) => !district() || !unit.parent || unit.parent === district());
  const found = () => known().filter((unit) => matches(unit.name, input.value === current() ? "" : input.value));
  const current = () => all.find((unit) => unit.code === select.value)?.name ?? "";
  const show = () => { input.value = current(); };

  function draw() {
    const units = found();
    list.replaceChildren(...units.map((unit, index) => {
      const line = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, textContent: unit.name });
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(index === active));
      line.dataset.code = unit.code;
      if (unit.group && !district()) line.append(Object.assign(document.createElement("span"), { className: "muted", textContent: ` ${unit.group}` }));
      return line;
    }));
    if (!units.length) list.append(Object.assign(document.createElement("li"), { className: "muted", textContent: page.words.no_match }));
    const marked = list.children[active];
    if (marked?.dataset.code) {
      input.setAttribute("aria-activedescendant", marked.id);
      marked.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function open(yes) {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (yes) draw();
  }

  function choose(code) {
    select.value = code;
    show();
    active = -1;
    open(false);
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("focus", () => { input.select(); });
  input.addEventListener("click", () => open(true));
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    active = input.value ? 0 : -1;
    open(true);
  });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const last = found().length - 1;
      active = list.hidden ? 0 : Math.min(last, Math.max(0, active + (event.key === "ArrowDown" ? 1 : -1)));
      open(true);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const unit = found()[Math.max(active, 0)];
      if (unit) choose(unit.code);
    } else if (event.key === "Escape") {
      open(false);
      show();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const code = event.target.closest("[data-code]")?.dataset.code;
    if (code) choose(code);
  });
  input.addEventListener("blur", () => {
    open(false);
    if (!input.value.trim() && select.value) choose("");
    else {
      const exact = known().filter((unit) => plain(unit.name) === plain(input.value));
      if (exact.length === 1 && exact[0].code !== select.value) choose(exact[0].code);
    }
    show();
  });
  select.addEventListener("change", show);
  select.addEventListener("form:value", show);
  select.addEventListener("focus", () => input.focus());
  page.root.addEventListener("change", (event) => {
    if (select.dataset.within && event.target !== select && event.target.matches("select[data-unit='district']") && select.value && !known().some((unit) => unit.code === select.value)) choose("");
  });
  show();
}
