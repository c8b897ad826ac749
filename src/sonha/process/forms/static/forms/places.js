// Points and polygons: picked on a plain map of our own (no outside tiles), from the device's position, or typed in degrees or VN-2000.
// The typed coordinates stay the form's own fields; the hidden GeoJSON is the exact value once the map or the server has given one.

import { formatNumber } from "./figures.js";
import { areaHa, lengthM, parseCoordinate } from "./shapes.js";
import { drawOver } from "./over.js";

const PLACES = 1e7;
const round = (value) => Math.round(value * PLACES) / PLACES;
const once = new Map();
const MAX_OPEN = 6; // browsers hold few WebGL maps at a time
const open = [];

/** Loads a thing once for the whole page. */
function shared(key, load) {
  if (!once.has(key)) once.set(key, load());
  return once.get(key);
}

const areasOf = (url) => shared(`areas ${url}`, () => (url ? fetch(url).then((answer) => answer.json()).then((data) => data.areas ?? []).catch(() => []) : Promise.resolve([])));

function library(page) {
  return shared("maplibre", () => new Promise((resolve, reject) => {
    if (window.maplibregl) {
      resolve(window.maplibregl);
      return;
    }
    if (![...document.styleSheets].some((sheet) => sheet.href?.includes("maplibre-gl.css"))) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: page.root.dataset.mapStyle }));
    }
    const script = Object.assign(document.createElement("script"), { src: page.root.dataset.mapScript });
    script.addEventListener("load", () => resolve(window.maplibregl));
    script.addEventListener("error", () => reject(new Error("map")));
    document.head.append(script);
  }));
}

export function choosePlace(page, field, box) {
  const kind = box.dataset.place;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [hidden, crs, status] = [part("geojson"), part("crs"), part("map-status")];
  const state = { positions: [], map: null, markers: [], asked: 0 };
  const over = box.dataset.over ? drawOver(page, field, box) : null; // what a look-up found, under the line that is drawn
  const least = { point: 1, line: 2, polygon: 3 }[kind];

  function label() {
    for (const name of ["x-label", "y-label"]) if (part(name)) part(name).textContent = part(name).dataset[crs.value];
  }

  /** Sets the place from positions [[longitude, latitude], ...]; `typed` leaves the typed text alone. */
  function set(positions, { typed = false, move = false, quiet = false } = {}) {
    state.positions = positions.map(([x, y]) => [round(x), round(y)]);
    const enough = kind === "point" ? positions.length === 1 : positions.length >= least;
    hidden.value = enough ? JSON.stringify(geometry()) : "";
    hidden.disabled = !enough;
    if (!typed) writeTyped();
    draw(move);
    over?.cut(enough ? state.positions : []);
    if (kind === "line" && !over) status.textContent = enough ? page.words.length.replace("{length}", formatNumber(Math.round(lengthM(state.positions) * 10) / 10)) : "";
    if (kind === "polygon") status.textContent = enough ? page.words.area.replace("{area}", formatNumber(Math.round(areaHa([closed()]) * 1e4) / 1e4)) : "";
    if (quiet) {
      page.refresh();
      return;
    }
    page.touched.add(field);
    page.changed();
  }

  const closed = () => [...state.positions, state.positions[0]];
  const geometry = () => {
    if (kind === "point") return { type: "Point", coordinates: state.positions[0] };
    return kind === "line" ? { type: "LineString", coordinates: state.positions } : { type: "Polygon", coordinates: [closed()] };
  };
  const shape = () => (state.positions.length > 1 && state.positions.length >= least ? geometry() : null);

  function writeTyped() {
    if (crs.value !== "wgs84") {
      crs.value = "wgs84";
      label();
    }
    if (kind === "point") {
      const [x, y] = state.positions[0] ?? [null, null];
      part("x").value = formatNumber(y);
      part("y").value = formatNumber(x);
    } else part("lines").value = state.positions.map(([x, y]) => `${formatNumber(y)} ${formatNumber(x)}`).join("\n");
  }

  /** What was typed becomes the place: degrees here, VN-2000 by the server. */
  async function readTyped(quiet = false) {
    const pairs = kind === "point" ? [[part("x").value, part("y").value]] : part("lines").value.split(/\n/).filter((line) => line.trim()).map((line) => line.trim().split(/[;\t ]+/));
    state.asked += 1;
    const asked = state.asked;
    const positions = await Promise.all(pairs.map((pair) => toPosition(pair)));
    if (asked !== state.asked) return;
    if (positions.length && positions.every(Boolean)) set(positions, { typed: true, move: true, quiet });
    else {
      state.positions = [];
      hidden.value = "";
      hidden.disabled = true;
      draw(false);
      if (!quiet) page.changed();
    }
  }

  async function toPosition(pair) {
    const [first, second] = pair.map(parseCoordinate);
    if (pair.length !== 2 || first === null || second === null) return null;
    if (crs.value === "wgs84") return [second, first];
    if (!page.root.dataset.convertUrl) return null;
    try {
      const answer = await fetch(`${page.root.dataset.convertUrl}?${new URLSearchParams({ east: String(first), north: String(second) })}`);
      const place = await answer.json();
      return answer.ok ? [place.longitude, place.latitude] : null;
    } catch {
      return null;
    }
  }

  function draw(move) {
    if (!state.map) return;
    state.markers.forEach((marker) => marker.remove());
    state.markers = state.positions.map((position, index) => {
      const marker = new window.maplibregl.Marker({ draggable: true, color: kind === "point" ? "#1f5b45" : "#0f6b76", scale: kind === "point" ? 1 : 0.6 }).setLngLat(position).addTo(state.map);
      marker.on("dragend", () => {
        const { lng, lat } = marker.getLngLat();
        set(state.positions.map((old, number) => (number === index ? [lng, lat] : old)));
      });
      return marker;
    });
    state.map.getSource("shape")?.setData(shape() ? { type: "Feature", properties: {}, geometry: shape() } : { type: "FeatureCollection", features: [] });
    if (move && state.positions.length) show(state.positions);
  }

  function show(positions) {
    const bounds = positions.reduce((box_, position) => box_.extend(position), new window.maplibregl.LngLatBounds(positions[0], positions[0]));
    if (over?.bounds()) over.bounds().forEach((position) => bounds.extend(position));
    state.map.fitBounds(bounds, { padding: over ? 30 : 60, maxZoom: over ? 20 : Math.max(13, state.map.getZoom()), animate: false });
  }

  function add(position) {
    set(kind === "point" ? [position] : [...state.positions, position]);
  }

  async function openMap() {
    const holder = part("map");
    try {
      const [maplibregl, areas] = await Promise.all([library(page), areasOf(page.root.dataset.areasUrl)]);
      state.map = new maplibregl.Map({ container: holder, style: plainStyle(areas), bounds: extent(areas, box), attributionControl: false, fitBoundsOptions: { padding: 20 }, dragRotate: false, pitchWithRotate: false, cooperativeGestures: false });
      state.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
      state.map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-left");
      state.map.getCanvas().setAttribute("aria-label", holder.getAttribute("aria-label"));
      nameAreas(state.map, areas);
      state.map.on("click", (event) => add([event.lngLat.lng, event.lngLat.lat]));
      state.map.on("load", () => {
        over?.attach(state.map);
        draw(true);
      });
      holder.dataset.ready = "1";
      followCommune(areas);
      open.push(closeMap);
      if (open.length > MAX_OPEN) open.shift()();
    } catch {
      holder.hidden = true;
      part("map-tools").hidden = true;
      status.textContent = page.words.map_failed;
    }
  }

  /** Gives the map back when others are looked at; it opens again when it comes into view. */
  function closeMap() {
    over?.detach();
    state.map.remove();
    state.map = null;
    state.markers = [];
    delete part("map").dataset.ready;
    watch();
  }

  /** Until a place is chosen, the map goes where the commune of the form is. */
  function followCommune(areas) {
    const go = () => {
      if (!state.map || state.positions.length || over?.bounds()) return;
      for (const select of page.root.querySelectorAll("select[data-unit='commune']")) {
        const centre = areas.find((area) => area.code === select.value)?.centre;
        if (centre) state.map.jumpTo({ center: centre, zoom: 12 });
      }
      const elsewhere = Object.values(page.elsewhere).map((value) => areas.find((area) => area.code === value)?.centre).find(Boolean);
      if (elsewhere && !page.root.querySelector("select[data-unit='commune']")) state.map.jumpTo({ center: elsewhere, zoom: 12 });
    };
    if (!state.follows) page.root.addEventListener("change", (event) => { if (event.target.matches("select[data-unit]")) go(); });
    state.follows = true;
    go();
  }

  part("locate")?.addEventListener("click", () => {
    status.textContent = page.words.locating;
    if (!navigator.geolocation) {
      status.textContent = page.words.no_position;
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { status.textContent = ""; set([[coords.longitude, coords.latitude]], { move: true }); },
      () => { status.textContent = page.words.no_position; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
  part("map-centre").addEventListener("click", () => { if (state.map) add(state.map.getCenter().toArray()); });
  part("undo")?.addEventListener("click", () => set(state.positions.slice(0, -1)));
  part("clear")?.addEventListener("click", () => set([]));
  crs.addEventListener("change", (event) => {
    event.stopPropagation();
    label();
    readTyped();
  });
  part("read")?.addEventListener("change", async () => {
    const text = await part("read").files[0]?.text() ?? "";
    const lines = coordinateLines(text.slice(0, 200_000));
    if (!lines) {
      status.textContent = page.words.unread_file;
      return;
    }
    crs.value = lines.crs;
    label();
    part("lines").value = lines.text;
    readTyped();
  });
  for (const input of [part("x"), part("y"), part("lines")]) input?.addEventListener("input", () => readTyped());
  field.addEventListener("form:place", (event) => {
    const value = event.detail;
    if (value?.type === "Point") set([value.coordinates], { move: true });
    else if (value?.type === "LineString") set(value.coordinates, { move: true });
    else if (value?.type === "Polygon") set(value.coordinates[0].slice(0, -1), { move: true });
    else if (value) {
      crs.value = value.crs === "vn2000" ? "vn2000" : "wgs84";
      for (const name of ["x", "y", "lines"]) if (part(name)) part(name).value = value[name] ?? "";
      label();
      readTyped();
    }
  });

  label();
  // The map's room is there before the map, so that nothing moves under a finger when it arrives.
  part("map-tools").hidden = false;
  if (part("coordinates")) part("coordinates").hidden = false;
  part("map").hidden = false;
  if ((part("x")?.value || part("lines")?.value || "").trim()) readTyped(true);
  function watch() {
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      if (box.isConnected) openMap();
    }, { rootMargin: "200px" });
    watcher.observe(box);
  }
  watch();
}

/** Typed lines out of a file: GeoJSON with one line, or two numbers at the end of each line; large ones are VN-2000 metres. */
function coordinateLines(text) {
  try {
    const read = JSON.parse(text);
    const geometry = read.features?.[0]?.geometry ?? read.geometry ?? read;
    return { crs: "wgs84", text: geometry.coordinates.map(([x, y]) => `${formatNumber(y)} ${formatNumber(x)}`).join("\n") };
  } catch {
    const pairs = text.split(/\r?\n/).map((line) => line.trim().split(/[;\t, ]+/).filter((part) => /^-?[0-9]+(\.[0-9]+)?$/.test(part)).slice(-2)).filter((pair) => pair.length === 2);
    if (pairs.length < 2) return null;
    return { crs: Number(pairs[0][0]) > 1000 ? "vn2000" : "wgs84", text: pairs.map((pair) => pair.map((part) => part.replace(".", ",")).join(" ")).join("\n") };
  }
}

function extent(areas, box) {
  const centres = areas.map((area) => area.centre).filter(Boolean);
  if (!centres.length) {
    const [west, south, east, north] = box.dataset.bbox.split(",").map(Number);
    return [[west, south], [east, north]];
  }
  const [xs, ys] = [centres.map((centre) => centre[0]), centres.map((centre) => centre[1])];
  return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
}

function plainStyle(areas) {
  const colour = (name, otherwise) => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || otherwise;
  const points = areas.filter((area) => area.centre).map((area) => ({ type: "Feature", properties: { name: area.name }, geometry: { type: "Point", coordinates: area.centre } }));
  const data = (features) => ({ type: "geojson", data: { type: "FeatureCollection", features } });
  return {
    version: 8,
    sources: { graticule: data(graticule()), minutes: data(hundredths()), areas: data(points), shape: data([]) },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("--sunken", "#f2efe7") } },
      { id: "graticule", type: "line", source: "graticule", paint: { "line-color": colour("--line", "#c9c3b4"), "line-width": 1 } },
      { id: "minutes", type: "line", source: "minutes", minzoom: 11, paint: { "line-color": colour("--line", "#c9c3b4"), "line-width": 0.5 } },
      { id: "areas", type: "circle", source: "areas", paint: { "circle-radius": 3, "circle-color": colour("--river", "#0f6b76"), "circle-opacity": 0.6 } },
      { id: "shape-fill", type: "fill", source: "shape", paint: { "fill-color": colour("--pine", "#1f5b45"), "fill-opacity": 0.2 } },
      { id: "shape-line", type: "line", source: "shape", paint: { "line-color": colour("--pine", "#1f5b45"), "line-width": 2 } },
    ],
  };
}

/** Lines every tenth of a degree over the north-east, every degree elsewhere. */
function graticule() {
  const lines = [];
  const line = (a, b) => lines.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [a, b] } });
  for (let x = 102; x <= 118; x += 1) line([x, 6], [x, 24]);
  for (let y = 6; y <= 24; y += 1) line([102, y], [118, y]);
  for (let x = 1055; x <= 1080; x += 1) line([x / 10, 21], [x / 10, 23]);
  for (let y = 210; y <= 230; y += 1) line([105.5, y / 10], [108, y / 10]);
  return lines;
}

/** Lines every hundredth of a degree (about a kilometre) over the north-east, for maps drawn large. */
function hundredths() {
  const lines = [];
  const line = (a, b) => lines.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [a, b] } });
  for (let x = 10550; x <= 10800; x += 1) if (x % 10) line([x / 100, 21], [x / 100, 23]);
  for (let y = 2100; y <= 2300; y += 1) if (y % 10) line([105.5, y / 100], [108, y / 100]);
  return lines;
}

/** Names of communes as page text (no fonts from elsewhere), only those that find room. */
function nameAreas(map, areas) {
  let shown = [];
  const draw = () => {
    shown.forEach((marker) => marker.remove());
    shown = [];
    const bounds = map.getBounds();
    const visible = areas.filter((area) => area.centre && bounds.contains(area.centre));
    if (visible.length > 80) return;
    const taken = [];
    const free = (area) => {
      const at = map.project(area.centre);
      const clear = taken.every((other) => Math.abs(other.x - at.x) > 90 || Math.abs(other.y - at.y) > 18);
      if (clear) taken.push(at);
      return clear;
    };
    shown = visible.filter(free).map((area) => {
      const element = Object.assign(document.createElement("span"), { className: "area-name", textContent: area.name });
      return new window.maplibregl.Marker({ element, anchor: "top" }).setLngLat(area.centre).addTo(map);
    });
  };
  map.on("moveend", draw);
  map.on("load", draw);
}
