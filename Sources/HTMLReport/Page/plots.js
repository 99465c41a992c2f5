// Curves and histograms as SVG, with a cross-hair that reads values off.

const plotBox = {width: 560, height: 340, left: 66, right: 14, top: 12, bottom: 46};

/** A linear or logarithmic axis from data to the picture. */
class Scale {
  constructor(values, isLogarithmic, from, to, padding) {
    this.isLogarithmic = isLogarithmic;
    const usable = values.filter((v) => Number.isFinite(v) && (!isLogarithmic || v > 0))
      .map((v) => this.forward(v));
    [this.low, this.high] = usable.length
      ? [usable.reduce((a, b) => Math.min(a, b)), usable.reduce((a, b) => Math.max(a, b))] : [0, 1];
    if (this.high - this.low < 1e-12) [this.low, this.high] = [this.low - 0.5, this.high + 0.5];
    const spare = padding * (this.high - this.low);
    // A linear axis that starts at zero keeps its foot on the ground.
    const keepsZero = !isLogarithmic && this.low === 0;
    this.low -= keepsZero ? 0 : spare;
    this.high += spare;
    [this.from, this.to] = [from, to];
  }

  forward(value) { return this.isLogarithmic ? Math.log10(value) : value; }

  /** Place in the picture; NaN for what a logarithmic axis cannot show. */
  place(value) {
    if (this.isLogarithmic && value <= 0) return NaN;
    return this.from + ((this.forward(value) - this.low) / (this.high - this.low)) * (this.to - this.from);
  }

  ticks() {
    if (this.isLogarithmic) {
      const [low, high] = [Math.ceil(this.low - 1e-9), Math.floor(this.high + 1e-9)];
      const step = Math.max(1, Math.ceil((high - low) / 6));
      if (high - low >= 2) {
        return Array.from({length: Math.floor((high - low) / step) + 1}, (_, i) => 10 ** (low + i * step));
      }
      const fine = [];
      for (let power = Math.floor(this.low); power <= this.high; power++) {
        for (const digit of [1, 2, 5]) fine.push(digit * 10 ** power);
      }
      return fine.filter((v) => Math.log10(v) >= this.low && Math.log10(v) <= this.high);
    }
    const rough = (this.high - this.low) / 6;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((s) => s * power).find((s) => s >= rough);
    const ticks = [];
    for (let k = Math.ceil(this.low / step); k * step <= this.high + 1e-9 * step; k++) ticks.push(k * step);
    return ticks;
  }

  label(value) {
    if (!this.isLogarithmic) return number(value === 0 ? 0 : Number(value.toPrecision(6)));
    const power = Math.log10(value);
    return Math.abs(power - Math.round(power)) < 1e-9 && (power < -2 || power > 3)
      ? `10${superscript(Math.round(power))}` : number(value);
  }
}

function plotFigure(plot, index) {
  const box = plotBox;
  const xs = plot.series.flatMap((s) => s.x);
  const ys = plot.series.flatMap((s) => [...s.y, ...s.low, ...s.high]);
  // An interval that reaches down to nothing must not stretch a logarithmic axis.
  const floor = plot.y.isLogarithmic
    ? Math.min(...plot.series.flatMap((s) => s.y.filter((v) => v > 0))) / 3 : -Infinity;
  const x = new Scale(xs, plot.x.isLogarithmic, box.left, box.width - box.right,
    plot.kind === "histogram" ? 0 : 0.02);
  const y = new Scale(plot.kind === "histogram" && !plot.y.isLogarithmic ? [0, ...ys] : ys.filter((v) => v > floor || !plot.y.isLogarithmic),
    plot.y.isLogarithmic, box.height - box.bottom, box.top, 0.04);
  const clip = `clip-${index}`;
  const layers = plot.series.map((series) => seriesGroup(plot, series, x, y));
  const cross = svg("line", {class: "cross", y1: box.top, y2: box.height - box.bottom, visibility: "hidden"});
  const dots = plot.series.map((s) => svg("path", {d: markerPath(s.set, 4.5), visibility: "hidden",
    fill: `var(--set-${s.set % markers.length})`, class: "dot"}));
  const readout = el("div", {class: "readout", "aria-live": "polite"});
  const picture = svg("svg", {viewBox: `0 0 ${box.width} ${box.height}`, tabindex: 0, role: "img",
    "aria-label": `${plot.title}: ${plot.y.label} against ${plot.x.label}. Arrow keys read values.`},
    svg("defs", {}, svg("clipPath", {id: clip}, svg("rect", {x: box.left, y: box.top,
      width: box.width - box.left - box.right, height: box.height - box.top - box.bottom}))),
    axes(plot, x, y), svg("g", {"clip-path": `url(#${clip})`}, layers), cross, dots);

  const update = () => plot.series.forEach((s, i) => {
    layers[i].style.display = shown.sets[s.set] ? "" : "none";
  });
  shown.onChange(() => { update(); hide(); });
  update();

  // Where the series have values: the middles of bins, or the points of the curves.
  const places = plot.series.map((s) =>
    plot.kind === "histogram" ? s.y.map((_, i) => (s.x[i] + s.x[i + 1]) / 2) : s.x);
  const stops = [...new Set(places.flat())].sort((a, b) => a - b)
    .filter((v) => !plot.x.isLogarithmic || v > 0);
  let stop = -1;

  function hide() {
    stop = -1;
    [cross, ...dots].forEach((mark) => mark.setAttribute("visibility", "hidden"));
    readout.replaceChildren(el("span", {class: "sub"}, "point at the plot, or focus it and use the arrow keys, to read values"));
  }
  function show(next) {
    stop = clamp(next, 0, stops.length - 1);
    const at = stops[stop];
    cross.setAttribute("visibility", "visible");
    cross.setAttribute("x1", x.place(at));
    cross.setAttribute("x2", x.place(at));
    const parts = [el("span", {class: "at"}, `${plot.x.label}: ${number(at)}`)];
    plot.series.forEach((s, i) => {
      const nearest = places[i].reduce((best, v, k) =>
        Math.abs(v - at) < Math.abs(places[i][best] - at) ? k : best, 0);
      const isHere = shown.sets[s.set] && Math.abs(x.place(places[i][nearest]) - x.place(at)) < 6;
      const height = y.place(s.y[nearest]);
      dots[i].setAttribute("visibility", isHere && Number.isFinite(height) ? "visible" : "hidden");
      if (!isHere) return;
      if (Number.isFinite(height)) {
        dots[i].setAttribute("transform", `translate(${x.place(places[i][nearest])} ${height})`);
      }
      parts.push(el("span", {}, markerIcon(s.set), number(s.y[nearest]), s.low.length
        ? el("span", {class: "sub"}, ` ${number(s.low[nearest])} to ${number(s.high[nearest])}`) : null));
    });
    readout.replaceChildren(...parts);
  }
  picture.addEventListener("pointermove", (event) => {
    const frame = picture.getBoundingClientRect();
    const px = ((event.clientX - frame.left) / frame.width) * box.width;
    show(stops.reduce((best, v, k) =>
      Math.abs(x.place(v) - px) < Math.abs(x.place(stops[best]) - px) ? k : best, 0));
  });
  picture.addEventListener("pointerleave", hide);
  picture.addEventListener("blur", hide);
  picture.addEventListener("keydown", (event) => {
    const step = {ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9}[event.key];
    if (step === undefined) { if (event.key === "Escape") hide(); return; }
    show(stop < 0 ? (step > 0 ? 0 : stops.length - 1) : stop + step);
    event.preventDefault();
  });
  hide();
  return el("figure", {class: "plot"}, el("figcaption", {},
    el("h3", {}, plot.title), el("p", {class: "sub"}, plot.explanation)), picture, readout,
    el("button", {type: "button", class: "save screen-only", title: `${plot.title}, as it is shown, in a file`,
      onclick: () => saveSVG(picture, plot.title)}, "Save as SVG"));
}

/** What of the page's style a chart needs to look the same by itself. */
const chartStyles = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "text-anchor",
  "visibility", "display"];

/** The markup of a chart that stands alone: its colors, those of the present theme, are written into it. */
function standaloneSVG(picture, title) {
  const {width, height} = plotBox;
  const copy = picture.cloneNode(true);
  const copies = copy.querySelectorAll("*");
  picture.querySelectorAll("*").forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of chartStyles) copies[i].setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "style", "data-set"]) copies[i].removeAttribute(name);
  });
  for (const name of ["tabindex", "role", "aria-label"]) copy.removeAttribute(name);
  fill(copy, {xmlns: "http://www.w3.org/2000/svg", width, height, "font-family": "sans-serif"}, []);
  copy.prepend(svg("title", {}, title), svg("rect", {width, height, fill: themeColor("--panel")}));
  return new XMLSerializer().serializeToString(copy);
}

function saveSVG(picture, title) {
  const address = URL.createObjectURL(new Blob([standaloneSVG(picture, title)], {type: "image/svg+xml"}));
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "chart";
  el("a", {href: address, download: `${name}.svg`}).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function axes(plot, x, y) {
  const box = plotBox;
  const bottom = box.height - box.bottom;
  return svg("g", {class: "axes"},
    x.ticks().map((v) => svg("g", {},
      svg("line", {class: "grid", x1: x.place(v), x2: x.place(v), y1: box.top, y2: bottom}),
      svg("text", {x: x.place(v), y: bottom + 17, "text-anchor": "middle"}, x.label(v)))),
    y.ticks().map((v) => svg("g", {},
      svg("line", {class: "grid", x1: box.left, x2: box.width - box.right, y1: y.place(v), y2: y.place(v)}),
      svg("text", {x: box.left - 7, y: y.place(v) + 4, "text-anchor": "end"}, y.label(v)))),
    svg("path", {class: "frame", d: `M${box.left} ${box.top}V${bottom}H${box.width - box.right}`}),
    svg("text", {class: "title", x: (box.left + box.width - box.right) / 2, y: box.height - 6,
      "text-anchor": "middle"}, plot.x.label),
    svg("text", {class: "title", "text-anchor": "middle",
      transform: `translate(14 ${(box.top + bottom) / 2}) rotate(-90)`}, plot.y.label));
}

function seriesGroup(plot, series, x, y) {
  const color = `var(--set-${series.set % markers.length})`;
  const bottom = plotBox.height - plotBox.bottom;
  // What a logarithmic axis cannot show lies on its foot.
  const height = (v) => { const place = y.place(v); return Number.isFinite(place) ? place : bottom + 4; };
  const line = {fill: "none", stroke: color, "stroke-width": 2, "stroke-linejoin": "round",
    "stroke-dasharray": dashes[series.set % dashes.length] || null};
  if (plot.kind === "histogram") {
    const steps = series.y.map((v, i) =>
      `${i === 0 ? "M" : "L"}${x.place(series.x[i])} ${height(v)}H${x.place(series.x[i + 1])}`).join("");
    const area = `${steps}V${bottom}H${x.place(series.x[0])}Z`;
    const every = Math.max(1, Math.ceil(series.y.length / 9));
    // Only the reference is filled: areas over areas would hide each other.
    return svg("g", {"data-set": series.set},
      series.set === 0 ? svg("path", {d: area, fill: color, opacity: 0.13}) : null,
      svg("path", {d: steps, ...line, "stroke-width": 1.6, "stroke-dasharray": null}),
      series.y.map((v, i) => i % every !== (series.set * 2 + 1) % every ? null
        : svg("path", {d: markerPath(series.set, 3.4), fill: color,
          transform: `translate(${(x.place(series.x[i]) + x.place(series.x[i + 1])) / 2} ${height(v)})`})));
  }
  const points = series.x.map((v, i) => [x.place(v), height(series.y[i])])
    .filter(([px]) => Number.isFinite(px));
  const band = series.low.length ? svg("path", {fill: color, opacity: 0.16,
    d: `M${series.x.map((v, i) => `${x.place(v)} ${height(series.high[i])}`).join("L")}L${
      series.x.map((v, i) => `${x.place(v)} ${height(series.low[i])}`).reverse().join("L")}Z`}) : null;
  const every = Math.max(1, Math.ceil(points.length / 10));
  return svg("g", {"data-set": series.set}, band, svg("path", {d: `M${points.map((p) => p.join(" ")).join("L")}`, ...line}),
    points.filter((_, i) => i % every === (series.set * 2) % every).map(([px, py]) =>
      svg("path", {d: markerPath(series.set, 3.4), transform: `translate(${px} ${py})`, fill: color})));
}
