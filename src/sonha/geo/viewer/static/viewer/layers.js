// The tree of layers: on and off, order, opacity, legends; and the same on the map.

import { inkOf, role } from "./ground.js";
import { swatch } from "./symbols.js";

const OPACITIES = { raster: ["raster-opacity"], fill: ["fill-opacity"], line: ["line-opacity"], circle: ["circle-opacity", "circle-stroke-opacity"], symbol: ["icon-opacity", "text-opacity"] };
const LAND = "communes"; // where they are drawn, the province stands out from what lies around it
const RANK = (layer) => (layer.kind === "raster" ? 0 : layer.ground ? 1 : 2); // pictures lie lowest, then boundaries and rivers
const FEW = 8; // classes that are shown without being asked for
const TOP = "top"; // highlights and drawings lie above all layers

export class Layers {
  /** `order`: names from the lowest to the highest; only those that are on. */
  constructor(map, settings, holder, changed) {
    Object.assign(this, { map, settings, holder, changed, order: [], opacity: new Map(), day: "" });
    this.known = new Map(settings.groups.flatMap((group) => group.layers.map((layer) => [layer.name, layer])));
  }

  /** Shows these layers [[name, opacity]] as of a day, and draws the tree. */
  start(chosen, day) {
    this.day = day;
    const wanted = chosen ?? this.usual();
    wanted.filter(([name]) => this.known.has(name)).forEach(([name, opacity]) => {
      this.opacity.set(name, opacity);
      this.add(name, Boolean(chosen));
    });
    this.drawTree();
    this.map.on("zoomend", () => this.markScales());
  }

  usual() {
    const rank = { polygon: 0, linestring: 1, point: 2 };
    return [...this.known.values()].filter((layer) => layer.shown)
      .sort((a, b) => Number(b.ground) - Number(a.ground) || rank[a.kind] - rank[b.kind]).map(({ name }) => [name, 1]);
  }

  /** Names of the layers that are on and have records. */
  get asked() { return this.order.filter((name) => this.known.get(name).kind !== "raster"); }

  get chosen() { return this.order.map((name) => [name, this.opacity.get(name) ?? 1]); }

  tiles(layer) {
    const query = layer.kind !== "raster" && this.day && this.day !== this.settings.today ? `?day=${this.day}` : "";
    return [`${location.origin}${layer.source.tiles[0]}${query}`];
  }

  /** `onTop`: as the address says; else where such a layer belongs. */
  add(name, onTop = false) {
    if (this.order.includes(name)) return;
    const layer = this.known.get(name);
    this.map.addSource(name, { ...layer.source, tiles: this.tiles(layer) });
    const above = onTop ? undefined : this.order.find((each) => RANK(this.known.get(each)) > RANK(layer));
    const before = above ? this.known.get(above).layers[0].id : TOP;
    this.order.splice(above ? this.order.indexOf(above) : this.order.length, 0, name);
    if (name === LAND) this.map.addLayer({ id: "land", type: "fill", source: name, "source-layer": name, paint: { "fill-color": role("--paper"), "fill-antialias": false } }, "names");
    for (const part of layer.layers) {
      const paint = part.layout?.["text-field"] ? { ...part.paint, ...inkOf() } : part.paint;
      this.map.addLayer({ ...part, paint }, before);
    }
    this.fade(name);
    this.nameCommunes();
  }

  remove(name) {
    if (!this.order.includes(name)) return;
    this.known.get(name).layers.forEach(({ id }) => this.map.removeLayer(id));
    if (name === LAND) this.map.removeLayer("land");
    this.map.removeSource(name);
    this.order = this.order.filter((each) => each !== name);
    this.nameCommunes();
  }

  /** Centres of communes are written only while their boundaries are not drawn. */
  nameCommunes() {
    this.map.setLayoutProperty("names", "visibility", this.order.includes("communes") ? "none" : "visible");
  }

  fade(name) {
    const share = this.opacity.get(name) ?? 1;
    for (const part of this.known.get(name).layers) {
      for (const property of OPACITIES[part.type]) {
        const own = part.paint?.[property] ?? 1;
        if (share < 1 || part.paint?.[property] !== undefined) this.map.setPaintProperty(part.id, property, typeof own === "number" ? own * share : ["*", own, share]);
        else this.map.setPaintProperty(part.id, property, undefined);
      }
    }
  }

  /** One step up (+1) or down (-1) among the layers that are on. */
  move(name, by) {
    const from = this.order.indexOf(name);
    const to = from + by;
    if (from < 0 || to < 0 || to >= this.order.length) return;
    this.order.splice(from, 1);
    this.order.splice(to, 0, name);
    this.order.forEach((each) => this.known.get(each).layers.forEach(({ id }) => this.map.moveLayer(id, TOP)));
    this.changed();
  }

  setDay(day) {
    this.day = day;
    this.order.forEach((name) => this.map.getSource(name).setTiles(this.tiles(this.known.get(name))));
    this.changed();
  }

  set(name, on) {
    if (on) this.add(name);
    else this.remove(name);
    this.holder.querySelector(`[data-layer="${name}"]`)?.replaceWith(this.row(this.known.get(name)));
    this.markScales();
    this.changed();
  }

  drawTree() {
    this.holder.replaceChildren(...this.settings.groups.map((group) => {
      const details = Object.assign(document.createElement("details"), { className: "atlas-group", open: group.layers.some(({ name }) => this.order.includes(name)) });
      const summary = Object.assign(document.createElement("summary"), { textContent: group.title });
      const list = document.createElement("ul");
      list.append(...group.layers.map((layer) => this.row(layer)));
      details.append(summary, list);
      return details;
    }));
    if (!this.settings.groups.length) this.holder.append(Object.assign(document.createElement("p"), { className: "empty", textContent: this.settings.words.noLayers }));
    this.markScales();
  }

  row(layer) {
    const on = this.order.includes(layer.name);
    const item = Object.assign(document.createElement("li"), { className: "atlas-layer" });
    item.dataset.layer = layer.name;
    const line = Object.assign(document.createElement("div"), { className: "row-of-layer" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox", id: `layer-${layer.name}`, checked: on });
    box.addEventListener("change", () => {
      this.set(layer.name, box.checked);
      this.holder.querySelector(`#${CSS.escape(box.id)}`)?.focus();
    });
    const label = Object.assign(document.createElement("label"), { htmlFor: box.id, textContent: layer.title });
    const more = Object.assign(document.createElement("button"), { type: "button", className: "more", textContent: "⋯", title: `${this.settings.words.more}: ${layer.title}` });
    more.setAttribute("aria-expanded", "false");
    more.setAttribute("aria-label", more.title);
    more.addEventListener("click", () => this.unfold(item, more, layer));
    line.append(box, swatch(layer.kind, layer.legend[0]), label, more);
    item.append(line);
    if (on && layer.legend.length > 1) item.append(this.legend(layer));
    return item;
  }

  legend(layer) {
    const list = Object.assign(document.createElement("ul"), { className: "atlas-legend" });
    list.append(...layer.legend.map((look) => {
      const item = document.createElement("li");
      item.append(swatch(layer.kind, look), Object.assign(document.createElement("span"), { textContent: look.title }));
      return item;
    }));
    if (layer.legend.length <= FEW) return list;
    const folded = Object.assign(document.createElement("details"), { className: "atlas-folded" });
    folded.append(Object.assign(document.createElement("summary"), { textContent: this.settings.words.legend.replace("{count}", layer.legend.length) }), list);
    return folded;
  }

  /** Opacity, order, where the register is read, on what law it stands. */
  unfold(item, button, layer) {
    const open = item.querySelector(".atlas-more");
    button.setAttribute("aria-expanded", String(!open));
    if (open) { open.remove(); return; }
    const { words } = this.settings;
    const box = Object.assign(document.createElement("div"), { className: "atlas-more" });
    if (layer.about) box.append(Object.assign(document.createElement("p"), { textContent: layer.about }));
    const id = `opacity-${layer.name}`;
    const slider = Object.assign(document.createElement("input"), { type: "range", id, min: 0, max: 100, step: 5, value: Math.round((this.opacity.get(layer.name) ?? 1) * 100) });
    slider.addEventListener("input", () => {
      this.opacity.set(layer.name, Number(slider.value) / 100);
      if (this.order.includes(layer.name)) this.fade(layer.name);
    });
    slider.addEventListener("change", () => this.changed());
    box.append(Object.assign(document.createElement("label"), { htmlFor: id, textContent: words.opacity }), slider);
    const acts = Object.assign(document.createElement("div"), { className: "actions" });
    for (const [text, by] of [[words.up, 1], [words.down, -1]]) {
      const act = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: text });
      act.addEventListener("click", () => this.move(layer.name, by));
      acts.append(act);
    }
    acts.append(Object.assign(document.createElement("a"), { className: "btn btn-quiet", href: layer.list, textContent: words.openRegister }));
    box.append(acts);
    const scales = layer.smallest ? words.fromScale.replace("{scale}", layer.smallest.toLocaleString("vi-VN")) : "";
    box.append(Object.assign(document.createElement("p"), { className: "muted", textContent: [scales, layer.legalSource].filter(Boolean).join(" ") }));
    item.querySelector(".row-of-layer").after(box);
  }

  /** Layers that are not drawn at this scale are told apart. */
  markScales() {
    const zoom = this.map.getZoom();
    for (const item of this.holder.querySelectorAll(".atlas-layer")) {
      const layer = this.known.get(item.dataset.layer);
      const outside = layer.layers.every(({ minzoom, maxzoom }) => zoom < (minzoom ?? 0) || zoom >= (maxzoom ?? 30));
      item.classList.toggle("out-of-scale", outside);
      item.querySelector("label").title = outside ? this.settings.words.outOfScale : "";
    }
  }
}
