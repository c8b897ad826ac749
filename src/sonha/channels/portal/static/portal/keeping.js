// On a page of a filing: going on while there is no line, when the person wants that on this device.

const box = document.querySelector("[data-keep-offline]");
const WISH = "offline";
const wished = () => { try { return localStorage.getItem(WISH) === "1"; } catch { return false; } };

async function tellWorker() {
  const { active } = await navigator.serviceWorker.ready;
  if (box.checked) active.postMessage({ keep: true, who: box.dataset.who, pages: box.dataset.keepOffline.split(" ") });
  else {
    active.postMessage({ forget: true });
    document.querySelector("[data-kept-pages]").textContent = "";
  }
}

if ("serviceWorker" in navigator && window.isSecureContext) {
  box.closest("[hidden]").hidden = false;
  box.checked = wished();
  box.addEventListener("change", () => {
    try { localStorage.setItem(WISH, box.checked ? "1" : ""); } catch { /* holds for this page only */ }
    tellWorker();
  });
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data.kept) document.querySelector("[data-kept-pages]").textContent = box.dataset.wordsKept;
  });
  if (box.checked && navigator.onLine) tellWorker();
}

// Without a line the page is not sent into nothing: what was typed stays, and the next page opens from its copy.
document.addEventListener("submit", async (event) => {
  if (navigator.onLine || event.defaultPrevented || !event.target.matches(".filing form")) return;
  const name = event.submitter?.name;
  event.preventDefault();
  const says = document.querySelector("[data-saved]");
  const at = box.dataset.pages.split(" ").findIndex((each) => each === box.dataset.page);
  const to = box.dataset.pages.split(" ")[at + (name === "back" ? -1 : 1)];
  const copy = to && ["next", "back"].includes(name) && (await caches.match(`${location.pathname}?trang=${to}`));
  if (copy) location.assign(`${location.pathname}?trang=${to}`);
  else says.textContent = box.dataset.wordsWait;
});
