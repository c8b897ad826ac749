// Simple mode: one question at a time, whatever the page holds. The page's own buttons lead through the questions and only then onwards;
// fields that do not apply are passed over, and everything is sent exactly as it would be without this.

const root = document.documentElement;

/**
 * `form` is stepped through: `questions()` gives the elements to ask, in order, as they apply now; `mayLeave(element)` says whether the
 * answer will do (and tells what is wrong if not).
 */
export function askOneByOne(form, questions, mayLeave = () => true) {
  const bar = form.querySelector(".filing-actions");
  if (!bar) return;
  const place = Object.assign(document.createElement("p"), { className: "question-place", role: "status" });
  form.prepend(place);
  let current = null;

  const on = () => Boolean(root.dataset.simple);

  function show(element, { focus = true } = {}) {
    const all = questions();
    current = all.includes(element) ? element : all[0] ?? null;
    form.classList.toggle("one-question", on() && Boolean(current));
    for (const marked of form.querySelectorAll(".asked")) marked.classList.remove("asked");
    for (let each = current; each && each !== form; each = each.parentElement) each.classList.add("asked");
    const at = all.indexOf(current);
    form.classList.toggle("last-question", at === all.length - 1);
    place.textContent = on() && current ? bar.dataset.wordsQuestion.replace("{n}", at + 1).replace("{all}", all.length) : "";
    if (!on() || !current || !focus) return;
    window.scrollTo({ top: 0 });
    (current.querySelector("input:not([type=hidden], [type=file]), select, textarea, button") ?? current).focus({ preventScroll: true });
  }

  function step(by) {
    const all = questions();
    const next = all[all.indexOf(current) + by];
    if (next) show(next);
    return Boolean(next);
  }

  // Before every other listener: a question that follows keeps the page from being sent.
  document.addEventListener("submit", (event) => {
    if (event.target !== form || !on() || !current) return;
    const name = event.submitter?.name ?? "next";
    const stays = (name === "next" && (!mayLeave(current) || step(1))) || (name === "back" && step(-1));
    if (!stays) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // A sentence of the list of mistakes leads to its question.
  const toTarget = (hash) => {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    const found = target && questions().find((each) => each.contains(target));
    if (found) show(found);
  };
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && on()) toTarget(link.hash);
  }, true);
  document.addEventListener("simple", () => show(current, { focus: false }));
  form.addEventListener("click", (event) => {
    if (on() && event.target.closest("[data-add], [data-remove]")) setTimeout(() => show(questions().at(event.target.closest("[data-add]") ? questions().indexOf(current) + 1 : 0)), 0);
  });

  show(questions().find((each) => each.matches(".has-error")) ?? null, { focus: false });
  toTarget(location.hash);
}
