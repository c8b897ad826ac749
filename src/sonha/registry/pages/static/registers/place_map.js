// A place drawn on the map beside the numbers of a form. What is drawn becomes numbers, what is typed is shown; the server converts and
// judges both, with the same rules as when the form is sent.

import { Drawing } from "../viewer/draw.js";
import { boundsOf, colour, lay, layBeside, load, plain, words } from "./ground.js";

const PAUSE = 500;
const PARTS = ["crs", "x", "y", "lines", "pasted"];
const MULTI = { point: "MultiPoint", line: "MultiLineString", area: "MultiPolygon" };
const empty = () => ({ type: "FeatureCollection", features: [] });
const asFeature = (geometry) => ({ type: "Feature", properties: {}, geometry });

/** The parts of a shape: of a MultiPolygon its polygons. */
const partsOf = (geometry) => (geometry ? (geometry.type.startsWith("Multi") ? geometry.coordinates : [geometry.coordinates]) : []);

function placeMap(box) {
  const fold = box.querySelector("[data-place-map]");
  const part = (name) => fold.querySelector(`[data-${name}]`);
  const inputs = Object.fromEntries(PARTS.map((name) => [name, box.querySelector(`[name$=":${name}"]`)]));
  const { shape, url } = fold.dataset;
  let [map, drawing, held, asked, waiting] = [null, null, null, 0, 0];

  const tell = (text) => { part("said").textContent = text; };

  async function ask(values) {
    asked += 1;
    const mine = asked;
    const body = new FormData();
    Object.entries(values).forEach(([name, value]) => body.append(name, value));
    body.append("csrfmiddlewaretoken", box.closest("form").elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      return mine === asked ? told : null;
    } catch {
      return mine === asked ? { error: fold.dataset.wordsFailed } : null;
    }
  }

  /** What is typed, on the map. */
  async function show(move) {
    const told = await ask(Object.fromEntries(PARTS.map((name) => [name, inputs[name]?.value ?? ""])));
    if (!told) return;
    tell(told.error ?? "");
    held = told.geometry ?? null;
    map?.getSource("held")?.setData(held ? asFeature(held) : empty());
    if (held && move) frame();
  }

  function frame() {
    const bounds = boundsOf({ features: [asFeature(held)] });
    if (bounds) map.fitBounds(bounds, { padding: 50, maxZoom: 17, animate: false });
  }

  async function draw(further) {
    const made = await drawing.ask(shape, fold.dataset.words);
    if (!made) return;
    const geometry = further && held ? { type: MULTI[shape], coordinates: [...partsOf(held), made.coordinates] } : made;
    const told = await ask({ geojson: JSON.stringify(geometry), crs: inputs.crs.value });
    if (!told) return;
    if (told.error) { tell(told.error); return; }
    for (const name of PARTS) if (inputs[name] && name in told.typed) inputs[name].value = told.typed[name];
    held = told.geometry;
    map.getSource("drawn").setData(empty());
    map.getSource("held").setData(asFeature(held));
    tell(fold.dataset.wordsDone);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function open() {
    if (map) { map.resize(); return; }
    try {
      const maplibregl = await load();
      const [west, south, east, north] = fold.dataset.frame.split(" ").map(Number);
      map = new maplibregl.Map({ container: part("map"), style: plain(), bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 10 }, attributionControl: false, cooperativeGestures: true, locale: words(), dragRotate: false, maxZoom: 22 });
    } catch {
      tell(fold.dataset.wordsNoMap);
      return;
    }
    map.addControl(new window.maplibregl.NavigationControl({ showCompass: false }));
    map.addControl(new window.maplibregl.ScaleControl());
    map.getCanvas().setAttribute("aria-label", part("map").getAttribute("aria-label"));
    map.on("load", () => {
      if (fold.dataset.ground) lay(map, location.origin + fold.dataset.ground);
      if (fold.dataset.beside) layBeside(map, location.origin + fold.dataset.beside);
      for (const [name, ink] of [["held", colour("--pine")], ["drawn", colour("--flag")]]) {
        map.addSource(name, { type: "geojson", data: empty() });
        map.addLayer({ id: `${name}-area`, source: name, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ink, "fill-opacity": 0.2 } });
        map.addLayer({ id: `${name}-line`, source: name, type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": ink, "line-width": 2.5 } });
        map.addLayer({ id: `${name}-point`, source: name, type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": ink, "circle-radius": name === "held" ? 7 : 5, "circle-stroke-color": colour("--paper"), "circle-stroke-width": 2 } });
      }
      drawing = new Drawing(map, part("banner"), part("cross"), {});
      part("draw").disabled = false;
      if (part("draw-more")) part("draw-more").disabled = false;
      fold.dataset.ready = "1";
      show(true);
    });
  }

  fold.addEventListener("toggle", () => { if (fold.open) open(); });
  part("draw").addEventListener("click", () => draw(false));
  part("draw-more")?.addEventListener("click", () => draw(true));
  box.addEventListener("input", (event) => {
    if (!map || event.target === box) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => show(true), PAUSE);
  });
  if (fold.open) open();
}

document.querySelectorAll("[data-place-entry]").forEach(placeMap);
