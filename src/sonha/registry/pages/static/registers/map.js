// A small map of what is on the page: records from GeoJSON in the page, on plain ground; a press on one opens its page.

const load = () => new Promise((resolve, reject) => {
  if (window.maplibregl) { resolve(window.maplibregl); return; }
  const base = new URL("../vendor/maplibre/", import.meta.url);
  const script = Object.assign(document.createElement("script"), { src: new URL("maplibre-gl-csp.js", base).href });
  script.addEventListener("load", () => {
    window.maplibregl.setWorkerUrl(new URL("maplibre-gl-csp-worker.js", base).href);
    resolve(window.maplibregl);
  });
  script.addEventListener("error", () => reject(new Error("map")));
  document.head.append(script);
});

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** [[west, south], [east, north]] of all features; null when there are none. */
function boundsOf(collection) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part) => {
    if (typeof part[0] === "number") {
      west = Math.min(west, part[0]); east = Math.max(east, part[0]);
      south = Math.min(south, part[1]); north = Math.max(north, part[1]);
    } else part.forEach(visit);
  };
  for (const feature of collection.features) {
    const geometries = feature.geometry.geometries ?? [feature.geometry];
    geometries.forEach((geometry) => visit(geometry.coordinates));
  }
  return west <= east ? [[west, south], [east, north]] : null;
}

/** Boundaries and names of communes below the records. */
function lay(map, tiles) {
  map.addSource("communes", { type: "vector", tiles: [tiles], maxzoom: 14 });
  const layer = { source: "communes", "source-layer": "communes" };
  map.addLayer({ id: "land", type: "fill", ...layer, paint: { "fill-color": colour("--paper"), "fill-antialias": false } });
  map.addLayer({ id: "boundaries", type: "line", ...layer, paint: { "line-color": colour("--ink-soft"), "line-width": 0.8, "line-dasharray": [3, 2] } });
  map.addLayer({ id: "names", type: "symbol", ...layer, layout: { "text-field": ["get", "name"], "text-font": ["Be Vietnam Pro"], "text-size": 12 }, paint: { "text-color": colour("--ink-soft"), "text-halo-color": colour("--paper"), "text-halo-width": 1.5 } });
}

/** Outlines of what lies beside the records: the neighbours of a parcel. */
function layBeside(map, tiles) {
  const name = tiles.match(/tiles\/([^/]+)\//)[1];
  map.addSource("beside", { type: "vector", tiles: [tiles], maxzoom: 16 });
  map.addLayer({ id: "beside", type: "line", source: "beside", "source-layer": name, filter: ["==", ["geometry-type"], "Polygon"], paint: { "line-color": colour("--ink-soft"), "line-width": 0.7, "line-opacity": 0.6 } });
}

async function show(box) {
  const collection = JSON.parse(document.getElementById(box.dataset.recordMap).textContent);
  const bounds = boundsOf(collection);
  if (!bounds) return;
  const maplibregl = await load();
  const map = new maplibregl.Map({
    container: box,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--sunken") } }] },
    bounds,
    fitBoundsOptions: { padding: 60, maxZoom: bounds[0].every((each, at) => each === bounds[1][at]) ? 14 : 18 }, // a point needs its surroundings,
    attributionControl: false,
    cooperativeGestures: true,
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
