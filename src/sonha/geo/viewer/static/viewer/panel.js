// The panel: tabs by mouse and arrow keys; on a phone a sheet with three heights.

const HEIGHTS = ["peek", "half", "full"];

export function panel(root) {
  const tabs = [...root.querySelectorAll("[role='tab']")];
  const handle = root.querySelector("[data-sheet-toggle]");

  function show(name, focus = false) {
    for (const tab of tabs) {
      const chosen = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      root.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !chosen;
      if (chosen && focus) tab.focus();
    }
    if (root.dataset.sheet === "peek") height("half");
  }

  function height(name) {
    root.dataset.sheet = name;
    handle.setAttribute("aria-expanded", String(name !== "peek"));
  }

  root.querySelector("[role='tablist']").addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    show(tabs[(at + by + tabs.length) % tabs.length].id.slice(4), true);
    event.preventDefault();
  });
  tabs.forEach((tab) => tab.addEventListener("click", () => show(tab.id.slice(4))));

  // A press goes on to the next height; a pull goes where it is pulled.
  let from = 0;
  let moved = 0;
  handle.addEventListener("pointerdown", (event) => { [from, moved] = [event.clientY, 0]; handle.setPointerCapture(event.pointerId); });
  handle.addEventListener("pointermove", (event) => { if (handle.hasPointerCapture(event.pointerId)) moved = event.clientY - from; });
  handle.addEventListener("click", () => {
    const at = HEIGHTS.indexOf(root.dataset.sheet);
    if (Math.abs(moved) > 20) height(HEIGHTS[Math.max(0, Math.min(2, at + (moved < 0 ? 1 : -1)))]);
    else height(HEIGHTS[(at + 1) % HEIGHTS.length]);
    moved = 0;
  });
  return { show, height };
}
