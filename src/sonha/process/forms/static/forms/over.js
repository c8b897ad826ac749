// A line drawn over what a look-up found: the outline, its neighbours, and the parts on both sides of the line with their areas.

import { ask, scopeOf, settled, tell } from "./asking.js";
import { cutByLine } from "./cutting.js";
import { write } from "./fields.js";
import { formatNumber, parseNumber, toNumber } from "./figures.js";
import { valuesAt } from "./rules.js";
import { areaHa } from "./shapes.js";

const rowsOf = (rows) => [...rows.children].filter((child) => child.hasAttribute("data-row"));
const EMPTY = { type: "FeatureCollection", features: [] };
const feature = (geometry) => ({ type: "Feature", properties: {}, geometry });
const rings = (shape) => (shape?.type === "Polygon" ? shape.coordinates : []);
const tenth = (area) => formatNumber(Math.round(area * 10) / 10);

/** The centre of gravity of a ring. */
function centreOf(ring) {
  const [x0, y0] = ring[0];
  let [sum, x, y] = [0, 0, 0];
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [ax, ay, bx, by] = [ring[i][0] - x0, ring[i][1] - y0, ring[i + 1][0] - x0, ring[i + 1][1] - y0];
    const cross = ax * by - bx * ay;
    sum += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return sum ? [x0 + x / (3 * sum), y0 + y / (3 * sum)] : ring[0];
}

export function drawOver(page, field, box) {
  const item = page.form.fields[field.dataset.field];
  const lookup = page.form.fields[item.over];
  const told = field.querySelector("[data-told]");
  const status = box.querySelector("[data-map-status]");
  let [answer, parts, line, map, markers, turn] = [null, [], [], null, [], 0];

  const areas = () => (item.parts ? valuesAt(scopeOf(page, field), item.parts).filter((value) => String(value ?? "").trim()).join(";") : "");

  function paint() {
    markers.forEach((marker) => marker.remove());
    markers = [];
    if (!map?.getSource("found")) return;
    map.getSource("around").setData({ ...EMPTY, features: (answer?.around ?? []).map(({ geometry }) => feature(geometry)) });
    map.getSource("found").setData(answer?.shape ? feature(answer.shape) : EMPTY);
    parts.forEach((part, index) => map.getSource(`part-${Math.min(index, 2)}`)?.setData(feature(part.geometry)));
    for (let index = parts.length; index < 3; index += 1) map.getSource(`part-${index}`).setData(EMPTY);
    (answer?.around ?? []).forEach(({ geometry, label }) => name(geometry, label, "area-name"));
    parts.forEach(({ geometry, area }) => name(geometry, `${tenth(area)} m²`, "area-name part-name"));
  }

  function name(geometry, text, className) {
    const ring = rings(geometry)[0];
    if (!ring) return;
    const centre = centreOf(ring);
    const element = Object.assign(document.createElement("span"), { className, textContent: text });
    markers.push(new window.maplibregl.Marker({ element }).setLngLat(centre).addTo(map));
  }

  /** The parts as the browser finds them, in square metres of the register. */
  function cutHere() {
    const ring = rings(answer?.shape)[0];
    const cut = ring && line.length > 1 ? cutByLine(ring, line) : null;
    if (!cut) return [];
    const sizes = cut.map((each) => areaHa([each]));
    const whole = answer.values.area ?? areaHa([ring]) * 10000;
    return cut.map((each, index) => ({ geometry: { type: "Polygon", coordinates: [each] }, area: (sizes[index] / (sizes[0] + sizes[1])) * whole }));
  }

  function say() {
    if (parts.length) status.textContent = page.words.parts.replace("{areas}", parts.map(({ area }) => `${tenth(area)} m²`).join("; "));
    else status.textContent = line.length > 1 && answer?.shape ? page.words.not_across : "";
  }

  const askServer = async () => {
    turn += 1;
    const mine = turn;
    const more = line.length > 1 ? { line: JSON.stringify({ type: "LineString", coordinates: line }), areas: areas() } : {};
    const said = await ask(page, lookup, field, more);
    if (mine !== turn) return;
    const first = !answer;
    answer = said?.answer ?? null;
    parts = said?.cut?.parts ?? [];
    tell(told, said?.cut ?? (said?.error ? { sentence: said.error } : answer && !line.length ? { sentence: answer.sentence, warn: answer.warn } : null));
    if (said?.cut) status.textContent = "";
    offer();
    paint();
    if (first && answer) fit();
  };
  const soon = settled(askServer, 350);

  // The areas as drawn, offered to the rows in which they are typed.
  const button = told?.querySelector("[data-told-fill]");
  const [group, key] = (item.parts ?? "").split(".*.");
  const repeat = key && page.root.querySelector(`[data-repeat="${group}"]`);

  function offer() {
    const typed = areas().split(";").filter(Boolean).map((text) => parseNumber(text)).map((number) => (number ? toNumber(number) : NaN)).sort((a, b) => a - b);
    const drawn = parts.map(({ area }) => area).sort((a, b) => a - b);
    const agree = typed.length === drawn.length && drawn.every((area, index) => Math.abs(area - typed[index]) < 0.05);
    if (!button) return;
    button.hidden = !repeat || !drawn.length || agree;
    button.querySelector("[data-told-labels]").textContent = button.hidden ? "" : `: ${page.form.fields[item.parts].label}`;
  }

  button?.addEventListener("click", (event) => {
    event.preventDefault();
    const rows = repeat.querySelector("[data-rows]");
    while (rowsOf(rows).length < parts.length && page.newRow(repeat)) { /* one more row */ }
    parts.forEach(({ area }, index) => {
      const cell = rowsOf(rows)[index]?.querySelector(`[data-field="${CSS.escape(item.parts)}"]`);
      if (cell) write(page.form.fields[item.parts], cell, area);
    });
    page.changed();
    offer();
    soon();
  });

  function fit() {
    const ring = rings(answer?.shape)[0];
    if (!map || !ring) return;
    const bounds = ring.reduce((around, position) => around.extend(position), new window.maplibregl.LngLatBounds(ring[0], ring[0]));
    map.fitBounds(bounds, { padding: 50, maxZoom: 20, animate: false });
  }

  page.root.addEventListener("input", (event) => { if (!box.contains(event.target)) soon(); });
  page.root.addEventListener("change", (event) => { if (!box.contains(event.target)) soon(); });
  queueMicrotask(askServer);

  return {
    bounds: () => rings(answer?.shape)[0] ?? null,
    /** The line has changed: the parts are shown at once, and asked of the server. */
    cut(positions) {
      line = positions;
      parts = cutHere();
      paint();
      say();
      soon();
    },
    attach(opened) {
      map = opened;
      const colour = (property, otherwise) => getComputedStyle(document.documentElement).getPropertyValue(property).trim() || otherwise;
      const [ink, pine, river, sand] = [colour("--ink-soft", "#55605a"), colour("--pine", "#1f5b45"), colour("--river", "#0f6b76"), colour("--sand", "#8a5a00")];
      const fills = [pine, sand, river];
      const add = (id, layers) => {
        map.addSource(id, { type: "geojson", data: EMPTY });
        layers.forEach((layer) => map.addLayer({ ...layer, source: id }, "shape-fill"));
      };
      add("around", [{ id: "around-line", type: "line", paint: { "line-color": ink, "line-width": 1, "line-opacity": 0.7 } }]);
      fills.forEach((fill, index) => add(`part-${index}`, [{ id: `part-${index}`, type: "fill", paint: { "fill-color": fill, "fill-opacity": 0.28 } }]));
      add("found", [{ id: "found-fill", type: "fill", paint: { "fill-color": pine, "fill-opacity": 0.06 } }, { id: "found-line", type: "line", paint: { "line-color": pine, "line-width": 2.5 } }]);
      paint();
      fit();
    },
    detach() {
      map = null;
      markers = [];
    },
  };
}
