// A file of one's own over the map: read here or by the server, kept nowhere.

import { empty, feature } from "./ground.js";
import { extentOf } from "./found.js";

const LARGEST = 20_000_000;

/** Gives `{data}`: what is shown of a file. `within` and `overlap` ask about an area: what lies in it, what it overlaps. */
export function files({ root, map, settings, ask, found, within, overlap }) {
  const [input, list] = [root.querySelector("[data-file]"), root.querySelector("[data-files]")];
  const { words } = settings;
  const opened = { data: empty(), name: "" };

  function show(data) {
    opened.data = data;
    map.getSource("file").setData(data);
  }

  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: text });
    made.addEventListener("click", act);
    return made;
  };

  function line(text, isError) {
    const item = Object.assign(document.createElement("li"), { textContent: text, className: isError ? "error" : "" });
    item.setAttribute("role", isError ? "alert" : "status");
    if (!isError) {
      const area = areasOf(opened.data);
      const acts = Object.assign(document.createElement("div"), { className: "actions" });
      if (area) acts.append(button(words.inFile, () => within(area)), button(words.overlaps, () => overlap(area, opened.name)));
      acts.append(button(words.remove, () => { list.replaceChildren(); show(empty()); }));
      item.append(acts);
    }
    list.replaceChildren(item);
  }

  input.addEventListener("change", async () => {
    const given = input.files[0];
    input.value = "";
    if (!given) return;
    try {
      if (given.size > LARGEST) throw new Error(words.fileTooLarge);
      const data = await read(given);
      const box = extentOf(data);
      if (!box) throw new Error(words.fileEmpty);
      show(data);
      opened.name = given.name.replace(/\.[^.]+$/, "");
      found.goTo(data);
      line(words.fileShown.replace("{name}", given.name).replace("{count}", data.features?.length ?? 1), false);
      found.clear();
    } catch (error) {
      line(error.message, true);
    }
  });

  async function read(given) {
    if (/\.(geojson|json)$/i.test(given.name)) {
      try {
        return shapes(JSON.parse(await given.text()));
      } catch {
        throw new Error(words.fileUnread);
      }
    }
    if (/\.(gpx|kml)$/i.test(given.name)) return marked(await given.text());
    return (await ask.open(given)).data;
  }

  /** Points, tracks and areas of GPX or KML: positions are degrees in both. */
  function marked(text) {
    const xml = new DOMParser().parseFromString(text, "text/xml");
    if (xml.querySelector("parsererror")) throw new Error(words.fileUnread);
    const all = (name, under = xml) => [...under.getElementsByTagNameNS("*", name)];
    const at = (each) => [Number(each.getAttribute("lon")), Number(each.getAttribute("lat"))];
    const listed = (each) => each.textContent.trim().split(/\s+/).map((position) => position.split(",").slice(0, 2).map(Number));
    const line = (coordinates) => feature({ type: "LineString", coordinates });
    const found = [
      ...all("wpt").map((each) => feature({ type: "Point", coordinates: at(each) })),
      ...[...all("trkseg"), ...all("rte")].map((each) => line([...all("trkpt", each), ...all("rtept", each)].map(at))),
      ...all("Point").flatMap((each) => all("coordinates", each).map((position) => feature({ type: "Point", coordinates: listed(position)[0] }))),
      ...all("LineString").flatMap((each) => all("coordinates", each).map((positions) => line(listed(positions)))),
      ...all("Polygon").map((each) => feature({ type: "Polygon", coordinates: all("coordinates", each).map(listed) })),
    ].filter(({ geometry }) => geometry.coordinates.length && geometry.coordinates.flat(3).every(Number.isFinite));
    return shapes({ type: "FeatureCollection", features: found });
  }

  /** GeoJSON in degrees of WGS 84, nothing else. */
  function shapes(data) {
    const box = extentOf(data);
    if (!box || box[0][0] < -180 || box[1][0] > 180 || box[0][1] < -90 || box[1][1] > 90) throw new Error(words.fileUnread);
    return data;
  }
  return opened;
}

/** All areas of a GeoJSON as one shape; null without any. */
function areasOf(data) {
  const found = [];
  const visit = (each) => {
    if (each?.type === "FeatureCollection") each.features.forEach(visit);
    else if (each?.type === "Feature") visit(each.geometry);
    else if (each?.type === "GeometryCollection") each.geometries.forEach(visit);
    else if (each?.type === "Polygon") found.push(each.coordinates);
    else if (each?.type === "MultiPolygon") found.push(...each.coordinates);
  };
  visit(data);
  return found.length ? { type: "MultiPolygon", coordinates: found } : null;
}
