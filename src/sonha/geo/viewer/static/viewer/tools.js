// The tools of the panel: what lies here, along the river, overlaps, measuring.

import { feature } from "./ground.js";
import { areaOf, enlargement, lengthOf, toPlane } from "./vn2000.js";

const PIECES = { length: "line", size: "area", point: "point", upstream: "point", downstream: "point", box: "box", area: "area", overlap: "area" };

export function tools({ root, settings, drawing, found, ask, layers, panel }) {
  const { words } = settings;
  const value = (name) => Number(root.querySelector(`[data-${name}]`).value) || 0;
  const measured = root.querySelector("[data-measured]");
  const format = (number, places) => number.toLocaleString(settings.language === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: places, minimumFractionDigits: Math.min(places, 1) });
  const asked = () => (root.querySelector("[data-all-layers]").checked ? [] : layers.asked);

  function measure(kind, positions) {
    if (!positions.length) { measured.textContent = ""; return; }
    const plane = positions.map((each) => toPlane(each, settings.plane.meridian));
    const middle = plane.reduce((sum, [east]) => sum + east, 0) / plane.length;
    const k = enlargement(middle);
    if (kind === "length") {
      const length = lengthOf(plane);
      measured.textContent = words.lengthIs.replace("{plane}", format(length, 2)).replace("{ellipsoid}", format(length / k, 2)).replace("{meridian}", settings.plane.name);
    } else if (positions.length >= 3) {
      const [area, around] = [areaOf(plane), lengthOf([...plane, plane[0]])];
      measured.textContent = words.areaIs.replace("{plane}", format(area, 1)).replace("{hectares}", format(area / 10000, 4)).replace("{ellipsoid}", format(area / k ** 2, 1)).replace("{around}", format(around, 2)).replace("{meridian}", settings.plane.name);
    }
  }

  const acts = {
    length: (shape) => measure("length", shape.coordinates),
    size: (shape) => measure("size", shape.coordinates[0].slice(0, -1)),
    point: (shape) => found.wait(() => ask.point(shape.coordinates, value("metres"), asked(), layers.day), (answer) => here(answer)),
    box: (shape) => found.wait(() => ask.shape(shape, asked(), layers.day), (answer) => here(answer, shape)),
    area: (shape) => found.wait(() => ask.shape(shape, asked(), layers.day), (answer) => here(answer, shape)),
    upstream: (shape) => river(shape, "upstream"),
    downstream: (shape) => river(shape, "downstream"),
    overlap: (shape, name = "") => {
      const form = root.querySelector("[data-overlap-form]");
      form.elements.drawn.value = JSON.stringify(shape);
      form.elements.name.value = name;
      form.submit();
    },
  };

  function here(answer, shape = null) {
    found.show(answer.groups, { head: answer.area ? words.inArea.replace("{area}", answer.area) : "", tools: answer.groups.length ? [saving(answer.groups), ...(shape ? [reporting(shape)] : [])] : [] });
  }

  /** The list as a file, from what the page already knows. */
  function saving(groups) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: words.saveList });
    button.addEventListener("click", () => {
      const lines = [[words.register, words.record, words.details, words.address]];
      groups.forEach((group) => group.records.forEach((record) => lines.push([group.title, record.title, record.fields.map((pair) => pair.join(": ")).join("; "), location.origin + record.url])));
      const safe = (text) => `"${String(text).replace(/^[=+\-@\t\r]/, "'$&").replace(/"/g, '""')}"`;
      const blob = new Blob([`\ufeff${lines.map((line) => line.map(safe).join(",")).join("\r\n")}`], { type: "text/csv" });
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "o-day-co-gi.csv" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
    return button;
  }

  function reporting(shape) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: words.overlaps });
    button.addEventListener("click", () => acts.overlap(shape));
    return button;
  }

  function river(shape, direction) {
    return found.wait(() => ask.river(shape.coordinates, direction, value("along"), value("beside"), layers.day), (answer) => followed(answer, direction));
  }

  function followed(answer, direction) {
    const text = (direction === "upstream" ? words.upstream : words.downstream).replace("{length}", answer.length).replace("{reaches}", answer.reaches);
    found.show(answer.groups, { head: text, none: text });
    drawing.keep({ type: "FeatureCollection", features: [feature(answer.corridor), feature(answer.line)] });
    found.goTo(answer.corridor);
  }

  root.addEventListener("click", async (event) => {
    const name = event.target.closest("[data-tool]")?.dataset.tool;
    if (!name) return;
    if (matchMedia("(max-width: 767px)").matches) panel.height("peek");
    const shape = await drawing.ask(PIECES[name], words[`draw_${PIECES[name]}`], (positions) => { if (name === "length" || name === "size") measure(name, positions); });
    if (!shape) return;
    if (name === "length" || name === "size") panel.show("tools");
    acts[name](shape);
  });
  return { within: acts.area, overlap: acts.overlap };
}
