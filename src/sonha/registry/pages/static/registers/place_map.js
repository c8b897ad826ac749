// A place drawn on the map beside the numbers of a form. What is drawn becomes numbers, what is typed is shown; the server converts and
// judges both, with the same rules as when the form is sent.

import { asFeature, empty, openMap } from "./drawing_map.js";
import { boundsOf } from "./ground.js";

const PAUSE = 500;
const PARTS = ["crs", "x", "y", "lines", "pasted"];
const MULTI = { point: "MultiPoint", line: "MultiLineString", area: "MultiPolygon" };

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
      map = await openMap(fold, { ready: (made) => {
        drawing = made;
        part("draw").disabled = false;
        if (part("draw-more")) part("draw-more").disabled = false;
        show(true);
      } });
    } catch {
      tell(fold.dataset.wordsNoMap);
    }
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
