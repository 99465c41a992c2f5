"use strict";
// Making elements and writing numbers. Text always goes in as text, never as markup.

/** An element: `el("button", {type: "button", onclick: f}, "text", child)`. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** A number with three significant digits and a true minus sign. */
function number(value) {
  if (!Number.isFinite(value)) return "no data";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace("-", "−").replace("-", "−");
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

let counter = 0;
/** A name for an element that others refer to. */
function freshId(name) {
  counter += 1;
  return `${name}-${counter}`;
}

function button(text, attributes, onclick) {
  return el("button", {type: "button", class: "plain", ...attributes, onclick}, text);
}

/** What a screen reader is told, and what is shown for a moment. */
const announcer = el("p", {class: "toast", role: "status", "aria-live": "polite"});
let announcerTimer = 0;
function announce(text) {
  announcer.textContent = text;
  announcer.classList.add("shown");
  clearTimeout(announcerTimer);
  announcerTimer = setTimeout(() => announcer.classList.remove("shown"), 2500);
}

/** Copies text, also where the clipboard is only for pages by https. */
async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", {class: "visually-hidden"});
    area.value = text;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    if (!isDone) return announce("The browser refused to copy: select the text instead.");
  }
  announce(`${what} copied`);
}
