// What was typed while there was no line is sent as soon as there is one, whatever page is open then. A copy that cannot be placed any
// more (the draft was filed, deleted, or belongs to another account) stays a month on the device and then goes.

const TYPED = "sonha:draft:";
const MONTH = 30 * 24 * 3600 * 1000;
const SOONEST = 5000;
const LATEST = 120000;
let running = false;
let pause = SOONEST;

/** Copies on this device, without that of the form that is open: it sends its own. */
function copies() {
  const open = [...document.querySelectorAll("[data-autosave-url]")].map((form) => `${TYPED}${form.dataset.autosaveUrl}:`);
  return Object.keys(localStorage).filter((key) => key.startsWith(TYPED) && !open.some((own) => key.startsWith(own)));
}

/** Sends them one after another; says so on the page when something went. */
export async function sendUnsent() {
  if (running || !navigator.onLine) return;
  running = true;
  let sent = 0;
  try {
    for (const key of copies()) {
      const body = localStorage.getItem(key);
      const address = key.slice(TYPED.length, key.lastIndexOf(":"));
      const headers = { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
      const answer = await fetch(address, { method: "POST", credentials: "same-origin", redirect: "error", body, headers });
      const old = Date.now() - (JSON.parse(body).at ?? 0) > MONTH;
      if (answer.ok || (answer.status === 404 && old)) localStorage.removeItem(key);
      if (answer.ok) sent += 1;
    }
    pause = SOONEST;
  } catch { // no line yet though the browser says so, or signed out
    setTimeout(sendUnsent, pause);
    pause = Math.min(pause * 2, LATEST);
  } finally { running = false; }
  if (!sent) return;
  const words = document.body.dataset.wordsUnsentGone;
  const line = Object.assign(document.createElement("div"), { className: "alert alert-success", textContent: words });
  line.setAttribute("role", "status");
  document.querySelector("main").prepend(line);
  if (document.querySelector("[data-shows-draft]")) location.reload(); // the page shows what the draft holds
}

addEventListener("online", sendUnsent);
sendUnsent();
