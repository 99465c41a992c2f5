// The page itself: heading, contents, parts in order, and the switch between light and dark.

const themeListeners = [];
function onThemeChange(listener) { themeListeners.push(listener); }

function themeSwitch() {
  const names = ["auto", "light", "dark"];
  const root = document.documentElement;
  const buttons = names.map((name) => el("button", {type: "button", "aria-pressed": String(name === "auto"),
    "data-theme-choice": name, onclick: () => choose(name)}, name));
  function choose(name) {
    if (name === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", name);
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(names[i] === name)));
    themeListeners.forEach((listener) => listener());
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
    () => themeListeners.forEach((listener) => listener()));
  return el("div", {class: "themes", role: "group", "aria-label": "colours of the page"}, buttons);
}

function plotSection() {
  if (!report.plots.length) return null;
  return section("plots", "Distributions and structure",
    "Bands are 95 % intervals over patches.", setSwitches("sets in the plots"),
    el("div", {class: "plots"}, report.plots.map(plotFigure)));
}

function metricsSection() {
  if (!report.metrics.length) return null;
  return section("metrics", "All sets, all metrics",
    "Small figures are 95 % intervals from resampling patches. The control is what real patches score against "
      + "other real patches: a set that scores better than it may have copied. The dashed tick in the last "
      + "column is the control.",
    metricsTable());
}

function warnings() {
  if (!report.warnings.length) return null;
  return el("aside", {class: "warnings", "aria-label": "warnings"},
    el("h2", {}, report.warnings.length === 1 ? "A warning" : `${report.warnings.length} warnings`),
    el("ul", {}, report.warnings.map((text) => el("li", {}, text))));
}

const parts = [metricsSection(), report.embedding ? explorer() : null, outlierList(), plotSection(),
  contactSheets(), nearestPairs(), methods()].filter(Boolean);
document.getElementById("page").append(
  el("header", {class: "top"},
    el("div", {class: "bar"},
      el("nav", {"aria-label": "contents"}, parts.map((part) =>
        el("a", {href: `#${part.id}`}, part.querySelector("h2").textContent))), themeSwitch()),
    el("h1", {}, report.title),
    report.summary ? el("p", {class: "summary"}, report.summary) : null,
    el("ul", {class: "legend", "aria-label": "sets"}, report.sets.map((set, i) => el("li", {}, markerIcon(i),
      el("strong", {}, set.name), ` ${set.count} patches${i === 0 ? ", the reference" : ""}`))),
    report.created ? el("p", {class: "sub"}, `made ${report.created}`) : null),
  ...[warnings()].filter(Boolean), ...parts);
