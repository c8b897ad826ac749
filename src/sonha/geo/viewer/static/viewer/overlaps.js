// The report goes to the printer at a press.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
