// The map of a pollution report: the river, the place, the numbered records; a press on the water chooses another place.

const box = document.getElementById("pollution-map");
const held = document.getElementById("pollution-data");
const data = held ? JSON.parse(held.textContent) : null;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const HOME = [[106.1, 21.35], [107.4, 22.45]];

const load = () => new Promise((resolve, reject) => {
  const base = new URL("../vendor/maplibre/", import.meta.url);
  const script = Object.assign(document.createElement("script"), { src: new URL("maplibre-gl-csp.js", base).href });
  script.addEventListener("load", () => {
    window.maplibregl.setWorkerUrl(new URL("maplibre-gl-csp-worker.js", base).href);
    resolve(window.maplibregl);
  });
  script.addEventListener("error", () => reject(new Error("map")));
  document.head.append(script);
});

/** Vector tiles of a register as a source. */
const tiles = (layer) => ({ type: "vector", tiles: [new URL(`${box.dataset.tiles}${layer}/{z}/{x}/{y}`, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")], maxzoom: 14 });

function ground() {
  return {
    version: 8,
    sources: { communes: tiles("communes"), rivers: tiles("river_reaches") },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("--sunken") } },
      { id: "communes", type: "line", source: "communes", "source-layer": "communes", paint: { "line-color": "#b9b3a6", "line-width": 0.6, "line-dasharray": [3, 2] } },
      { id: "rivers", type: "line", source: "rivers", "source-layer": "river_reaches", paint: { "line-color": "#8fb9cd", "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 14, 4] } },
    ],
  };
}

function boundsOf(maplibregl) {
  const bounds = new maplibregl.LngLatBounds(data.place, data.place);
  const visit = (part) => (typeof part[0] === "number" ? bounds.extend(part) : part.forEach(visit));
  data.river.features.forEach(({ geometry }) => visit(geometry.coordinates));
  return bounds;
}

function described({ name, title, metres, marks, number }) {
  const holder = document.createElement("div");
  const far = metres >= 1000 ? `${(metres / 1000).toFixed(1).replace(".", ",")} km` : `${metres} m`;
  const lines = [[number ? `${number}. ${name}` : name, "strong"], [`${title} · ${far}`, "span"], [marks, "em"]];
  for (const [words, kind] of lines) if (words) holder.append(Object.assign(document.createElement(kind), { textContent: words }), document.createElement("br"));
  return holder;
}

function records(map, maplibregl) {
  map.addSource("river", { type: "geojson", data: data.river });
  map.addSource("records", { type: "geojson", data: data.records });
  const own = ["get", "colour"];
  map.addLayer({ id: "areas", source: "records", type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": own, "fill-opacity": 0.22, "fill-outline-color": own } });
  map.addLayer({ id: "river", source: "river", type: "line", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": ["match", ["get", "way"], "up", "#0d5c8c", "#4aa3cf"], "line-width": ["interpolate", ["linear"], ["zoom"], 8, 3, 14, 7] } });
  map.addLayer({ id: "points", source: "records", type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": own, "circle-radius": ["case", ["!=", ["get", "marks"], ""], 8, 6], "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.6 } });
  new maplibregl.Marker({ color: "#c8102e" }).setLngLat(data.place).addTo(map);
  const popup = new maplibregl.Popup({ closeButton: false, closeOnClick: false, maxWidth: "22rem" });
  for (const layer of ["areas", "points"]) {
    map.on("mousemove", layer, ({ features, lngLat }) => {
      map.getCanvas().style.cursor = "pointer";
      popup.setLngLat(lngLat).setDOMContent(described(features[0].properties)).addTo(map);
    });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; popup.remove(); });
  }
  for (const input of document.querySelectorAll("input[data-table]")) {
    input.addEventListener("change", () => {
      const off = [...document.querySelectorAll("input[data-table]")].filter((each) => !each.checked).map((each) => each.dataset.table);
      const shown = ["!", ["in", ["get", "table"], ["literal", off]]];
      map.setFilter("areas", ["all", ["==", ["geometry-type"], "Polygon"], shown]);
      map.setFilter("points", ["all", ["==", ["geometry-type"], "Point"], shown]);
    });
  }
}

/** A press on a record opens it, elsewhere it asks about that place. */
function pressed(map, { point, lngLat }) {
  const layers = ["points"].filter((layer) => map.getLayer(layer));
  const [hit] = layers.length ? map.queryRenderedFeatures(point, { layers }) : [];
  if (hit) {
    location.assign(hit.properties.url);
    return;
  }
  document.getElementById("diem").value = `${lngLat.lng.toFixed(6)},${lngLat.lat.toFixed(6)}`;
  document.getElementById("pollution-ask").requestSubmit();
}

async function show() {
  const maplibregl = await load();
  const where = data ? { bounds: boundsOf(maplibregl), fitBoundsOptions: { padding: 40, maxZoom: 15 } } : { bounds: HOME, fitBoundsOptions: { padding: 10 } };
  const map = new maplibregl.Map({ container: box, style: ground(), ...where, attributionControl: false, cooperativeGestures: matchMedia("(max-width: 700px)").matches, dragRotate: false, pitchWithRotate: false });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.addControl(new maplibregl.ScaleControl());
  map.on("load", () => {
    if (data) records(map, maplibregl);
    box.dataset.ready = "true";
  });
  map.on("click", (event) => pressed(map, event));
  map.getCanvas().style.cursor = "crosshair";
}

show().catch(() => { box.dataset.failed = "true"; });
