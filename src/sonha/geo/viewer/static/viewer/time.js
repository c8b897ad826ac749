// The day that the map shows: typed, or pulled along a line that ends today.

const DAY = 86400000;
const iso = (time) => new Date(time).toISOString().slice(0, 10);

export function timeLine(box, settings, changed) {
  const [input, slider, today] = ["day", "slider", "today"].map((name) => box.querySelector(`[data-${name}]`));
  const end = Date.parse(settings.today);
  const begin = Date.UTC(settings.firstYear, 0, 1);
  const months = Math.round((end - begin) / DAY / 30.4);
  slider.max = months;
  slider.value = months;
  input.min = iso(begin);

  function show(day) {
    input.value = day;
    const past = day !== settings.today;
    today.hidden = !past;
    box.classList.toggle("past", past);
    slider.value = Math.round(((Date.parse(day) - begin) / (end - begin)) * months);
    slider.setAttribute("aria-valuetext", day.split("-").reverse().join("/"));
  }
  const dayAt = (step) => (Number(step) >= months ? settings.today : iso(begin + ((end - begin) * Number(step)) / months));
  slider.addEventListener("input", () => show(dayAt(slider.value)));
  slider.addEventListener("change", () => changed(dayAt(slider.value)));
  input.addEventListener("change", () => {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(input.value) && input.value >= input.min && input.value <= settings.today ? input.value : settings.today;
    show(day);
    changed(day);
  });
  today.addEventListener("click", () => { show(settings.today); changed(settings.today); });
  return { show };
}
