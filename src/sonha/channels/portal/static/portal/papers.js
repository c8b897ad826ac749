// Uploads each file as it is chosen, so that a slow line fails early and one file at a time; without this script the page posts them.
for (const group of document.querySelectorAll("[data-paper]")) {
  const input = group.querySelector("input[type='file']");
  input?.addEventListener("change", async () => {
    const problem = group.querySelector("[data-upload-error]");
    problem.hidden = true;
    for (const file of [...input.files]) {
      try {
        list(group, await send(group, file));
      } catch (error) {
        problem.textContent = `${file.name}: ${error.message}`;
        problem.hidden = false;
      }
    }
    input.value = "";
  });
}

async function send(group, file) {
  const body = new FormData();
  body.append("file", file);
  body.append("paper", group.dataset.paper);
  const answer = await fetch(group.dataset.uploadUrl, { method: "POST", body, headers: { "X-CSRFToken": group.closest("form").elements.csrfmiddlewaretoken.value } });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error || String(answer.status));
  return said;
}

function list(group, file) {
  const row = document.createElement("div");
  row.className = "choice";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true, name: `paper:${group.dataset.paper}`, value: file.id, id: `u${file.id}` });
  const label = Object.assign(document.createElement("label"), { textContent: file.name, htmlFor: box.id });
  row.append(box, label);
  group.querySelector("[data-given]").append(row);
}
