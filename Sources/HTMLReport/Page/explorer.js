// The map of patches with what it shows: the patch under the mouse, and the pinned patch beside its
// neighbours of every set.

const neighboursShown = 6;
/** Set by `explorer()`; shows a patch from anywhere on the page. */
let showPatch = () => {};

function explorer() {
  const points = report.embedding.sets.flatMap((list, set) =>
    list.x.map((x, i) => ({x, y: list.y[i], set, patch: list.patch[i]})));
  const byPatch = new Map(points.map((point) => [`${point.set}/${point.patch}`, point]));
  const outlierScore = new Map(report.outliers.map((o) => [`${o.set}/${o.patch}`, o]));

  const card = el("div", {class: "current", id: "current"});
  const pins = el("div", {class: "pinned", id: "pinned"});
  const voice = el("p", {class: "visually-hidden", role: "status", "aria-live": "polite"});
  const scatter = new Scatter(points, showCurrent, pin);

  function describe(point, heading) {
    const set = report.sets[point.set];
    const outlier = outlierScore.get(`${point.set}/${point.patch}`);
    return [
      el("div", {class: "bigpatch"}, patchCanvas(point.set, point.patch)),
      el("div", {class: "facts"},
        el("h3", {}, heading),
        el("p", {class: "setname"}, markerIcon(point.set), set.name),
        el("p", {class: "label"}, set.patches.labels[point.patch]),
        el("p", {class: "sub"}, `patch ${point.patch} of ${set.patches.labels.length}`),
        outlier ? el("p", {class: "outliernote"}, outlier.reason) : null),
    ];
  }

  function showCurrent(point) {
    card.replaceChildren(...(point ? describe(point, "Under the pointer") : [el("p", {class: "hint"},
      "Move over the map to see a patch; click to keep it beside its neighbours. Drag to move, Ctrl "
      + "or Shift and the wheel, double click, or + and − to enlarge, 0 to see all. With the keyboard: "
      + "arrow keys, Enter, Escape.")]));
    card.dataset.patch = point ? `${point.set}/${point.patch}` : "";
    if (point) voice.textContent = patchName(point.set, point.patch);
  }

  function nearestOf(set, from) {
    return points.filter((p) => p.set === set && p !== from)
      .map((point) => ({point, squared: (point.x - from.x) ** 2 + (point.y - from.y) ** 2}))
      .sort((a, b) => a.squared - b.squared).slice(0, neighboursShown).map(({point}) => point);
  }

  function pin(point) {
    if (!point) {
      scatter.pin(undefined, []);
      pins.replaceChildren();
      pins.dataset.patch = "";
      return;
    }
    const rows = report.sets.map((_, set) => ({set, found: shown.sets[set] ? nearestOf(set, point) : []}));
    scatter.pin(point, rows.flatMap(({found}) => found));
    pins.dataset.patch = `${point.set}/${point.patch}`;
    pins.replaceChildren(
      el("div", {class: "pinhead"}, ...describe(point, "Pinned"),
        el("button", {type: "button", class: "plain", onclick: () => pin(undefined)}, "Let go")),
      el("h3", {}, "Nearest in the map"),
      ...rows.filter(({found}) => found.length).map(({set, found}) =>
        el("div", {class: "neighbours"},
          el("p", {class: "setname"}, markerIcon(set), report.sets[set].name),
          el("div", {class: "tiles small"},
            found.map((p) => patchButton(p.set, p.patch, null, (s, q) => pin(byPatch.get(`${s}/${q}`))))))));
    voice.textContent = `pinned ${patchName(point.set, point.patch)}`;
  }

  showPatch = (set, patch) => {
    const point = byPatch.get(`${set}/${patch}`);
    if (!shown.sets[set]) shown.toggle(set);
    pin(point);
    if (!point) pins.replaceChildren(el("div", {class: "pinhead"}, ...describe({set, patch}, "Not in the map")));
    scatter.element.scrollIntoView({block: "nearest", behavior: "smooth"});
  };
  shown.onChange(() => {
    scatter.refresh();
    if (scatter.pinned) pin(shown.sets[scatter.pinned.set] ? scatter.pinned : undefined);
  });
  onThemeChange(() => scatter.refresh());
  showCurrent(undefined);

  const buttons = el("div", {class: "mapbuttons"},
    el("button", {type: "button", class: "plain", "aria-label": "enlarge", onclick: () => scatter.enlarge(1.5)}, "+"),
    el("button", {type: "button", class: "plain", "aria-label": "reduce", onclick: () => scatter.enlarge(1 / 1.5)}, "−"),
    el("button", {type: "button", class: "plain", onclick: () => { scatter.resetView(); scatter.refresh(); }},
      "all"));
  scatter.element.append(buttons);
  // For measuring how long a frame takes.
  window.ganinsarScatter = scatter;
  return section("map", "Map of patches", report.embedding.method,
    setSwitches("sets in the map"),
    el("div", {class: "explorer"}, el("div", {class: "mapside"}, scatter.element, colorBar()),
      el("div", {class: "cards"}, card, pins)),
    voice, overlapTable());
}

/** How far each pair of sets is mixed in the map. */
function overlapTable() {
  const {overlap, overlapExplanation} = report.embedding;
  if (!overlap.length) return null;
  return el("div", {class: "overlap"},
    el("h3", {}, "How far the sets are mixed"), el("p", {class: "sub"}, overlapExplanation),
    el("div", {class: "scroller"}, el("table", {class: "matrix"},
      el("thead", {}, el("tr", {}, el("td", {}), report.sets.map((set, i) =>
        el("th", {scope: "col"}, markerIcon(i), set.name)))),
      el("tbody", {}, report.sets.map((set, a) => el("tr", {},
        el("th", {scope: "row"}, markerIcon(a), set.name),
        report.sets.map((_, b) => a === b ? el("td", {class: "number none"}, "–")
          : el("td", {class: "number", style: `--share: ${clamp(overlap[a][b], 0, 1)}`},
            number(overlap[a][b], 2)))))))));
}

function outlierList() {
  if (!report.outliers.length) return null;
  const bySet = report.sets.map((set, index) =>
    ({index, name: set.name, list: report.outliers.filter((o) => o.set === index)}))
    .filter(({list}) => list.length);
  return section("outliers", "Outliers",
    ["The patches that are least like the reference.", chooseHint()],
    bySet.map(({index, name, list}) => el("div", {class: "outlierset"},
      el("h3", {}, markerIcon(index), name),
      el("ol", {class: "tiles"}, list.map((outlier) => el("li", {},
        patchButton(outlier.set, outlier.patch, null, (s, p) => showPatch(s, p)),
        el("span", {class: "caption"}, report.sets[index].patches.labels[outlier.patch]),
        el("span", {class: "caption sub"}, outlier.reason)))))));
}
