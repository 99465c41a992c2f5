// Patches: eight-bit pictures that the page colours with the report's one scale.

const palette = (() => {
  const stops = report.colorScale.colors.map((color) =>
    [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
  const table = new Uint8ClampedArray(256 * 4);
  for (let value = 0; value < 256; value++) {
    const place = (value / 255) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(place));
    for (let channel = 0; channel < 3; channel++) {
      const [a, b] = [stops[below][channel], stops[below + 1][channel]];
      table[4 * value + channel] = a + (b - a) * (place - below);
    }
    table[4 * value + 3] = 255;
  }
  return table;
})();

const sprites = report.sets.map((set) => {
  const text = atob(set.patches.pixels);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return {side: set.patches.side, bytes};
});

/** Draws a patch over the whole of a canvas, which keeps its size on the page. */
function drawPatch(canvas, set, patch) {
  const {side, bytes} = sprites[set];
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  const start = patch * side * side;
  for (let i = 0; i < side * side; i++) {
    const color = 4 * bytes[start + i];
    image.data.set(palette.subarray(color, color + 4), 4 * i);
  }
  context.putImageData(image, 0, 0);
}

function patchCanvas(set, patch, className) {
  const canvas = el("canvas", {class: className ?? "patch", role: "img",
    "aria-label": patchName(set, patch)});
  drawPatch(canvas, set, patch);
  return canvas;
}

function patchName(set, patch) {
  return `${report.sets[set].name}: ${report.sets[set].patches.labels[patch]}`;
}

/** A patch that can be chosen; `choose` is told which. */
function patchButton(set, patch, caption, choose) {
  return el("button", {
    type: "button", class: "tile", "data-set": set, "data-patch": patch,
    title: patchName(set, patch), onclick: () => choose(set, patch),
  }, patchCanvas(set, patch), caption ? el("span", {class: "caption"}, caption) : null);
}

/** The colour bar, with its ends and middle. */
function colorBar() {
  const limit = report.colorScale.limitCMPerYear;
  const low = report.colorScale.lowest ?? -limit;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (limit - low)).map((value) =>
    el("span", {}, (low < 0 && value > 0 ? "+" : "") + number(value)));
  const caption = report.colorScale.caption
    ?? "deformation rate, cm/yr, positive toward the satellite";
  return el("figure", {class: "colorbar"},
    el("div", {class: "ramp", role: "img",
      "aria-label": `colour scale from ${number(low)} to ${number(limit)}`,
      style: `background: linear-gradient(to right, ${report.colorScale.colors.join(", ")})`}),
    el("div", {class: "ticks", "aria-hidden": "true"}, ticks),
    el("figcaption", {}, `${caption}; beyond the ends, the colour of the end`));
}
