// An area drawn on a map narrows the list below it: the drawing becomes a condition of the form, like every other.

import { asFeature, empty, openMap } from "./drawing_map.js";

/** `POLYGON((1 2,3 4,…))` of the corners of a drawn area, to a decimetre. */
const textOf = (shape) => `POLYGON((${shape.coordinates[0].map((position) => position.map((value) => Number(value.toFixed(6))).join(" ")).join(",")}))`;

/** The rings of such a text, each as an area of its own: enough to show what the list is narrowed to. */
const shown = (text) => ({ type: "FeatureCollection", features: [...text.matchAll(/\(([\d., ]+)\)/g)].map(([, ring]) => asFeature({ type: "Polygon", coordinates: [ring.split(",").map((pair) => pair.trim().split(" ").map(Number))] })) });

function areaMap(fold) {
  const part = (name) => fold.querySelector(`[data-${name}]`);
  const form = document.querySelector(fold.dataset.form);
  const input = form.elements.area;
  let [map, drawing] = [null, null];

  function set(text) {
    input.value = text;
    input.disabled = !text;
    map.getSource("held").setData(shown(text));
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
      map = await openMap(fold, { held: shown(input.value), opacity: 0.12, ready: (made) => {
        drawing = made;
        fold.querySelectorAll("[data-draw]").forEach((button) => { button.disabled = false; });
      } });
    } catch {
      part("said").textContent = fold.dataset.wordsNoMap;
    }
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
