// Nothing typed is lost: each change is sent to the draft after a short pause; while that fails, the page keeps it on this device
// and tries again; a copy left behind is put back when the page opens.

import { collect } from "./fields.js";

const PAUSE = 1200;
const RETRY = 15000;

export function keepSaved(page) {
  const url = page.root.dataset.autosaveUrl;
  const place = `sonha:draft:${url}:${[...page.root.querySelectorAll("[data-section]")].map((section) => section.dataset.section).join(",")}`;
  let timer = 0;
  let dirty = false;
  let paused = false;
  let running = false;

  function body() {
    return JSON.stringify({ answers: collect(page) });
  }

  function keep() {
    try {
      localStorage.setItem(place, body());
    } catch { /* storage full or forbidden: the next save still goes to the server */ }
  }

  async function send() {
    if (!dirty || paused || running) return;
    running = true;
    dirty = false;
    page.say(page.words.saving);
    try {
      const answer = await fetch(url, { method: "POST", credentials: "same-origin", body: body(), headers: headers(page), redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { saved_at: time } = await answer.json();
      if (!dirty) localStorage.removeItem(place);
      page.say(page.words.saved.replace("{time}", time ?? clock()));
    } catch {
      dirty = true;
      keep();
      page.say(page.words.offline);
      clearTimeout(timer);
      timer = setTimeout(send, RETRY);
    } finally {
      running = false;
    }
    if (dirty && navigator.onLine) later();
  }

  function later() {
    dirty = true;
    keep();
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  }

  function leave() {
    if (!dirty || paused) return;
    fetch(url, { method: "POST", credentials: "same-origin", keepalive: true, body: body(), headers: headers(page) })
      .then((answer) => { if (answer.ok) localStorage.removeItem(place); }).catch(() => {});
  }

  window.addEventListener("online", () => { if (dirty) send(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => { if (event.persisted) paused = false; }); // came back by the browser's own button

  const kept = localStorage.getItem(place) ?? sessionStorage.getItem(place);
  for (const other of Object.keys(sessionStorage)) if (other.startsWith(`sonha:draft:${url}:`) && other !== place) sessionStorage.removeItem(other);
  const handle = {
    later,
    // While the page itself is sent, a copy stays with this tab only, in case it does not arrive.
    pause() {
      paused = true;
      clearTimeout(timer);
      sessionStorage.setItem(place, body());
      localStorage.removeItem(place);
    },
    resume() { paused = false; later(); },
  };
  if (kept) {
    queueMicrotask(() => {
      try {
        page.restore(JSON.parse(kept).answers);
        page.say(page.words.restored);
      } catch {
        localStorage.removeItem(place);
      }
    });
  }
  return handle;
}

const headers = (page) => ({ "Content-Type": "application/json", "X-CSRFToken": page.csrf() });
const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
