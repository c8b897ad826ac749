// Draws the corners of a line or an area while they are typed, so that a wrong order or a slip shows at once. The server judges.

const SIZE = [360, 260];
const MARGIN = 24;
const SVG = "http://www.w3.org/2000/svg";

/** `450.000,12` and `21,87` as numbers; null for anything else. */
function number(text) {
  let plain = text.trim();
  if (/^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/.test(plain)) plain = plain.replaceAll(".", "");
  plain = plain.replace(",", ".");
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/** Blocks of [x, y], as the server reads them: an empty line begins another. */
function blocks(text, isDegrees) {
  const found = [[]];
  for (const line of text.split(/\r?\n/)) {
    const parts = line.trim().split(/[;\t ]+/).filter(Boolean);
    if (!parts.length) { if (found.at(-1).length) found.push([]); continue; }
    const [first, second] = parts.map(number);
    if (parts.length !== 2 || first === null || second === null) return null;
    found.at(-1).push(isDegrees ? [second * Math.cos((first * Math.PI) / 180), first] : [first, second]);
  }
  return found.filter((block) => block.length);
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function draw(box) {
  const lines = box.querySelector("[data-lines]");
  const preview = box.querySelector("[data-preview]");
  const rings = blocks(lines.value, box.querySelector("[data-crs]").value === "4326");
  preview.replaceChildren();
  const all = rings?.flat() ?? [];
  if (all.length < 2) return;
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((SIZE[0] - 2 * MARGIN) / (east - west || 1e-9), (SIZE[1] - 2 * MARGIN) / (north - south || 1e-9));
  const at = ([x, y]) => [SIZE[0] / 2 + (x - (west + east) / 2) * scale, SIZE[1] / 2 - (y - (south + north) / 2) * scale];
  const svg = element("svg", { viewBox: `0 0 ${SIZE[0]} ${SIZE[1]}`, class: "shape", "aria-hidden": "true" });
  for (const ring of rings) {
    const path = ring.map((position) => at(position).map((value) => value.toFixed(1)).join(",")).join("L");
    svg.append(element("path", { d: `M${path}${ring.length > 2 ? "Z" : ""}`, class: "area", "fill-rule": "evenodd" }));
    ring.slice(0, 60).forEach((position, index) => {
      const [x, y] = at(position);
      const label = element("text", { x: x + 5, y: y - 4 });
      label.textContent = String(index + 1);
      svg.append(element("circle", { cx: x, cy: y, r: 2.5, class: "point" }), label);
    });
  }
  preview.append(svg);
}

document.querySelectorAll('[data-place-entry="corners"]').forEach((box) => {
  box.addEventListener("input", () => draw(box));
  draw(box);
});
