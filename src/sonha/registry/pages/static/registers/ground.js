// What every small map of a register has: the library, loaded once it is wanted, plain ground with the communes, the frame of some features.

export const load = () => new Promise((resolve, reject) => {
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

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** [[west, south], [east, north]] of all features; null when there are none. */
export function boundsOf(collection) {
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
export function lay(map, tiles) {
  map.addSource("communes", { type: "vector", tiles: [tiles], maxzoom: 14 });
  const layer = { source: "communes", "source-layer": "communes" };
  map.addLayer({ id: "land", type: "fill", ...layer, paint: { "fill-color": colour("--paper"), "fill-antialias": false } });
  map.addLayer({ id: "boundaries", type: "line", ...layer, paint: { "line-color": colour("--ink-soft"), "line-width": 0.8, "line-dasharray": [3, 2] } });
  map.addLayer({ id: "names", type: "symbol", ...layer, layout: { "text-field": ["get", "name"], "text-font": ["Be Vietnam Pro"], "text-size": 12 }, paint: { "text-color": colour("--ink-soft"), "text-halo-color": colour("--paper"), "text-halo-width": 1.5 } });
}

/** What lies beside the records: the neighbours of a parcel, from the tiles of the register's own layer. */
export function layBeside(map, tiles) {
  map.addSource("beside", { type: "vector", tiles: [tiles], minzoom: 10, maxzoom: 16 });
  const layer = { source: "beside", "source-layer": tiles.match(/tiles\/([^/]+)\//)[1], minzoom: 10 };
  map.addLayer({ id: "beside-lines", type: "line", ...layer, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour("--ink-soft"), "line-width": 0.7, "line-opacity": 0.6 } });
  map.addLayer({ id: "beside-points", type: "circle", ...layer, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": colour("--ink-soft"), "circle-radius": 2.5, "circle-opacity": 0.6 } });
}

/** The style before any layer. */
export const plain = () => ({ version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--sunken") } }] });

const VIETNAMESE = {
  "CooperativeGesturesHandler.WindowsHelpText": "Giữ Ctrl và cuộn để phóng bản đồ",
  "CooperativeGesturesHandler.MacHelpText": "Giữ ⌘ và cuộn để phóng bản đồ",
  "CooperativeGesturesHandler.MobileHelpText": "Dùng hai ngón tay để di chuyển bản đồ",
  "NavigationControl.ZoomIn": "Phóng to",
  "NavigationControl.ZoomOut": "Thu nhỏ",
};

/** What the map says of itself, in the language of the page; its own words are English. */
export const words = () => (document.documentElement.lang === "vi" ? VIETNAMESE : {});
