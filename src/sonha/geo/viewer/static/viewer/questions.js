// What the page asks of the server. Every answer is as far as the reader may see.

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

/** The answer, or an Error whose message can be shown. */
async function answer(request, words) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Error(words.failed);
  }
  const said = await response.json().catch(() => null);
  if (!response.ok || !said) throw new Error(said?.error ?? words.failed);
  return said;
}

export function questions({ addresses, words }) {
  const get = (address, query) => answer(fetch(`${address}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== undefined))}`, { headers: { Accept: "application/json" } }), words);
  const post = (address, body) => answer(fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify(body) }), words);
  const file = (address, given) => {
    const form = new FormData();
    form.append("file", given);
    return answer(fetch(address, { method: "POST", headers: { "X-CSRFToken": token() }, body: form }), words);
  };
  return {
    search: (q, day) => get(addresses.search, { q, day }),
    point: ([lng, lat], metres, layers, day, press = "") => get(addresses.here, { lng, lat, metres, layers: layers.join(","), day, press }),
    shape: (geometry, layers, day) => post(addresses.here, { geometry, layers, day }),
    river: ([lng, lat], direction, along, beside, day) => get(addresses.river, { lng, lat, direction, along, beside, day }),
    open: (given) => file(addresses.file, given),
    token,
  };
}
