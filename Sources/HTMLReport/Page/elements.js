"use strict";
// Making elements, writing numbers, and what all parts of the page share. Text always goes in as
// text, never as markup, so names of sets and files cannot become part of the page.

const report = JSON.parse(document.getElementById("results").textContent, (key, value) =>
  typeof value === "string" ? printable(value) : value);
const markers = ["circle", "triangle", "square", "diamond", "cross", "plus", "wedge", "ring"];
const dashes = ["", "7 3", "2 2.5", "9 3 2 3", "5 5", "1 3", "12 4", "3 6"];

/** Text without what is invisible or turns the direction of writing, such as `\u{202E}`. */
function printable(text) {
  return text.replace(/(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) =>
    `\\u{${c.codePointAt(0).toString(16).toUpperCase()}}`);
}

/** An element: `el("button", {type: "button", onclick: f}, "text", child)`. */
function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** A number with a true minus sign; small and large ones in powers of ten. */
function number(value, decimals) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  let text;
  if (decimals === undefined) text = String(Number(value.toPrecision(3)));
  else if (size !== 0 && (size >= 1e7 || size < 0.5 * 10 ** -decimals)) text = value.toExponential(1);
  else text = value.toFixed(decimals);
  const [mantissa, exponent] = text.split("e");
  const base = mantissa.replace("-", "−");
  return exponent ? `${base}·10${superscript(Number(exponent))}` : base;
}

function superscript(exponent) {
  return [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

/** The colour of a set in the present theme. */
function setColor(set) {
  return themeColor(`--set-${set % markers.length}`);
}

function themeColor(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A path of a set's marker around (0, 0), for SVG and for canvas alike. */
function markerPath(set, r) {
  const k = 0.9 * r;
  switch (markers[set % markers.length]) {
    case "triangle": return `M0 ${-1.15 * r}L${r} ${0.75 * r}L${-r} ${0.75 * r}Z`;
    case "square": return `M${-k} ${-k}H${k}V${k}H${-k}Z`;
    case "diamond": return `M0 ${-1.25 * r}L${1.1 * r} 0L0 ${1.25 * r}L${-1.1 * r} 0Z`;
    case "cross": {
      const a = 0.35 * r, b = 1.05 * r;
      return `M${-b} ${-b + a}L${-b + a} ${-b}L0 ${-a}L${b - a} ${-b}L${b} ${-b + a}L${a} 0L${b} ${
        b - a}L${b - a} ${b}L0 ${a}L${-b + a} ${b}L${-b} ${b - a}L${-a} 0Z`;
    }
    case "plus": {
      const a = 0.35 * r, b = 1.2 * r;
      return `M${-a} ${-b}H${a}V${-a}H${b}V${a}H${a}V${b}H${-a}V${a}H${-b}V${-a}H${-a}Z`;
    }
    case "wedge": return `M0 ${1.15 * r}L${r} ${-0.75 * r}L${-r} ${-0.75 * r}Z`;
    default: return `M${r} 0A${r} ${r} 0 1 1 ${-r} 0A${r} ${r} 0 1 1 ${r} 0Z`;
  }
}

/** A set's marker beside text. */
function markerIcon(set) {
  return svg("svg", {class: "marker", viewBox: "-8 -8 16 16", "aria-hidden": "true"},
    svg("path", {d: markerPath(set, 5.5), fill: `var(--set-${set % markers.length})`}));
}

/** Which sets are shown, everywhere on the page. */
const shown = {
  sets: report.sets.map(() => true),
  listeners: [],
  toggle(set) {
    this.sets[set] = !this.sets[set];
    for (const listener of this.listeners) listener();
  },
  onChange(listener) { this.listeners.push(listener); },
};

/** Buttons that switch sets on and off; all such groups follow each other. */
function setSwitches(label) {
  const buttons = report.sets.map((set, index) =>
    el("button", {
      type: "button", class: "switch", "data-set": index, onclick: () => shown.toggle(index),
    }, markerIcon(index), set.name));
  const update = () => buttons.forEach((button, index) =>
    button.setAttribute("aria-pressed", String(shown.sets[index])));
  shown.onChange(update);
  update();
  return el("div", {class: "switches", role: "group", "aria-label": label}, buttons);
}

/** What choosing a patch does, where there is a map; paper does not say it. */
const chooseHint = () => report.embedding
  ? el("span", {class: "screen-only"}, " Choose one to find it in the map.") : null;

/** A titled part of the page, with its link in the contents. */
function section(id, title, lead, ...children) {
  return el("section", {id, "aria-labelledby": `${id}-title`},
    el("h2", {id: `${id}-title`}, title), lead ? el("p", {class: "lead"}, lead) : null, children);
}
