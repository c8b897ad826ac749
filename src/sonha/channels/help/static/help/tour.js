// The tour of the first visit: points at one thing after the other. Nothing is blocked meanwhile; Esc ends it, arrows walk.
const offer = document.querySelector("[data-tour]");
const { steps, ...words } = JSON.parse(document.getElementById("tour-steps").textContent);
const KEY = "tours";
const kept = () => { try { return (localStorage.getItem(KEY) || "").split(" "); } catch { return []; } };
const keep = (name) => { try { localStorage.setItem(KEY, [...new Set([...kept(), name])].join(" ").trim()); } catch { /* for this page only */ } };

let at = -1;
let card = null;
let cameFrom = null;

const visible = (element) => element?.checkVisibility({ visibilityProperty: true }) ? element : null;
// On a telephone the menu is folded: what lies in it is shown at its button.
const target = (step) => visible(document.querySelector(step.at)) || (document.querySelector(step.at)?.closest(".masthead") && visible(document.querySelector("[data-toggle-menu]")));

function button(label, act, primary) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: label, className: primary ? "btn btn-primary" : "btn btn-quiet" });
  made.addEventListener("click", act);
  return made;
}

function leave() {
  document.querySelector(".tour-here")?.classList.remove("tour-here");
  card?.remove();
  card = null;
}

function end() {
  leave();
  at = -1;
  keep(offer.dataset.tour);
  offer.hidden = true;
  (visible(cameFrom) || document.getElementById("content")).focus({ preventScroll: true });
}

function show(place) {
  leave();
  at = place;
  const step = steps[at];
  const here = target(step);
  card = Object.assign(document.createElement("div"), { className: "tour-card", tabIndex: -1 });
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-labelledby", "tour-title");
  card.setAttribute("aria-describedby", "tour-text");
  const title = Object.assign(document.createElement("h2"), { id: "tour-title", textContent: step.title });
  const text = Object.assign(document.createElement("p"), { id: "tour-text", textContent: step.text });
  const where = Object.assign(document.createElement("p"), { className: "small muted", textContent: words.place.replace("{n}", at + 1).replace("{all}", steps.length) });
  const acts = Object.assign(document.createElement("div"), { className: "actions" });
  const last = at === steps.length - 1;
  acts.append(button(last ? words.done : words.next, () => (last ? end() : show(at + 1)), true));
  if (at) acts.append(button(words.back, () => show(at - 1)));
  if (!last) acts.append(button(words.close, end));
  card.append(where, title, text, acts);
  document.body.append(card);
  if (here) {
    here.classList.add("tour-here");
    here.scrollIntoView({ block: "center" });
    const box = here.getBoundingClientRect();
    const below = box.bottom + 12 + card.offsetHeight < innerHeight;
    card.style.top = `${Math.max(12, Math.min(innerHeight - card.offsetHeight - 12, below ? box.bottom + 12 : box.top - card.offsetHeight - 12))}px`;
    card.style.left = `${Math.max(12, Math.min(innerWidth - card.offsetWidth - 12, box.left))}px`;
  }
  card.focus({ preventScroll: true });
}

function start() {
  cameFrom = document.activeElement;
  offer.hidden = true;
  show(0);
}

document.addEventListener("keydown", (event) => {
  if (!card) return;
  if (event.key === "Escape") end();
  else if (event.key === "ArrowRight" && at < steps.length - 1) show(at + 1);
  else if (event.key === "ArrowLeft" && at > 0) show(at - 1);
});
offer.querySelector("[data-tour-start]").addEventListener("click", start);
offer.querySelector("[data-tour-away]").addEventListener("click", end);
if (location.hash === "#gioi-thieu") start();
else offer.hidden = kept().some((name) => name === offer.dataset.tour || name === "all");
