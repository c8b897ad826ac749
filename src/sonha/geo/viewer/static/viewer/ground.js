// What lies under every layer: the ground, a net of degrees, names of communes where no boundaries are drawn. Nothing from outside.

export const FONT = ["Be Vietnam Pro"];
export const empty = () => ({ type: "FeatureCollection", features: [] });
export const feature = (geometry, properties = {}) => ({ type: "Feature", properties, geometry });
export const role = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The style before any layer; `net` and `names` are replaced by layers as far as there are any. */
export function groundStyle(settings) {
  const names = settings.communes.map(({ name, at }) => feature({ type: "Point", coordinates: at }, { name }));
  return {
    version: 8,
    sources: { net: { type: "geojson", data: net() }, names: { type: "geojson", data: { type: "FeatureCollection", features: names } } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": role("--sunken") } },
      { id: "net", type: "line", source: "net", paint: { "line-color": role("--line"), "line-width": 0.8 } },
      { id: "names", type: "symbol", source: "names", minzoom: 8, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, visibility: "none" }, paint: inkOf() },
    ],
  };
}

export const inkOf = () => ({ "text-color": role("--ink"), "text-halo-color": role("--paper"), "text-halo-width": 1.5 });

/** Paints the ground anew after the theme changed. */
export function repaint(map) {
  map.setPaintProperty("ground", "background-color", role("--sunken"));
  map.setPaintProperty("net", "line-color", role("--line"));
  if (map.getLayer("land")) map.setPaintProperty("land", "fill-color", role("--paper"));
  for (const layer of map.getStyle().layers.filter(({ type, layout }) => type === "symbol" && layout?.["text-field"])) {
    Object.entries(inkOf()).forEach(([name, value]) => map.setPaintProperty(layer.id, name, value));
  }
}

/** Lines every tenth of a degree over the north-east. */
function net() {
  const line = (a, b) => feature({ type: "LineString", coordinates: [a, b] });
  const across = Array.from({ length: 26 }, (_, index) => line([105.5, 20.5 + index / 10], [108, 20.5 + index / 10]));
  const up = Array.from({ length: 26 }, (_, index) => line([105.5 + index / 10, 20.5], [105.5 + index / 10, 23]));
  return { type: "FeatureCollection", features: [...across, ...up] };
}
