// Ready sentences: a click, or Alt and a digit while writing, puts one into the field that is being written.
const FIELDS = "textarea, input[type='text']";
let last = null;

document.addEventListener("focusin", (event) => {
  if (event.target.matches(FIELDS)) last = event.target;
});

function insert(form, text) {
  const field = last && form.contains(last) ? last : form.querySelector("textarea[name='comment']");
  if (!field) return;
  const before = field.value.slice(0, field.selectionStart).trimEnd();
  const after = field.value.slice(field.selectionEnd);
  const joint = before ? (field.matches("textarea") ? "\n" : " ") : "";
  field.value = before + joint + text + after;
  const place = (before + joint + text).length;
  field.focus();
  field.setSelectionRange(place, place);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sentence]");
  if (button) insert(button.form, button.dataset.sentence);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Digit[1-9]$/.test(event.code) || !event.target.matches(FIELDS)) return;
  const button = event.target.form?.querySelectorAll("[data-sentence]")[Number(event.code.slice(5)) - 1];
  if (!button) return;
  event.preventDefault();
  insert(event.target.form, button.dataset.sentence);
});
