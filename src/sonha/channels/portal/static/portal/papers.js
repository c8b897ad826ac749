// Papers go up as soon as they are photographed or chosen, in pieces that survive a broken line; large photographs are made smaller first.
// A draft keeps them at once (data-give); elsewhere their ids wait in the form (`sent:<name>`) until it is sent. Without this script the
// page posts the files itself.

import { upload } from "../files/upload.js";
import { askOneByOne } from "../forms/one_question.js";
import { size, smaller } from "../ui/photograph.js";

const KINDS = /^(application\/pdf|image\/(jpeg|png|webp))$/;
const form = document.querySelector("[data-papers]");
const words = (name, values = {}) => (form.dataset[`words${name}`] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
let running = 0;
let waiting = null; // the button that was pressed while something was still on its way
form.classList.toggle("touch", navigator.maxTouchPoints > 0);
askOneByOne(form, () => [...form.querySelectorAll("[data-paper]")].filter((group) => group.querySelector("[data-pick]")));

for (const group of form.querySelectorAll("[data-paper]")) {
  for (const input of group.querySelectorAll("[data-pick]")) {
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      tell(group, "");
      for (const file of files) await take(group, file);
    });
  }
}

form.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  event.preventDefault();
  const group = button.closest("[data-paper]");
  if (!form.dataset.takeBack) {
    button.closest("li").remove();
    group.querySelector("[data-pick]:not([capture])").focus();
    return;
  }
  const answer = await post(form.dataset.takeBack, { paper: group.dataset.paper, entry: button.dataset.remove }).catch(() => null);
  if (!answer?.ok) { location.reload(); return; }
  show(group, await answer.text());
  group.querySelector("[data-status]").textContent = words("Removed");
  group.querySelector("[data-pick]:not([capture])").focus();
});

form.addEventListener("submit", (event) => {
  if (!running) return;
  event.preventDefault();
  waiting = event.submitter;
  form.querySelectorAll(".sending [data-status]").forEach((status) => { status.textContent = words("Leave"); });
});
addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
addEventListener("offline", () => form.querySelectorAll(".sending [data-status]").forEach((status) => { status.textContent = words("Waiting"); }));

async function take(group, chosen) {
  if (chosen.type && !KINDS.test(chosen.type)) { tell(group, words("Kind", { name: chosen.name })); return; }
  running += 1;
  group.classList.add("sending");
  const bar = group.querySelector("[data-progress]");
  const status = group.querySelector("[data-status]");
  try {
    if (chosen.type.startsWith("image/")) status.textContent = words("Shrinking", { name: chosen.name });
    const file = await smaller(chosen);
    if (file.size > Number(form.dataset.max) * 1048576) throw new Error(words("Large", { name: chosen.name, max: form.dataset.max }));
    bar.hidden = false;
    const onProgress = (sent, total) => {
      bar.value = Math.round((100 * sent) / total);
      status.textContent = words("Sending", { name: chosen.name, percent: bar.value });
    };
    const stored = await upload(file, { purpose: "dossier", onProgress });
    await keep(group, stored);
    picture(group, stored.id, file);
    const sizes = { name: chosen.name, before: size(chosen.size), after: size(file.size) };
    status.textContent = words(file === chosen ? "Sent" : "Shrunk", sizes);
  } catch (problem) {
    waiting = null;
    status.textContent = "";
    tell(group, problem.message.includes(chosen.name) ? problem.message : `${chosen.name}: ${problem.message}`);
  } finally {
    running -= 1;
    bar.hidden = true;
    group.classList.remove("sending");
    if (!running && waiting) form.requestSubmit(waiting);
  }
}

async function keep(group, stored) {
  if (!form.dataset.give) { wait(group, stored); return; }
  const answer = await post(form.dataset.give, { paper: group.dataset.paper, file: stored.id });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error ?? String(answer.status));
  show(group, await answer.text());
}

function wait(group, stored) {
  const line = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "given-name", textContent: stored.name });
  const ident = Object.assign(document.createElement("input"), { type: "hidden", name: `sent:${group.dataset.paper}`, value: stored.id });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: words("Remove") });
  button.dataset.remove = stored.id;
  line.append(name, ident, button);
  group.querySelector("[data-given]").append(line);
}

function show(group, html) {
  const list = group.querySelector("[data-given]");
  const pictures = new Map([...list.querySelectorAll("img[data-of]")].map((image) => [image.dataset.of, image]));
  list.innerHTML = html;
  for (const [ident, image] of pictures) place(list, ident, image);
  group.classList.remove("has-error");
}

function picture(group, ident, file) {
  if (!file.type.startsWith("image/")) return;
  const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
  image.dataset.of = ident;
  place(group.querySelector("[data-given]"), ident, image);
}

function place(list, ident, image) {
  list.querySelector(`[data-remove="${CSS.escape(ident)}"]`)?.closest("li").prepend(image);
}

function tell(group, sentence) {
  const problem = group?.querySelector("[data-upload-error]");
  if (!problem) return;
  problem.textContent = sentence;
  problem.hidden = !sentence;
}

function post(address, values) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  return fetch(address, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value } });
}
