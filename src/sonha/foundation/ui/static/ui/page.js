// What every page does: theme, letters and simple mode change at a press (early.js keeps them), double submit is guarded.
const root = document.documentElement;
const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode: the choice lasts for this page */ } };

const CHOICES = {
  toggleTheme: () => keep("theme", root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"),
  toggleSize: () => keep("size", root.dataset.size = root.dataset.size === "large" ? "normal" : "large"),
  toggleSimple: () => {
    if (root.dataset.simple) delete root.dataset.simple;
    else root.dataset.simple = "1";
    keep("simple", root.dataset.simple ?? "");
    document.dispatchEvent(new CustomEvent("simple"));
  },
};
function showChoices() {
  document.querySelectorAll("[data-toggle-size]").forEach((each) => each.setAttribute("aria-pressed", String(root.dataset.size === "large")));
  document.querySelectorAll("[data-toggle-simple]").forEach((each) => each.setAttribute("aria-pressed", String(Boolean(root.dataset.simple))));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggle-theme], [data-toggle-size], [data-toggle-simple]");
  if (!button) return;
  CHOICES[Object.keys(CHOICES).find((name) => name in button.dataset)]();
  showChoices();
});
showChoices();

// On a phone the menu folds; without script it stays open.
const menuButton = document.querySelector("[data-toggle-menu]");
menuButton?.addEventListener("click", () => {
  const open = menuButton.getAttribute("aria-expanded") !== "true";
  menuButton.setAttribute("aria-expanded", String(open));
  document.querySelectorAll("#menu, #tools").forEach((each) => each.classList.toggle("open", open));
});

// A second click on a slow line must not send a second form; the server would cope, the person would wonder.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return; // a check on the page stopped it: nothing was sent
  if ("download" in form.dataset) return; // a file comes and the page stays: another kind of file may be asked for at once
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method === "post") {
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  }
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Tick all of a list, and count what is ticked.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-tick-all]")) {
    box.form?.querySelectorAll("input[name='task'], input[name='row']").forEach((each) => { each.checked = box.checked; });
  }
  if (box.matches("input[name='task'], input[name='row'], [data-tick-all]")) {
    const count = box.form?.querySelectorAll("input:is([name='task'], [name='row']):checked").length ?? 0;
    const shown = box.form?.querySelector("[data-ticked]");
    if (shown) shown.textContent = String(count);
  }
});

// j and k walk a list, Enter opens, x ticks, / goes to the search box.
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const search = document.querySelector("input[type='search']");
    if (search) { event.preventDefault(); search.focus(); }
  }
  if (event.key === "x") {
    const box = document.activeElement?.closest("tr")?.querySelector("input:is([name='task'], [name='row'])");
    if (box) box.click();
  }
  if (event.key === "j" || event.key === "k") {
    const links = [...document.querySelectorAll("[data-row-link]")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + (event.key === "j" ? 1 : -1)))].focus();
  }
});

// What scrolls by itself can be scrolled by keyboard: it takes the focus and says what it is.
const scrolling = "main .scroll, main .table-responsive, main .names, main dl.facts dd, main pre";
const reachable = () => document.querySelectorAll(scrolling).forEach((box) => {
  const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  if (!scrolls) { if (box.dataset.scrolls) box.removeAttribute("tabindex"); return; }
  if (box.hasAttribute("tabindex")) return;
  box.tabIndex = 0;
  box.dataset.scrolls = "1";
  if (box.localName !== "div" || box.hasAttribute("aria-label")) return;
  const named = box.querySelector("caption")?.textContent || box.closest("section, .sheet, main")?.querySelector("h1, h2, h3")?.textContent;
  box.setAttribute("role", "group");
  if (named) box.setAttribute("aria-label", named.trim().replace(/\s+/g, " "));
});
reachable();
addEventListener("resize", reachable);
document.addEventListener("htmx:afterSettle", reachable);

// What was typed without a line goes as soon as somebody is signed in and there is one.
try {
  if ("wordsUnsentGone" in document.body.dataset && Object.keys(localStorage).some((key) => key.startsWith("sonha:draft:"))) import("./unsent.js");
} catch { /* storage is forbidden here */ }

// The worker for a broken line comes last: the first page of a slow line has more urgent things to fetch.
if ("serviceWorker" in navigator && window.isSecureContext) {
  addEventListener("load", () => setTimeout(() => navigator.serviceWorker.register("/worker.js").catch(() => {}), 3000));
}

// Where the browser offers to install the site, the foot of the page does too.
addEventListener("beforeinstallprompt", (event) => {
  const button = document.querySelector("[data-install]");
  if (!button) return;
  event.preventDefault();
  button.hidden = false;
  button.addEventListener("click", () => event.prompt(), { once: true });
});
