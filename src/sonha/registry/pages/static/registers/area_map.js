// An area drawn on a map narrows the list below it: the drawing becomes a condition of the form, like every other.

import { Drawing } from "../viewer/draw.js";
import { boundsOf, colour, lay, layBeside, load, plain, words } from "./ground.js";

const empty = () => ({ type: "FeatureCollection", features: [] });
const asFeature = (geometry) => ({ type: "Feature", properties: {}, geometry });

/** `POLYGON((1 2,3 4,…))` of the corners of a drawn area, to a decimetre. */
const textOf = (shape) => `POLYGON((${shape.coordinates[0].map((position) => position.map((value) => Number(value.toFixed(6))).join(" ")).join(",")}))`;

/** The rings of such a text, each as an area of its own: enough to show what the list is narrowed to. */
const shown = (text) => [...text.matchAll(/\(([\d., ]+)\)/g)].map(([, ring]) => asFeature({ type: "Polygon", coordinates: [ring.split(",").map((pair) => pair.trim().split(" ").map(Number))] }));

function areaMap(fold) {
  const part = (name) => fold.querySelector(`[data-${name}]`);
  const form = document.querySelector(fold.dataset.form);
  const input = form.elements.area;
  let [map, drawing] = [null, null];

  function set(text) {
    input.value = text;
    input.disabled = !text;
    map.getSource("held").setData({ type: "FeatureCollection", features: shown(text) });
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function draw(kind) {
    const shape = await drawing.ask(kind, fold.dataset[kind === "box" ? "wordsBox" : "words"]);
    if (!shape) return;
    map.getSource("drawn").setData(empty());
    set(textOf(shape));
  }

  async function open() {
    if (map) { map.resize(); return; }
    try {
      const maplibregl = await load();
      const [west, south, east, north] = fold.dataset.frame.split(" ").map(Number);
      const bounds = input.value ? boundsOf({ features: shown(input.value) }) : null;
      map = new maplibregl.Map({ container: part("map"), style: plain(), bounds: bounds ?? [[west, south], [east, north]], fitBoundsOptions: { padding: bounds ? 60 : 10, maxZoom: 16 }, attributionControl: false, cooperativeGestures: true, locale: words(), dragRotate: false, maxZoom: 22 });
    } catch {
      part("said").textContent = fold.dataset.wordsNoMap;
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
        map.addLayer({ id: `${name}-area`, source: name, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ink, "fill-opacity": 0.12 } });
        map.addLayer({ id: `${name}-line`, source: name, type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": ink, "line-width": 2.5 } });
        map.addLayer({ id: `${name}-point`, source: name, type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": ink, "circle-radius": 5, "circle-stroke-color": colour("--paper"), "circle-stroke-width": 2 } });
      }
      if (input.value) map.getSource("held").setData({ type: "FeatureCollection", features: shown(input.value) });
      drawing = new Drawing(map, part("banner"), part("cross"), {});
      fold.querySelectorAll("[data-draw]").forEach((button) => { button.disabled = false; });
      fold.dataset.ready = "1";
    });
  }

  fold.addEventListener("toggle", () => { if (fold.open) open(); });
  fold.addEventListener("click", (event) => {
    const kind = event.target.closest("[data-draw]")?.dataset.draw;
    if (kind) draw(kind);
    else if (event.target.closest("[data-clear]") && map) set("");
  });
  if (fold.open) open();
}

document.querySelectorAll("[data-area-map]").forEach(areaMap);
