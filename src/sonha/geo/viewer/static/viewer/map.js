// The map page: puts its parts together, keeps the address true, answers presses on the map.

import * as address from "./address.js";
import { Drawing } from "./draw.js";
import { files } from "./files.js";
import { Found, extentOf } from "./found.js";
import { empty, feature, groundStyle, repaint, role } from "./ground.js";
import { Layers } from "./layers.js";
import { panel as makePanel } from "./panel.js";
import { questions } from "./questions.js";
import { drawMissing } from "./symbols.js";
import { timeLine } from "./time.js";
import { tools } from "./tools.js";
import { toPlane } from "./vn2000.js";

const settings = JSON.parse(document.getElementById("atlas-settings").textContent);
const { words } = settings;
const root = document.querySelector("[data-atlas]");
const part = (name) => root.querySelector(`[data-${name}]`);
const PHONE = matchMedia("(max-width: 767px)").matches;
const PIXELS = 7; // around a press
const SCALE_0 = 279541132.0143589; // denominator at zoom 0 on the equator, a pixel of 0.28 mm

document.fonts.load("600 16px 'Be Vietnam Pro'", "Ằđ").catch(() => {}).finally(start);

function start() {
  const panel = makePanel(root);
  const said = address.read();
  const [west, south, east, north] = settings.frame;
  let map;
  try {
    map = new window.maplibregl.Map({
      container: part("map"),
      style: groundStyle(settings),
      ...(said.centre ? { center: said.centre, zoom: said.zoom } : { bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: { top: PHONE ? 70 : 30, left: 20, right: PHONE ? 20 : 60, bottom: PHONE ? innerHeight * 0.46 : 40 } } }),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 22,
      fadeDuration: 120,
      locale: { "NavigationControl.ZoomIn": words.zoomIn, "NavigationControl.ZoomOut": words.zoomOut, "GeolocateControl.FindMyLocation": words.locate, "GeolocateControl.LocationNotAvailable": words.noPosition, "Map.Title": part("map").getAttribute("aria-label") },
    });
  } catch {
    part("map").append(Object.assign(document.createElement("p"), { className: "alert alert-warning", textContent: words.noMap }));
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new window.maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new window.maplibregl.GeolocateControl({ positionOptions: { enableHighAccuracy: true }, trackUserLocation: true }), "top-right");
  map.addControl(new window.maplibregl.ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-right");
  drawMissing(map);
  map.once("load", () => ready(map, panel, said));
}

function ready(map, panel, said) {
  const day = said.day && said.day <= settings.today ? said.day : settings.today;
  const kept = { q: said.q ?? "", at: said.at ?? null };
  addTop(map);
  const layers = new Layers(map, settings, part("tree"), keep);
  const found = new Found(map, part("found"), panel, words, new Set([...layers.known.values()].filter(({ ground }) => ground).map(({ name }) => name)));
  const drawing = new Drawing(map, part("banner"), part("cross"), words);
  const ask = questions(settings);
  const line = timeLine(part("time"), settings, (chosen) => { layers.setDay(chosen); if (kept.at) look(kept.at); });

  function keep() {
    address.write({ map, layers: layers.chosen, day: layers.day, today: settings.today, ...kept });
  }

  line.show(day);
  layers.start(said.layers, day);
  const { within, overlap } = tools({ root, settings, drawing, found, ask, layers, panel });
  const opened = files({ root, map, settings, ask, found, within, overlap });
  map.on("moveend", keep);
  map.on("click", (event) => { if (!drawing.active && !event.defaultPrevented) look(event.lngLat.toArray()); });
  map.getCanvas().addEventListener("keydown", (event) => { if (event.key === "Enter" && !drawing.active) look(map.getCenter().toArray()); });
  readout(map);

  async function look(at) {
    kept.at = at;
    keep();
    drawing.keep(empty());
    map.getSource("drawn").setData(feature({ type: "Point", coordinates: at }));
    const metres = (PIXELS * 78271.517 * Math.cos((at[1] * Math.PI) / 180)) / 2 ** map.getZoom();
    found.wait(() => ask.point(at, Math.min(metres, 5000), layers.asked, layers.day, "1"), ({ groups }) => found.show(groups));
  }

  async function search(text, { go = true } = {}) {
    kept.q = text;
    kept.at = null;
    keep();
    const status = part("status");
    status.textContent = words.asking;
    const place = typedPlace(text);
    if (place) { map.jumpTo({ center: place, zoom: Math.max(map.getZoom(), 15) }); look(place); return; }
    await found.wait(() => ask.search(text, layers.day), ({ groups }) => {
      found.show(groups, { none: words.nothingFound });
      const box = extentOf({ type: "FeatureCollection", features: groups.flatMap((group) => group.records.filter((record) => record.shape).map((record) => feature(record.shape))) });
      if (box && go) map.fitBounds(box, { padding: 80, maxZoom: 17, animate: false });
    });
    status.textContent = part("found").querySelector("[role='status'], [role='alert']")?.textContent ?? "";
  }

  part("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = event.target.elements.q.value.trim();
    if (text) search(text);
  });
  part("share").addEventListener("click", async (event) => {
    keep();
    const button = event.target;
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = words.copied;
    } catch {
      window.prompt(words.copy, location.href);
    }
  });
  part("print-form").addEventListener("submit", ({ target }) => {
    const { lng, lat } = map.getCenter();
    const marks = JSON.stringify({ file: opened.data, drawn: drawing.kept });
    Object.entries({ lng: lng.toFixed(7), lat: lat.toFixed(7), layers: layers.order.join(","), day: layers.day, marks }).forEach(([name, value]) => { target.elements[name].value = value; });
  });
  new MutationObserver(() => { repaint(map); paintTop(map); }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

  if (said.q) { root.querySelector("[name='q']").value = said.q; search(said.q, { go: !said.centre }); }
  else if (said.at) look(said.at);
  keep();
  root.dataset.ready = "1";
  map.once("idle", () => { root.dataset.drawn = "1"; });
}

/** Coordinates as typed: `21,875 106,768` in degrees. */
function typedPlace(text) {
  const pair = text.match(/^(-?\d{1,2}[.,]\d+)[\s;,]+(-?\d{2,3}[.,]\d+)$/);
  return pair ? [Number(pair[2].replace(",", ".")), Number(pair[1].replace(",", "."))] : null;
}

const TOP = [
  ["top", "file", "fill", ["==", ["geometry-type"], "Polygon"], { "fill-opacity": 0.18 }, "--sand"],
  ["file-line", "file", "line", ["!=", ["geometry-type"], "Point"], { "line-width": 2.2 }, "--sand"],
  ["file-point", "file", "circle", ["==", ["geometry-type"], "Point"], { "circle-radius": 5, "circle-stroke-width": 1.5, "circle-stroke-color": "#ffffff" }, "--sand"],
  ["chosen-fill", "chosen", "fill", ["==", ["geometry-type"], "Polygon"], { "fill-opacity": 0.16 }, "--flag"],
  ["chosen-line", "chosen", "line", ["!=", ["geometry-type"], "Point"], { "line-width": 2.6 }, "--flag"],
  ["chosen-point", "chosen", "circle", ["==", ["geometry-type"], "Point"], { "circle-radius": 8, "circle-opacity": 0.25, "circle-stroke-width": 2.4 }, "--flag"],
  ["drawn-fill", "drawn", "fill", ["==", ["geometry-type"], "Polygon"], { "fill-opacity": 0.14 }, "--pine"],
  ["drawn-line", "drawn", "line", ["!=", ["geometry-type"], "Point"], { "line-width": 2.4, "line-dasharray": [2, 1] }, "--pine"],
  ["drawn-point", "drawn", "circle", ["==", ["geometry-type"], "Point"], { "circle-radius": 4.5, "circle-stroke-width": 1.5, "circle-stroke-color": "#ffffff" }, "--pine"],
];

function addTop(map) {
  ["file", "chosen", "drawn"].forEach((name) => map.addSource(name, { type: "geojson", data: empty() }));
  TOP.forEach(([id, source, type, filter, paint]) => map.addLayer({ id, source, type, filter, paint }));
  paintTop(map);
}

function paintTop(map) {
  TOP.forEach(([id, , type, , , colour]) => map.setPaintProperty(id, `${type}-color`, role(colour)));
  map.setPaintProperty("chosen-point", "circle-stroke-color", role("--flag"));
}

/** Scale, and where the pointer (on a phone: the middle) is, in degrees and in the province's plane. */
function readout(map) {
  const number = (value, places) => value.toLocaleString(settings.language === "en" ? "en-GB" : "vi-VN", { minimumFractionDigits: places, maximumFractionDigits: places });
  const show = ({ lng, lat }) => {
    part("wgs").textContent = `WGS 84: ${number(lat, 6)}; ${number(lng, 6)}`;
    const [x, y] = toPlane([lng, lat], settings.plane.meridian);
    part("plane").textContent = `VN-2000 ${settings.plane.name}: E ${number(x, 2)} N ${number(y, 2)}`;
  };
  const scale = () => {
    const denominator = (SCALE_0 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
    part("scale").textContent = `1:${Math.round(Number(denominator.toPrecision(3))).toLocaleString(settings.language === "en" ? "en-GB" : "vi-VN")}`;
  };
  map.on("mousemove", (event) => show(event.lngLat));
  map.on("move", () => { scale(); show(map.getCenter()); });
  scale();
  show(map.getCenter());
}
