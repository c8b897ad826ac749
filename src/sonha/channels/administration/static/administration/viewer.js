// The BPMN viewer in place of the drawing, where scripts run: drag to move, wheel or buttons to zoom.

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

function fit(view) {
  view.zoom("fit-viewport", "auto");
  if (view.zoom() < 0.35) view.zoom(0.35, { x: 0, y: 0 });
}

for (const section of document.querySelectorAll("[data-viewer]")) open(section);
