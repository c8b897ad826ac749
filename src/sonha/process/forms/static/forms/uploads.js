// Files are sent as soon as they are chosen or photographed; the page then only carries their ids.

import { smaller } from "../ui/photograph.js";
import { fileCode, fileValues, labelOf } from "./validate.js";

const WAITS = [1000, 3000, 8000, 20000, 30000]; // milliseconds until a broken line is tried again

export function acceptUploads(page, field, box) {
  const item = page.form.fields[field.dataset.field];
  const kept = box.querySelector("[data-kept]");
  const status = box.querySelector("[data-upload-status]");
  const url = page.root.dataset.uploadUrl;
  let count = kept.children.length;

  function list(id, name) {
    if ([...kept.querySelectorAll("input")].some((input) => input.value === id)) return;
    count += 1;
    const line = document.createElement("div");
    line.className = "choice";
    const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: true, name: box.dataset.name, value: id, id: `${box.dataset.name.replaceAll(/[.:]/g, "-")}-new-${count}` });
    const label = Object.assign(document.createElement("label"), { textContent: name, htmlFor: tick.id });
    line.append(tick, label);
    kept.append(line);
  }

  function refuse(code) {
    const values = { ...fileValues(item), label: item.label };
    page.writeError(field, page.form.messages[code].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole));
  }

  field.addEventListener("form:files", (event) => {
    const ids = event.detail.filter(Boolean);
    kept.querySelectorAll("input").forEach((input) => { input.checked = ids.includes(input.value); });
    ids.forEach((id) => list(id, labelOf(page.form, item.key in page.form.fields ? item.key : field.dataset.field.replace("*", "0"))));
  });

  if (!url) return;
  for (const input of box.querySelectorAll("[data-upload]")) {
    input.addEventListener("change", async (event) => {
      event.stopPropagation(); // choosing a file is no answer yet; having sent it is
      const files = [...input.files];
      for (const chosen of files) {
        const small = await smaller(chosen);
        const file = fileCode(item, small.name, small.size, small.type) ? chosen : small; // some papers are wanted as they are
        const ticked = [...kept.querySelectorAll("input")].filter((tick) => tick.checked).length;
        const code = ticked >= item.max_files ? "max_files" : fileCode(item, file.name, file.size, file.type);
        if (code) {
          if (code === "max_files") page.writeError(field, page.form.messages.max_files.replace("{label}", item.label).replace("{max}", item.max_files));
          else refuse(code);
          continue;
        }
        try {
          const stored = await persist(page, url, file, status, (percent) => { status.textContent = page.words.uploading.replace("{name}", file.name).replace("{percent}", percent); });
          list(stored.id, stored.name ?? file.name);
          status.textContent = page.words.uploaded.replace("{name}", file.name);
          page.writeError(field, "");
          page.changed();
        } catch (reason) {
          status.textContent = "";
          page.writeError(field, reason.sentence ?? page.words.upload_failed.replace("{name}", file.name));
        }
      }
      input.value = "";
    });
  }
}

/** Sends until it arrives or the server refuses: a line that breaks is waited for. */
async function persist(page, url, file, status, progress) {
  for (const wait of [...WAITS, null]) {
    try {
      return await send(page, url, file, progress);
    } catch (reason) {
      if (!reason.broken || wait === null) throw reason;
      status.textContent = page.words.upload_waiting.replace("{name}", file.name);
      await new Promise((done) => {
        const timer = setTimeout(done, wait);
        addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
      });
    }
  }
  return undefined;
}

function send(page, url, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", page.csrf());
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(Math.round((100 * event.loaded) / event.total)); });
    request.addEventListener("load", () => (request.status < 300 && request.response?.id ? resolve(request.response) : reject({ sentence: request.response?.error })));
    request.addEventListener("error", () => reject({ broken: true }));
    const data = new FormData();
    data.append("file", file);
    request.send(data);
  });
}
