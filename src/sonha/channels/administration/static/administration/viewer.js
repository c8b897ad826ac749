// The BPMN viewer in place of the drawing, where scripts run: drag to move, wheel or buttons to zoom.

const READABLE = 0.65;

async function open(section) {
  const canvas = section.querySelector("[data-canvas]");
  const drawing = section.querySelector("[data-drawing]");
  const answer = await fetch(section.dataset.url);
  if (!answer.ok || !window.BpmnJS) return;
  canvas.hidden = false;
  const viewer = new window.BpmnJS({ container: canvas });
  try {
    await viewer.importXML(await answer.text());
  } catch {
    canvas.hidden = true;
    return;
  }
  drawing.hidden = true;
  const view = viewer.get("canvas");
  fit(view);
  const tools = section.querySelector("[data-viewer-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const way = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (way === "fit") fit(view);
    else if (way) view.zoom(view.zoom() * (way === "in" ? 1.25 : 0.8));
  });
  section.dataset.ready = "1";
}

// Whole where words stay readable; otherwise from the beginning, at a size that can be read.
function fit(view) {
  view.zoom("fit-viewport", "auto");
  if (view.zoom() >= READABLE) return;
  const { inner, outer } = view.viewbox();
  view.viewbox({ x: inner.x - 20, y: inner.y - 20, width: outer.width / READABLE, height: outer.height / READABLE });
}

for (const section of document.querySelectorAll("[data-viewer]")) open(section);
