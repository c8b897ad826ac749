// A small map of what is on the page: records from GeoJSON in the page, on plain ground; a press on one opens its page.

import { boundsOf, colour, lay, layBeside, load, plain, words } from "./ground.js";

async function show(box) {
  const collection = JSON.parse(document.getElementById(box.dataset.recordMap).textContent);
  const bounds = boundsOf(collection);
  if (!bounds) return;
  const isPoint = bounds[0].every((each, at) => each === bounds[1][at]);
  const maplibregl = await load();
  const map = new maplibregl.Map({
    container: box,
    style: plain(),
    bounds,
    fitBoundsOptions: { padding: 60, maxZoom: isPoint ? 14 : 18 }, // a point needs its surroundings
    attributionControl: false,
    cooperativeGestures: true,
    locale: words(),
  });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.addControl(new maplibregl.ScaleControl());
  map.on("load", () => {
    if (box.dataset.ground) lay(map, location.origin + box.dataset.ground);
    if (box.dataset.beside) layBeside(map, location.origin + box.dataset.beside);
    map.addSource("records", { type: "geojson", data: collection });
    const colours = { fill: ["get", "fill"], stroke: ["get", "stroke"] };
    map.addLayer({ id: "areas", source: "records", type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colours.fill, "fill-opacity": ["*", ["get", "opacity"], 0.7] } });
    map.addLayer({ id: "lines", source: "records", type: "line", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colours.stroke, "line-width": ["get", "width"] } });
    map.addLayer({ id: "points", source: "records", type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": colours.fill, "circle-radius": ["max", 5, ["/", ["get", "size"], 1.6]], "circle-stroke-color": colour("--paper"), "circle-stroke-width": 1.5 } });
    const name = new maplibregl.Popup({ closeButton: false, closeOnClick: false });
    for (const layer of ["areas", "lines", "points"]) {
      map.on("mousemove", layer, ({ features, lngLat }) => {
        map.getCanvas().style.cursor = "pointer";
        name.setLngLat(lngLat).setText(features[0].properties.name).addTo(map);
      });
      map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; name.remove(); });
      map.on("click", layer, ({ features }) => {
        if (features[0].properties.url !== location.pathname) location.assign(features[0].properties.url + location.search.replace(/[?&]view=map/, "").replace(/^&/, "?"));
      });
    }
    box.dataset.ready = "1";
  });
}

const showAll = () => document.querySelectorAll("[data-record-map]:not([data-begun])").forEach((box) => {
  box.dataset.begun = "1";
  show(box).catch(() => box.remove());
});
showAll();
document.addEventListener("htmx:afterSwap", showAll);
