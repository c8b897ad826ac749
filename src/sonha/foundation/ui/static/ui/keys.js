// The officials' keys: `?` shows them, `g` and a letter goes to a page, a marked link or button (`data-key`) is its letter. They can be
// turned off: who dictates or uses switch control would press them without wanting to (WCAG 2.1.4).
const dialog = document.querySelector("#keys");
const writing = (target) => target.matches("input:not([type='checkbox']):not([type='radio']), textarea, select, [contenteditable]");
const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };

let going = 0;

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.matches || writing(event.target) || event.key.length !== 1) return;
  if (event.key === "?") {
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
    return;
  }
  if (off() || dialog.open) { if (/[a-z/]/.test(event.key)) event.stopPropagation(); return; }
  if (event.key === "g") { going = Date.now(); return; }
  const place = Date.now() - going < 1500 ? dialog.querySelector(`[data-go="${CSS.escape(event.key)}"]`) : null;
  going = 0;
  const wanted = place || document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  event.stopPropagation();
  wanted.click();
}, { capture: true });

const choice = dialog.querySelector("[data-keys-off]");
choice.checked = off();
choice.addEventListener("change", () => {
  try { if (choice.checked) localStorage.setItem("keys", "off"); else localStorage.removeItem("keys"); } catch { /* lasts for this page */ }
});
document.querySelectorAll("[data-show-keys]").forEach((button) => button.addEventListener("click", () => dialog.showModal()));
