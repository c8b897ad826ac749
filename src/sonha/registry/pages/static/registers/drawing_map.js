// A map to draw on in a fold of a form: the province, what lies beside, what is held, and what is being drawn.

import { Drawing } from "../viewer/draw.js";
import { boundsOf, colour, lay, layBeside, load, plain, words } from "./ground.js";

export const empty = () => ({ type: "FeatureCollection", features: [] });
export const asFeature = (geometry) => ({ type: "Feature", properties: {}, geometry });

/**
 * Opens the map of `fold` (its [data-map], frame and tiles in its data) around the features `held`, else the province. Gives the map at
 * once, for which `ready(drawing)` is called when it is drawn; rejects where the browser opens no map.
 */
export async function openMap(fold, { held = empty(), opacity = 0.2, ready }) {
  const part = (name) => fold.querySelector(`[data-${name}]`);
  const maplibregl = await load();
  const [west, south, east, north] = fold.dataset.frame.split(" ").map(Number);
  const bounds = boundsOf(held);
  const map = new maplibregl.Map({ container: part("map"), style: plain(), bounds: bounds ?? [[west, south], [east, north]], fitBoundsOptions: { padding: bounds ? 60 : 10, maxZoom: 16 }, attributionControl: false, cooperativeGestures: true, locale: words(), dragRotate: false, maxZoom: 22 });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.addControl(new maplibregl.ScaleControl());
  map.getCanvas().setAttribute("aria-label", part("map").getAttribute("aria-label"));
  map.on("load", () => {
    if (fold.dataset.ground) lay(map, location.origin + fold.dataset.ground);
    if (fold.dataset.beside) layBeside(map, location.origin + fold.dataset.beside);
    for (const [name, ink] of [["held", colour("--pine")], ["drawn", colour("--flag")]]) {
      map.addSource(name, { type: "geojson", data: empty() });
      map.addLayer({ id: `${name}-area`, source: name, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ink, "fill-opacity": opacity } });
      map.addLayer({ id: `${name}-line`, source: name, type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": ink, "line-width": 2.5 } });
      map.addLayer({ id: `${name}-point`, source: name, type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": ink, "circle-radius": name === "held" ? 7 : 5, "circle-stroke-color": colour("--paper"), "circle-stroke-width": 2 } });
    }
    map.getSource("held").setData(held);
    ready(new Drawing(map, part("banner"), part("cross"), {}));
    fold.dataset.ready = "1";
  });
  return map;
}
