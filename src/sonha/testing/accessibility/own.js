// Our own checks of an open page. Gives [[rule, element, words], ...]; `phone` adds what holds for fingers and narrow screens.
(phone) => {
  const DRAWN = ".maplibregl-map, .bjs-container, #swagger-ui"; // controls of other makers: maps, diagrams, the programmers' description of the API
  const found = [];
  const told = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const classes = typeof element.className === "string" && element.className ? `.${element.className.trim().split(/\s+/).join(".")}` : "";
    const words = (element.innerText || element.value || element.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${element.tagName.toLowerCase()}${id}${classes} "${words}"`;
  };
  const say = (rule, element, words) => found.push([rule, element ? told(element) : "html", words]);
  const box = (element) => element.getBoundingClientRect();
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && box(element).width > 1 && box(element).height > 1;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);

  if (!document.documentElement.lang) say("lang", null, "the page does not say its language");
  if (!document.title.replace(/\s*[–-]?\s*$/, "").trim() || /^\s*–/.test(document.title)) say("title", null, "the page has no title of its own");
  const heads = [...document.querySelectorAll("h1")].filter((each) => each.checkVisibility({ visibilityProperty: true }));
  if (heads.length !== 1) say("one-h1", heads[1] || null, `${heads.length} headings of the first level instead of one`);
  const skip = document.querySelector("a, button, input, select, textarea");
  if (!skip?.matches(".skip-link") || !document.querySelector(skip.getAttribute("href"))) say("skip-link", skip, "the first link does not lead to the content");

  all("input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea").forEach((field) => {
    const named = field.labels?.length || field.getAttribute("aria-label") || field.getAttribute("aria-labelledby");
    if (!named) say("label", field, "a field without a label");
  });
  const reached = "a[href], button, input, select, textarea, summary, label, option, [tabindex='0'], iframe, .maplibregl-canvas";
  document.querySelectorAll("[tabindex]").forEach((each) => { if (each.tabIndex > 0) say("tab-order", each, "a place of its own in the order of the Tab key"); });
  document.querySelectorAll("main *").forEach((each) => {
    if (getComputedStyle(each).cursor === "pointer" && !each.closest(reached) && !each.closest(DRAWN) && seen(each)) say("keyboard", each, "looks pressable, but no key reaches it");
  });

  // Whoever moves by keyboard sees where they are.
  document.activeElement?.blur();
  const inked = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join();
  };
  for (const each of all("a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, summary").slice(0, 150)) {
    const before = inked(each);
    each.focus({ preventScroll: true });
    if (document.activeElement === each && inked(each) === before) say("focus-visible", each, "focus cannot be seen");
  }
  document.activeElement?.blur();

  if (phone) {
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) {
      const past = [...document.querySelectorAll("main *, header *, footer *")].filter((each) => seen(each) && box(each).right > innerWidth + 1 && !each.closest(".scroll, .map, svg"));
      say("sideways", past[0] || null, `the page scrolls sideways by ${wide} px`);
    }
    const alone = (link) => getComputedStyle(link).display !== "inline" || link.parentElement.innerText.trim() === link.innerText.trim();
    const pressed = [...all("button, .btn, summary, input[type=submit], select"), ...all("form a[href]").filter(alone)];
    new Set(pressed).forEach((each) => {
      if (box(each).height < 40 && !each.closest(DRAWN)) say("touch", each, `${Math.round(box(each).height)} px high, a finger needs 40`);
    });
    all("input[type=checkbox], input[type=radio]").forEach((each) => {
      const enough = each.closest("td, th") ? 28 : 40; // in a cell of its own nothing else is near
      const label = each.labels?.[0];
      const height = Math.max(box(each).height, label ? box(label).height : 0, each.closest(".choice, label") ? box(each.closest(".choice, label")).height : 0);
      if (height < enough) say("touch", each, `${Math.round(height)} px high with its label, a finger needs ${enough}`);
    });
  }
  return found;
}
