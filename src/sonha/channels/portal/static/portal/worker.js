// Between the site and a line that breaks. Pages come from the line first; what a filing needs to look and work as it should is kept from
// the start, pages of a filing only when the person asked for it on this device, and they go with the signing out.
// KNOWN = {version, shell: [addresses], offline: address} is written above this by the server.

const SHELL = `sonha-shell-${KNOWN.version}`;
const PAGES = "sonha-pages"; // there only while the person wants it
const DRAFT = /^\/nop-ho-so\/[0-9a-f-]{36}\/$/;
const LEAVING = /^\/tai-khoan\/logout\//;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL);
    await cache.addAll([...KNOWN.shell, KNOWN.offline].map((address) => new Request(address, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("sonha-shell-") && name !== SHELL) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && LEAVING.test(address.pathname)) event.waitUntil(caches.delete(PAGES));
  if (request.mode === "navigate") event.respondWith(page(request, address));
  else if (request.method === "GET" && KNOWN.shell.includes(address.pathname)) event.respondWith(shell(request));
});

self.addEventListener("message", (event) => {
  if (event.data.forget) event.waitUntil(caches.delete(PAGES));
  if (event.data.keep) event.waitUntil(keep(event.data, event.source));
});

async function shell(request) {
  return (await caches.match(request, { cacheName: SHELL, ignoreSearch: true })) ?? fetch(request);
}

async function page(request, address) {
  try {
    return await fetch(request);
  } catch {
    const kept = DRAFT.test(address.pathname) && (await keptPage(address));
    if (kept && request.method === "POST") return Response.redirect(address.href, 303); // the copy of the page opens again, with what was typed
    return kept || caches.match(KNOWN.offline, { cacheName: SHELL });
  }
}

/** The copy of this page of the filing, else of any of its pages. */
async function keptPage(address) {
  if (!(await caches.has(PAGES))) return undefined;
  const cache = await caches.open(PAGES);
  return (await cache.match(address.pathname + address.search)) ?? cache.match(address.pathname, { ignoreSearch: true });
}

/** Keeps `pages` (addresses), all anew, and tells the window when they are there; copies of somebody else's filing go. */
async function keep({ pages, who }, window) {
  const cache = await caches.open(PAGES);
  const before = await (await cache.match("/who"))?.text();
  if (before !== who) {
    for (const each of await cache.keys()) await cache.delete(each);
    await cache.put("/who", new Response(who));
  }
  for (const address of pages) {
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await cache.put(address, answer);
    } catch { return; }
  }
  window?.postMessage({ kept: pages.length });
}
