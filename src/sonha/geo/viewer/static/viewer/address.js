// What is shown stands behind the # of the address: a link, a bookmark or a reload shows the same.

const NAME = /^[a-z][a-z0-9_.-]*$/;

/** {centre, zoom, layers: [[name, opacity]], day} as far as the address says so. */
export function read(hash = location.hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const found = {};
  const [zoom, latitude, longitude] = (said.get("map") ?? "").split("/").map(Number);
  if ([zoom, latitude, longitude].every(Number.isFinite) && Math.abs(latitude) < 85 && said.get("map")) Object.assign(found, { zoom, centre: [longitude, latitude] });
  if (said.has("layers")) {
    found.layers = said.get("layers").split(",").map((each) => each.split("*")).filter(([name]) => NAME.test(name))
      .map(([name, opacity]) => [name, Number.isFinite(Number(opacity)) && opacity !== undefined ? Math.min(100, Math.max(0, Number(opacity))) / 100 : 1]);
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(said.get("day") ?? "")) found.day = said.get("day");
  if (said.get("q")) found.q = said.get("q").slice(0, 200);
  if (said.get("at")) {
    const at = said.get("at").split(",").map(Number);
    if (at.length === 2 && at.every(Number.isFinite)) found.at = at;
  }
  return found;
}

/** Writes it without a new step in the browser's history. */
export function write({ map, layers, day, today, q, at }) {
  const { lng, lat } = map.getCenter();
  const parts = [`map=${map.getZoom().toFixed(2)}/${lat.toFixed(6)}/${lng.toFixed(6)}`];
  parts.push(`layers=${layers.map(([name, opacity]) => (opacity < 1 ? `${name}*${Math.round(opacity * 100)}` : name)).join(",")}`);
  if (day && day !== today) parts.push(`day=${day}`);
  if (q) parts.push(`q=${encodeURIComponent(q)}`);
  if (at) parts.push(`at=${at.map((each) => each.toFixed(6)).join(",")}`);
  history.replaceState(history.state, "", `#${parts.join("&")}`);
}
