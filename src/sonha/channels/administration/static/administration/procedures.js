// The editor of procedures. Everything works without this file; it spares page loads and shows what fits.

// A refused edit comes back with 422 and the page as it was typed: it is shown like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", () => arrive());

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("change", (event) => {
  const select = event.target;
  if (select.matches("[data-varying='type'] select[name='type']")) fitType(select.form, select.value);
  if (select.matches("[data-condition-field]")) offerValues(select);
});

/** Shows the properties that the chosen type of field has. */
function fitType(form, type) {
  for (const property of form.querySelectorAll("[data-only]")) {
    property.hidden = !property.dataset.only.split(" ").includes(type);
  }
}

/** The options of the chosen field as suggestions for the value. */
function offerValues(select) {
  const list = select.closest("[data-condition-row]").querySelector("datalist");
  const chosen = select.selectedOptions[0];
  const values = chosen?.dataset.type === "boolean" ? ["có", "không"] : (chosen?.dataset.options || "").split("|").filter(Boolean);
  list.replaceChildren(...values.map((value) => Object.assign(document.createElement("option"), { value })));
}

/** After a page arrived: suggestions filled, the open element in view and lit in the preview. */
function arrive() {
  document.querySelectorAll("[data-condition-field]").forEach(offerValues);
  const open = document.getElementById("muc");
  const title = open?.querySelector("[data-focus]");
  if (title) {
    open.querySelectorAll("details.folded").forEach((folded) => { folded.open = Boolean(folded.querySelector(".has-error")); });
    const wrong = open.querySelector(".has-error input, .has-error select, .has-error textarea");
    (wrong ?? title).focus({ preventScroll: true });
    open.scrollIntoView({ block: "nearest" });
    lightUp(open);
  }
  showStep();
}

/** The open step marked in the diagram, and in view there. */
function showStep() {
  const key = document.querySelector("[data-step-link][aria-current]")?.dataset.stepLink;
  const drawing = document.querySelector("[data-diagram]");
  const step = key && drawing?.querySelector(`[data-step="${CSS.escape(key)}"]`);
  if (!step) return;
  step.classList.add("chosen");
  const [frame, box] = [drawing.getBoundingClientRect(), step.getBoundingClientRect()];
  drawing.scrollBy(box.left - frame.left - frame.width / 2, box.top - frame.top - frame.height / 2);
}

// A step of the diagram opens like its line in the list.
document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-diagram] [data-step]");
  if (step) document.querySelector(`[data-step-link="${CSS.escape(step.dataset.step)}"]`)?.click();
});

/** Shows in the preview which field is being edited. */
function lightUp(sheet) {
  const key = sheet.querySelector("[name='key']")?.value;
  const preview = document.querySelector("[data-preview]");
  if (!key || !preview) return;
  const field = preview.querySelector(`[data-field$="${CSS.escape(key)}"], [data-section="${CSS.escape(key)}"]`);
  if (!field) return;
  field.classList.add("lit");
  const frame = preview.getBoundingClientRect();
  preview.scrollTop += field.getBoundingClientRect().top - frame.top - 60;
}

arrive();
