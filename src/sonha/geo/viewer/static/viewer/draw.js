// Drawing on the map by mouse, finger or keys: a point, a line, an area, a box. One drawing at a time.

import { empty, feature } from "./ground.js";

const LEAST = { point: 1, line: 2, area: 3, box: 2 };

export class Drawing {
  constructor(map, banner, cross, words) {
    Object.assign(this, { map, banner, cross, words, kind: "", positions: [], settle: null, moved: null, kept: empty() });
    const part = (name) => banner.querySelector(`[data-banner-${name}]`);
    this.text = part("text");
    part("add").addEventListener("click", () => this.put(this.map.getCenter().toArray()));
    part("undo").addEventListener("click", () => this.undo());
    part("done").addEventListener("click", () => this.finish());
    part("stop").addEventListener("click", () => this.stop());
    this.done = part("done");
    map.on("click", (event) => { if (this.kind) { event.preventDefault(); this.put(event.lngLat.toArray()); } });
    map.on("mousemove", (event) => { if (this.kind) { this.moved = event.lngLat.toArray(); this.show(); } });
    map.on("dblclick", (event) => { if (this.kind) { event.preventDefault(); this.finish(); } });
    document.addEventListener("keydown", (event) => this.key(event), true);
  }

  /** Asks for a shape; gives its GeoJSON, or null when it was given up. `watch` sees the positions as they come. */
  ask(kind, said, watch = () => {}) {
    this.stop();
    Object.assign(this, { kind, positions: [], moved: null, watch });
    this.text.textContent = said;
    this.banner.hidden = this.cross.hidden = false;
    this.map.getCanvas().style.cursor = "crosshair";
    this.map.doubleClickZoom.disable();
    this.show();
    this.map.getCanvas().focus({ preventScroll: true });
    return new Promise((resolve) => { this.settle = resolve; });
  }

  get active() { return Boolean(this.kind); }

  put(position) {
    const last = this.positions.at(-1);
    if (last && Math.hypot(last[0] - position[0], last[1] - position[1]) < 1e-9) return;
    this.positions.push(position);
    this.watch(this.positions);
    if (this.kind === "point" || (this.kind === "box" && this.positions.length === 2)) this.finish();
    else this.show();
  }

  undo() {
    this.positions.pop();
    this.watch(this.positions);
    this.show();
  }

  key(event) {
    if (!this.kind) return;
    if (event.key === "Escape") this.stop();
    else if (event.target === this.map.getCanvas() && event.key === "Enter") this.put(this.map.getCenter().toArray());
    else if (event.target === this.map.getCanvas() && event.key === "Backspace") this.undo();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  finish() {
    if (this.positions.length < LEAST[this.kind]) return;
    this.end(this.shape(this.positions));
  }

  stop() { if (this.kind) this.end(null); }

  end(shape) {
    const { settle } = this;
    Object.assign(this, { kind: "", settle: null, moved: null });
    this.banner.hidden = this.cross.hidden = true;
    this.map.getCanvas().style.cursor = "";
    this.keep(shape ? feature(shape) : empty());
    setTimeout(() => this.map.doubleClickZoom.enable(), 300);
    settle?.(shape);
  }

  /** Shows what was drawn, or what came of it, until something else is; it is printed with the map. */
  keep(data) {
    this.kept = data;
    this.map.getSource("drawn")?.setData(data);
  }

  shape(positions) {
    if (this.kind === "point") return { type: "Point", coordinates: positions[0] };
    if (this.kind === "line") return { type: "LineString", coordinates: positions };
    const corners = this.kind === "box" ? boxOf(positions) : positions;
    return { type: "Polygon", coordinates: [[...corners, corners[0]]] };
  }

  /** What is drawn so far, with the pointer as the next corner. */
  show() {
    const positions = this.moved && this.positions.length ? [...this.positions, this.moved] : this.positions;
    const shapes = this.positions.map((each) => feature({ type: "Point", coordinates: each }));
    if (positions.length >= 2) {
      const whole = (this.kind === "area" && positions.length >= 3) || this.kind === "box";
      shapes.push(feature(whole ? this.shape(positions) : { type: "LineString", coordinates: positions }));
    }
    this.map.getSource("drawn")?.setData({ type: "FeatureCollection", features: shapes });
    this.done.hidden = ["point", "box"].includes(this.kind);
    this.done.disabled = this.positions.length < LEAST[this.kind];
  }
}

function boxOf([[west, south], [east, north]]) {
  return [[west, south], [east, south], [east, north], [west, north]];
}
