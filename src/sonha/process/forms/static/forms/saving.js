// Nothing typed is lost: each change is sent to the draft after a short pause; while that fails, the page keeps it on this device
// and tries again; a copy left behind is put back when the page opens. Each save says which version of the page it goes on from
// (`written`) and from which device; when another device wrote meanwhile the server keeps that and says so (409), and the person decides.

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
  let written = Number(page.element?.dataset.written ?? 0);
  let clash = null;

  function body() {
    return JSON.stringify({ answers: collect(page), written, device: device(), at: Date.now() });
  }

  function keep() {
    try {
      localStorage.setItem(place, body());
    } catch { /* storage full or forbidden: the next save still goes to the server */ }
  }

  async function send() {
    if (!dirty || paused || running || clash) return;
    running = true;
    dirty = false;
    page.say(page.words.saving);
    try {
      const answer = await fetch(url, { method: "POST", credentials: "same-origin", body: body(), headers: headers(page), redirect: "error" });
      if (answer.status === 409) {
        dirty = true;
        keep();
        ask(await answer.json());
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const { saved_at: time, written: now } = await answer.json();
      written = now ?? written;
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

  /** Two devices wrote on the same page: both are there, and the person says which is to stay. */
  function ask(told) {
    page.say("");
    clash = document.createElement("section");
    clash.className = "next wait";
    clash.setAttribute("role", "alert");
    clash.dataset.clash = "";
    const words = Object.assign(document.createElement("p"), { textContent: page.words.clash.replace("{time}", told.at) });
    const mine = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-primary", textContent: page.words.clash_mine });
    const theirs = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: page.words.clash_theirs });
    const actions = Object.assign(document.createElement("div"), { className: "actions" });
    actions.append(mine, theirs);
    clash.append(words, actions);
    (page.element ?? page.root).before(clash);
    clash.scrollIntoView({ block: "center" });
    mine.addEventListener("click", () => {
      written = told.written;
      clash.remove();
      clash = null;
      send();
    });
    theirs.addEventListener("click", () => {
      paused = true;
      localStorage.removeItem(place);
      sessionStorage.removeItem(place);
      location.reload();
    });
  }

  function later() {
    dirty = true;
    keep();
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  }

  function leave() {
    if (!dirty || paused || clash) return;
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
    /** Whether the page may be sent; while two versions wait for a decision it may not. What is sent says what it goes on from. */
    mayGo() {
      if (clash) {
        clash.scrollIntoView({ block: "center" });
        clash.querySelector("button").focus();
        return false;
      }
      for (const [name, value] of [["_written", written], ["_device", device()]]) {
        const input = page.element.querySelector(`input[name="${name}"]`) ?? Object.assign(document.createElement("input"), { type: "hidden", name });
        input.value = value;
        page.element.append(input);
      }
      return true;
    },
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
        const copy = JSON.parse(kept);
        written = copy.written ?? written;
        page.restore(copy.answers);
        page.say(page.words.restored);
      } catch {
        localStorage.removeItem(place);
      }
    });
  }
  return handle;
}

/** A name for this browser, so that two devices are told apart; it says nothing about the person. */
function device() {
  try {
    const known = localStorage.getItem("device") ?? Math.random().toString(36).slice(2, 10);
    localStorage.setItem("device", known);
    return known;
  } catch {
    return "";
  }
}

const headers = (page) => ({ "Content-Type": "application/json", "X-CSRFToken": page.csrf() });
const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
