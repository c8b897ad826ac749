// Before anything is painted: theme, size of letters and simple mode as chosen on this device, so that no page flashes in another dress.
(() => {
  const root = document.documentElement;
  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  root.dataset.theme = stored("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.size = stored("size") || "normal";
  if (stored("simple")) root.dataset.simple = "1";
  root.classList.remove("no-script");
})();
