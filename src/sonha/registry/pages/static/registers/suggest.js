// Suggestions for a reference while one types: a list beside the input, by pointer or keys. The input stays an ordinary input: what it
// holds is what is sent, and whoever has no script types the whole.

const PAUSE = 220;
let lists = 0;

function suggest(input) {
  lists += 1;
  const list = Object.assign(document.createElement("ul"), { id: `suggestions-${lists}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  const said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  said.setAttribute("role", "status");
  const box = Object.assign(document.createElement("div"), { className: "suggesting" });
  input.before(box);
  box.append(input, list, said);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
  input.autocomplete = "off";
  let [found, active, asked, waiting] = [[], -1, 0, 0];

  function open(yes) {
    list.hidden = !yes || !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) { active = -1; input.removeAttribute("aria-activedescendant"); }
  }

  function mark(at) {
    active = at;
    [...list.children].forEach((line, index) => line.setAttribute("aria-selected", String(index === active)));
    const line = list.children[active];
    if (line) { input.setAttribute("aria-activedescendant", line.id); line.scrollIntoView({ block: "nearest" }); }
  }

  function draw() {
    list.replaceChildren(...found.map((each, index) => {
      const line = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, textContent: each.name || each.text });
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      if (each.about) line.append(Object.assign(document.createElement("span"), { className: "muted small", textContent: ` ${each.about}` }));
      return line;
    }));
  }

  async function ask() {
    asked += 1;
    const mine = asked;
    const words = input.value.trim();
    if (words.length < 2 || words.includes("#")) { found = []; open(false); said.textContent = ""; return; }
    try {
      const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: words })}`, { headers: { Accept: "application/json" } });
      if (mine !== asked || !answer.ok) return;
      const told = await answer.json();
      found = told.found;
      said.textContent = told.said;
      draw();
      open(document.activeElement === input);
      if (found.length) mark(-1);
    } catch { /* without a line the input is an ordinary one */ }
  }

  function choose(at) {
    const each = found[at];
    if (!each) return;
    input.value = each.text;
    found = [];
    asked += 1;
    open(false);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) return;
      event.preventDefault();
      open(true);
      mark((active + (event.key === "ArrowDown" ? 1 : -1) + found.length + (active < 0 && event.key === "ArrowUp" ? 1 : 0)) % found.length);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      open(false);
    }
  });
  input.addEventListener("blur", () => open(false));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[role=option]");
    if (line) choose([...list.children].indexOf(line));
  });
}

document.querySelectorAll("[data-suggest]").forEach(suggest);
