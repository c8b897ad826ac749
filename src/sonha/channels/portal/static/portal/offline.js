// The page without a line: says that what was typed is still here, and lists the filings that can be gone on with.

const TYPED = "sonha:draft:";

try {
  for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith(TYPED))) { // was on its way when the line broke
    localStorage.setItem(key, sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
  }
  document.querySelector("[data-kept]").hidden = !Object.keys(localStorage).some((each) => each.startsWith(TYPED));
} catch { /* storage is forbidden here: nothing could be kept */ }

const drafts = document.querySelector("[data-drafts]");
const seen = new Set();
if (await caches.has("sonha-pages")) {
  for (const request of await (await caches.open("sonha-pages")).keys()) {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith("/nop-ho-so/") || seen.has(pathname)) continue;
    seen.add(pathname);
    const text = await (await caches.match(request)).text();
    const name = new DOMParser().parseFromString(text, "text/html").querySelector("[data-procedure]")?.textContent.trim() ?? pathname;
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("a"), { href: request.url, textContent: name }));
    drafts.querySelector("ul").append(line);
  }
}
drafts.hidden = !seen.size;

// The browser says "online" when there is a network, which may be before anything can be reached over it: so the page also asks by itself.
const SOONEST = 3000;
const LATEST = 60000;
const again = (pause) => setTimeout(async () => {
  const answer = navigator.onLine && (await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null));
  if (answer) location.reload();
  else again(Math.min(pause * 2, LATEST));
}, pause);
again(SOONEST);

document.querySelector("[data-again]").addEventListener("click", () => location.reload());
addEventListener("online", () => location.reload());
