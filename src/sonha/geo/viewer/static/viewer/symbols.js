// Pictures of points, drawn from their names (`square/#1f6f8b/#3a3a3a/8/0.6`), and the small pictures of legends.

const TAU = 2 * Math.PI;
const SHAPES = {
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  triangle: [[0, -1.1], [1.05, 0.8], [-1.05, 0.8]],
  diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
  star: Array.from({ length: 10 }, (_, index) => {
    const [radius, angle] = [index % 2 ? 0.5 : 1.25, (index * TAU) / 10 - TAU / 4];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  }),
};

/** Answers the map's question for a picture that it does not have yet. */
export function drawMissing(map) {
  map.on("styleimagemissing", ({ id }) => {
    const [symbol, fill, stroke, size, width] = id.split("/");
    if (!width || map.hasImage(id)) return;
    const ratio = 2;
    const half = Number(size) / 2;
    const edge = Math.ceil((half * 1.3 + Number(width) + 1) * 2 * ratio);
    const canvas = Object.assign(document.createElement("canvas"), { width: edge, height: edge });
    const pen = canvas.getContext("2d");
    pen.translate(edge / 2, edge / 2);
    pen.scale(ratio, ratio);
    outline(pen, symbol, half);
    if (fill !== "none") Object.assign(pen, { fillStyle: fill }) && pen.fill();
    if (stroke !== "none") Object.assign(pen, { strokeStyle: stroke, lineWidth: Math.max(Number(width), symbol === "cross" ? 1.6 : 0) }) && pen.stroke();
    map.addImage(id, pen.getImageData(0, 0, edge, edge), { pixelRatio: ratio });
  });
}

function outline(pen, symbol, half) {
  pen.beginPath();
  if (symbol === "cross") {
    pen.moveTo(-half, 0); pen.lineTo(half, 0); pen.moveTo(0, -half); pen.lineTo(0, half);
  } else if (SHAPES[symbol]) {
    SHAPES[symbol].forEach(([x, y]) => pen.lineTo(x * half, y * half));
    pen.closePath();
  } else pen.arc(0, 0, half, 0, TAU);
}

const NS = "http://www.w3.org/2000/svg";
const element = (name, attributes) => {
  const made = document.createElementNS(NS, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
};

/** A legend's small picture of a look. */
export function swatch(kind, look) {
  const svg = element("svg", { viewBox: "0 0 26 18", class: "atlas-swatch", "aria-hidden": "true" });
  const paint = { fill: look.fill || "none", "fill-opacity": look.opacity, stroke: look.stroke || "none", "stroke-width": Math.min(look.width, 3), "stroke-dasharray": (look.dash ?? []).join(" ") };
  if (kind === "polygon" || kind === "raster") svg.append(element("rect", { x: 2, y: 2, width: 22, height: 14, rx: 1.5, ...paint }));
  else if (kind === "linestring") svg.append(element("path", { d: "M2 13C9 3 15 16 24 5", ...paint, fill: "none", "stroke-width": Math.max(1.4, Math.min(look.width, 4)) }));
  else if (look.symbol === "cross") svg.append(element("path", { d: "M13 3V15M7 9H19", ...paint }));
  else if (SHAPES[look.symbol]) svg.append(element("polygon", { points: SHAPES[look.symbol].map(([x, y]) => `${13 + x * 5.5},${9 + y * 5.5}`).join(" "), ...paint }));
  else svg.append(element("circle", { cx: 13, cy: 9, r: Math.min(look.size / 2 + 1, 7), ...paint }));
  return svg;
}
