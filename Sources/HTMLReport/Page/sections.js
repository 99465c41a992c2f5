// The quieter parts of the page: contact sheets, nearest training patches, how it was measured.

const sheetCount = 32;

/** Patches spread evenly over each set. */
function contactSheets() {
  return section("patches", "Patches",
    ["Patches of each set, spread evenly over it, all on one colour scale.", chooseHint()],
    colorBar(),
    report.sets.map((set, index) => {
      const count = set.patches.labels.length;
      const tiles = el("div", {class: "tiles"});
      const add = (wanted) => {
        const total = Math.min(wanted, count);
        tiles.replaceChildren(...Array.from({length: total}, (_, i) =>
          patchButton(index, Math.floor((i * count) / total), null, (s, p) => showPatch(s, p))));
      };
      add(sheetCount);
      const more = count <= sheetCount ? null : el("button", {type: "button", class: "plain more",
        onclick: (event) => { add(4 * sheetCount); event.target.remove(); }}, "show more");
      return el("div", {class: "sheet"}, el("h3", {}, markerIcon(index), set.name,
        el("span", {class: "sub"}, ` ${Math.min(sheetCount, count)} of ${count}`)), tiles, more);
    }));
}

/** Generated patches beside the training patches that are nearest to them. */
function nearestPairs() {
  if (!report.nearestPairs.length) return null;
  const bySet = report.sets.map((set, index) =>
    ({index, name: set.name, list: report.nearestPairs.filter((p) => p.set === index)}))
    .filter(({list}) => list.length);
  return section("memory", "Nearest reference patches",
    "The patches that lie nearest to a reference patch, each beside it: a pair that looks alike may be a copy.",
    bySet.flatMap(({index, name, list}) => [...new Set(list.map((p) => p.measure))].map((measure) =>
      el("div", {}, el("h3", {}, markerIcon(index), name, el("span", {class: "sub"}, ` ${measure}`)),
        el("ul", {class: "pairs"}, list.filter((p) => p.measure === measure).map((pair) => el("li", {},
          el("div", {class: "pair"},
            patchButton(pair.set, pair.patch, null, (s, p) => showPatch(s, p)),
            patchButton(0, pair.reference, null, (s, p) => showPatch(s, p))),
          el("span", {class: "caption"}, pair.caption))))))));
}

function methods() {
  const groups = [...new Set(report.settings.map((s) => s.group))];
  const facts = (rows) => el("dl", {class: "settings"}, rows.map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value))));
  return section("methods", "How it was measured", null,
    el("div", {class: "columns"},
      el("div", {}, el("h3", {}, "Sets"), el("div", {class: "scroller"}, el("table", {},
        el("thead", {}, el("tr", {}, ["Set", "Patches", "Pixels", "Path"].map((t) => el("th", {scope: "col"}, t)))),
        el("tbody", {}, report.sets.map((set, i) => el("tr", {}, el("th", {scope: "row"}, markerIcon(i), set.name),
          el("td", {class: "number"}, String(set.count)),
          el("td", {class: "number"}, `${set.patchSize} × ${set.patchSize}`),
          el("td", {}, el("code", {}, set.path),
            set.notes.map((note) => el("span", {class: "sub block"}, note))))))))),
      groups.map((group) => el("div", {}, el("h3", {}, group),
        facts(report.settings.filter((s) => s.group === group).map((s) => [s.name, s.value]))))),
    report.checksums.length ? el("div", {}, el("h3", {}, "Checksums (SHA-256)"),
      el("div", {class: "scroller"}, el("table", {class: "checksums"}, el("tbody", {}, report.checksums.map((sum) =>
        el("tr", {}, el("th", {scope: "row"}, sum.what), el("td", {}, el("code", {}, sum.path)),
          el("td", {}, el("code", {class: "hash"}, sum.sha256)))))))) : null,
    report.command ? el("div", {}, el("h3", {}, "Command"), el("pre", {tabindex: 0}, report.command)) : null);
}
