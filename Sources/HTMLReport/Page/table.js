// The table of all sets against all metrics.

function metricsTable() {
  const groups = [];
  for (const metric of report.metrics) {
    const last = groups[groups.length - 1];
    if (last && last.name === metric.group) last.metrics.push(metric);
    else groups.push({name: metric.group, metrics: [metric]});
  }
  const columns = report.sets.length + 3;
  const head = el("tr", {}, el("th", {scope: "col"}, "Metric"),
    report.sets.map((set, index) => el("th", {scope: "col", class: "number"},
      el("span", {class: "setname"}, markerIcon(index), set.name),
      el("span", {class: "sub"}, index === 0 ? `reference, N = ${set.count}` : `N = ${set.count}`))),
    el("th", {scope: "col", class: "number"}, "control",
      el("span", {class: "sub"}, "real against real")),
    el("th", {scope: "col", class: "range"}, "side by side"));
  const bodies = groups.map((group) => el("tbody", {},
    el("tr", {class: "group"}, el("th", {colspan: columns, scope: "rowgroup"}, group.name)),
    group.metrics.map(metricRow)));
  return el("div", {class: "scroller", tabindex: 0, role: "region", "aria-label": "table of metrics"},
    el("table", {class: report.sets.length > 4 ? "metrics many" : "metrics"}, el("thead", {}, head), bodies));
}

function metricRow(metric) {
  const best = bestSet(metric);
  const goal = {lower: "lower is better", higher: "higher is better",
    nearReference: "nearer to the reference is better", none: ""}[metric.goal];
  return el("tr", {},
    el("th", {scope: "row"},
      el("span", {class: "metric"}, metric.name, metric.unit
        ? el("span", {class: "unit"}, ` ${metric.unit}`) : null),
      el("span", {class: "explanation"}, metric.explanation, goal ? ` ${capitalised(goal)}.` : "")),
    metric.values.map((value, set) => valueCell(metric, value, set === best)),
    valueCell(metric, metric.control, false),
    el("td", {class: "range"}, rangePicture(metric)));
}

function capitalised(text) { return text[0].toUpperCase() + text.slice(1); }

function valueCell(metric, value, isBest) {
  if (!value) return el("td", {class: "number none"}, el("span", {"aria-label": "not measured"}, "–"));
  const interval = value.low == null || value.high == null ? null
    : el("span", {class: "interval"},
      `${number(value.low, metric.decimals)} to ${number(value.high, metric.decimals)}`);
  return el("td", {class: isBest ? "number best" : "number"},
    el("span", {class: "value"}, number(value.value, metric.decimals)), interval,
    isBest ? el("span", {class: "badge"}, "best") : null);
}

/** The compared set that does best, where there is a choice. */
function bestSet(metric) {
  const score = (value) => {
    switch (metric.goal) {
      case "lower": return value.value;
      case "higher": return -value.value;
      case "nearReference":
        return metric.values[0] ? Math.abs(value.value - metric.values[0].value) : NaN;
      default: return NaN;
    }
  };
  const candidates = metric.values.map((value, set) => ({set, score: value ? score(value) : NaN}))
    .filter(({set, score}) => set > 0 && Number.isFinite(score))
    .sort((a, b) => a.score - b.score);
  return candidates.length > 1 && candidates[0].score < candidates[1].score
    ? candidates[0].set : undefined;
}

/** All values of a row on one line, each with its interval; a tick where the control is. */
function rangePicture(metric) {
  const [width, height, margin] = [170, 12 + 9 * metric.values.length, 8];
  const all = [...metric.values, metric.control].filter(Boolean)
    .flatMap((value) => [value.value, value.low, value.high]).filter((v) => v != null);
  if (all.length === 0) return null;
  let [low, high] = [Math.min(...all), Math.max(...all)];
  if (low === high) [low, high] = [low - 1, high + 1];
  const x = (value) => margin + ((value - low) / (high - low)) * (width - 2 * margin);
  const marks = metric.values.map((value, set) => {
    if (!value) return null;
    const y = 10 + 9 * set;
    const color = `var(--set-${set % markers.length})`;
    return svg("g", {},
      value.low == null ? null : svg("line", {x1: x(value.low), x2: x(value.high), y1: y, y2: y,
        stroke: color, "stroke-width": 2}),
      svg("path", {d: markerPath(set, 3.6), transform: `translate(${x(value.value)} ${y})`,
        fill: color}));
  });
  const control = metric.control ? svg("line", {x1: x(metric.control.value),
    x2: x(metric.control.value), y1: 2, y2: height - 2, class: "controlline"}) : null;
  return svg("svg", {viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true"},
    svg("line", {x1: margin, x2: width - margin, y1: height - 1.5, y2: height - 1.5, class: "axisline"}),
    control, marks);
}
