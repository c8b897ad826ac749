// What was found: groups of records in the panel, their shapes on the map.

import { empty, feature } from "./ground.js";

const made = (name, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(name), attributes);
  element.append(...children);
  return element;
};

export class Found {
  /** `ground`: layers that lie under everything; they are told last and marked only when chosen. */
  constructor(map, holder, panel, words, ground) {
    Object.assign(this, { map, holder, panel, words, ground });
    holder.classList.add("atlas-found");
  }

  /** Asks, and shows the answer unless something else was asked meanwhile. */
  async wait(question, show) {
    const turn = (this.turn ?? 0) + 1;
    this.turn = turn;
    this.holder.setAttribute("aria-busy", "true");
    try {
      const answer = await question();
      if (turn === this.turn) await show(answer);
    } catch (error) {
      if (turn === this.turn) this.say(error.message, true);
    }
    if (turn === this.turn) this.holder.removeAttribute("aria-busy");
  }

  say(text, isError = false) {
    this.holder.replaceChildren(made("p", { className: isError ? "alert alert-error" : "muted", textContent: text, role: isError ? "alert" : "status" }));
    this.panel.show("found");
  }

  /** `head`: a line above; `tools`: elements beside it. */
  show(all, { head = "", tools = [], none = this.words.nothing } = {}) {
    const groups = [...all.filter(({ layer }) => !this.ground.has(layer)), ...all.filter(({ layer }) => this.ground.has(layer))];
    const marked = all.filter(({ layer, register }) => register || !this.ground.has(layer));
    const total = groups.reduce((sum, group) => sum + (group.count ?? group.records.length), 0);
    const lines = [made("div", { className: "atlas-head" }, made("p", { role: "status", textContent: total ? head || this.words.found.replace("{count}", total) : none }), ...tools)];
    groups.forEach((group) => lines.push(this.group(group)));
    this.holder.replaceChildren(...lines);
    const shapes = marked.flatMap((group) => group.records.map(({ shape }) => shape).filter((shape) => shape && !this.overflows(shape)));
    this.map.getSource("chosen").setData({ type: "FeatureCollection", features: shapes.map((shape) => feature(shape)) });
    this.panel.show("found");
    this.holder.closest(".atlas-panes").scrollTop = 0;
  }

  /** Areas that would cover the view are marked only when chosen. */
  overflows(shape) {
    if (!shape.type.endsWith("Polygon")) return false;
    const [[west, south], [east, north]] = extentOf(shape);
    const view = this.map.getBounds();
    return east - west > 0.7 * (view.getEast() - view.getWest()) || north - south > 0.7 * (view.getNorth() - view.getSouth());
  }

  group(group) {
    const count = group.count ?? group.records.length;
    const many = group.more ? this.words.moreThan.replace("{count}", count) : String(count);
    const list = made("ul");
    list.append(...group.records.map((record) => this.record(record, isShort(group))));
    const parts = [made("h3", {}, made("span", { textContent: group.title }), made("span", { textContent: many })), list];
    const links = [["narrowed", this.words.openList], ["export", this.words.exportList]].filter(([name]) => group[name]);
    if (links.length) parts.splice(1, 0, made("p", { className: "atlas-links" }, ...links.map(([name, text]) => made("a", { href: group[name], textContent: text, ariaLabel: `${text}: ${group.title}` }))));
    if (count > group.records.length) parts.push(made("p", { className: "small muted", textContent: this.words.listed.replace("{shown}", group.records.length) }));
    return made("section", {}, ...parts);
  }

  record(record, open) {
    const card = made("li", { className: "atlas-record" });
    const button = made("button", { type: "button" }, record.title);
    if (!open) button.append(made("span", { className: "muted", textContent: record.fields.map(([, value]) => value).filter((value) => value !== record.title).slice(0, 4).join(" · ") }));
    const facts = made("dl", { hidden: !open });
    record.fields.forEach(([name, value]) => facts.append(made("dt", { textContent: name }), made("dd", { textContent: value })));
    button.setAttribute("aria-expanded", String(open));
    button.addEventListener("click", () => {
      facts.hidden = false;
      button.setAttribute("aria-expanded", "true");
      this.choose(card, record);
    });
    card.append(button, facts, made("a", { href: record.url, textContent: this.words.openRecord }));
    return card;
  }

  /** Goes to a record and marks it. */
  choose(card, record) {
    this.holder.querySelectorAll(".chosen").forEach((each) => each.classList.remove("chosen"));
    card.classList.add("chosen");
    if (!record.shape) return;
    this.map.getSource("chosen").setData(feature(record.shape));
    this.goTo(record.shape);
  }

  goTo(shape) {
    const box = extentOf(shape);
    if (!box) return;
    const phone = matchMedia("(max-width: 767px)").matches;
    if (phone) this.panel.height("half");
    const bottom = phone ? this.map.getContainer().clientHeight * 0.46 + 40 : 80;
    this.map.fitBounds(box, { padding: { top: 80, left: 40, right: 40, bottom }, maxZoom: 17, duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 700 });
  }

  clear() {
    this.map.getSource("chosen").setData(empty());
  }
}

const isShort = (group) => group.records.length <= 3;

/** [[west, south], [east, north]] of any GeoJSON. */
export function extentOf(thing) {
  const box = [[Infinity, Infinity], [-Infinity, -Infinity]];
  const walk = (value) => {
    if (typeof value[0] === "number") {
      box[0] = [Math.min(box[0][0], value[0]), Math.min(box[0][1], value[1])];
      box[1] = [Math.max(box[1][0], value[0]), Math.max(box[1][1], value[1])];
    } else value.forEach(walk);
  };
  const visit = (each) => {
    if (each?.type === "FeatureCollection") each.features.forEach(visit);
    else if (each?.type === "Feature") visit(each.geometry);
    else if (each?.type === "GeometryCollection") each.geometries.forEach(visit);
    else if (each?.coordinates?.length) walk(each.coordinates);
  };
  visit(thing);
  return Number.isFinite(box[0][0]) ? box : null;
}
