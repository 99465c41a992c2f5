// The state of the page, and the controls that change it.

/** What is asked for, by the names of the program's parameters; `null` leaves a parameter out. */
const state = {};
const mapNames = ["seed", "map", "size", "spread", "mean", "quietFraction", "style", "truncation", "maxRate",
  "interpolate", "steps", "step"];
const phaseNames = ["sensor", "repeats", "baseline", "pixel", "atmosphere", "noise", "ramp", "heightError", "p995",
  "phaseSeed"];
for (const name of [...mapNames, ...phaseNames]) state[name] = null;

function queryOf(values, names) {
  return names.filter((name) => values[name] !== null && values[name] !== undefined)
    .map((name) => `${name}=${encodeURIComponent(values[name])}`).join("&");
}

const shows = [];
/** Lets the controls follow the state, after something else changed it. */
function showState() {
  shows.forEach((show) => show());
}

let onChange = () => {};
function change(changes) {
  Object.assign(state, changes);
  showState();
  onChange(Object.keys(changes));
}

/** The whole state as text, for the address and for favorites. */
function stateText(values = state) {
  return queryOf(values, [...mapNames, ...phaseNames]);
}

function stateFrom(text) {
  const given = new URLSearchParams(text);
  const values = {};
  for (const name of [...mapNames, ...phaseNames]) values[name] = given.get(name);
  return values;
}

function field(label, control, note, body = control) {
  return el("div", {class: "field"}, el("div", {class: "fieldhead"}, el("label", {for: control.id}, label), note), body);
}

/** A whole number between two buttons. */
function stepper(name, label, {random} = {}) {
  const input = el("input", {id: freshId(name), type: "text", inputmode: "numeric", autocomplete: "off", spellcheck: "false",
    onchange: () => change({[name]: input.value.trim() === "" ? null : input.value.trim()})});
  const move = (by) => {
    let value = 0n;
    try { value = BigInt(state[name] ?? "0"); } catch { /* what is no number begins at 0 */ }
    const next = value + BigInt(by);
    change({[name]: String(next < 0n ? 0n : next)});
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      move(event.key === "ArrowUp" ? 1 : -1);
    }
  });
  shows.push(() => { if (document.activeElement !== input || state[name] !== null) input.value = state[name] ?? "0"; });
  const row = el("div", {class: "stepper"},
    button("−", {"aria-label": `${label}: one less`}, () => move(-1)), input,
    button("+", {"aria-label": `${label}: one more`}, () => move(1)),
    random ? button("Random", {"aria-label": `${label}: random`}, () => change({[name]: randomSeed()})) : null);
  return field(label, input, null, row);
}

function randomSeed() {
  return String(crypto.getRandomValues(new Uint32Array(1))[0] % 1000000);
}

function choice(name, label, options, usual) {
  const select = el("select", {id: freshId(name), onchange: () => change({[name]: select.value})},
    options.map(([value, text]) => el("option", {value}, text)));
  shows.push(() => {
    const value = state[name] ?? usual;
    if (![...select.options].some((option) => option.value === value)) select.append(el("option", {value}, value));
    select.value = value;
  });
  return field(label, select);
}

/** A slider; `tell` writes its value with its unit. */
function slider(name, label, {min, max, step, usual, tell}) {
  const told = el("output", {class: "value"});
  const input = el("input", {id: freshId(name), type: "range", min, max, step,
    oninput: () => change({[name]: Number(input.value) === usual ? null : input.value})});
  shows.push(() => {
    input.value = state[name] ?? usual;
    const text = tell(Number(state[name] ?? usual));
    told.textContent = text;
    input.setAttribute("aria-valuetext", text);
  });
  return field(label, input, told);
}

/** Two thumbs on one track for LOW..HIGH; with both at the ends, nothing is asked for. */
function rangeSlider(name, label, {low, high, unit, isLogarithmic}) {
  const steps = 100;
  const raw = (t) => isLogarithmic ? low * (high / low) ** (t / steps) : low + (high - low) * t / steps;
  const value = (t) => t === 0 ? Math.floor(low * 100) / 100 : t === steps ? Math.ceil(high * 100) / 100
    : Number(raw(t).toPrecision(2));
  const place = (x) => clamp(Math.round(steps * (isLogarithmic ? Math.log(Math.max(x, low) / low) / Math.log(high / low)
    : (x - low) / (high - low))), 0, steps);
  const told = el("output", {class: "value"});
  const id = freshId(name);
  const thumbs = ["least", "greatest"].map((end, i) => el("input", {id: i ? null : id, type: "range", min: 0, max: steps, step: 1,
    "aria-label": `${label}, ${end}`, oninput: () => {
      let [from, to] = thumbs.map((thumb) => Number(thumb.value));
      if (from > to) [from, to] = i ? [from, from] : [to, to];
      change({[name]: from === 0 && to === steps ? null : `${value(from)}..${value(to)}`});
    }}));
  const track = el("div", {class: "dual"}, thumbs);
  shows.push(() => {
    const ends = (state[name] ?? "").split("..").map(Number);
    const isSet = state[name] !== null && ends.length === 2;
    const places = isSet ? ends.map(place) : [0, steps];
    thumbs.forEach((thumb, i) => {
      thumb.value = places[i];
      thumb.setAttribute("aria-valuetext", `${number(isSet ? ends[i] : [low, high][i])} ${unit}`);
    });
    track.style.setProperty("--from", `${places[0]}%`);
    track.style.setProperty("--to", `${places[1]}%`);
    told.textContent = isSet ? `${number(ends[0])} to ${number(ends[1])}${unit ? ` ${unit}` : ""}` : "any";
  });
  return field(label, thumbs[0], told, track);
}

/** A number that may be left empty. */
function optionalNumber(name, label, {min, max, step, unit, placeholder}) {
  const input = el("input", {id: freshId(name), type: "number", min, max, step, placeholder, inputmode: "decimal",
    onchange: () => change({[name]: input.value === "" ? null : input.value})});
  shows.push(() => { if (document.activeElement !== input) input.value = state[name] ?? ""; });
  return field(label, input, null, el("div", {class: "withunit"}, input, el("span", {class: "unit"}, unit)));
}

function toggle(name, label, {usual, on = "1", off = "0"}) {
  const input = el("input", {id: freshId(name), type: "checkbox", role: "switch",
    onchange: () => change({[name]: input.checked === usual ? null : input.checked ? on : off})});
  shows.push(() => { input.checked = state[name] === null ? usual : state[name] !== off; });
  return el("label", {class: "toggle"}, input, el("span", {}, label));
}

/** Scenes of which any number may be chosen. */
function chips(name, label, scenes) {
  const chosen = () => (state[name] ?? "").split(",").filter(Boolean);
  const boxes = scenes.map((scene) => el("button", {type: "button", class: "chip", onclick: () => {
    const now = chosen();
    const next = now.includes(scene) ? now.filter((other) => other !== scene) : [...now, scene];
    change({[name]: next.length ? next.join(",") : null});
  }}, scene.replaceAll("_", " ")));
  shows.push(() => boxes.forEach((box, i) => box.setAttribute("aria-pressed", String(chosen().includes(scenes[i])))));
  const told = el("output", {class: "value"});
  shows.push(() => { told.textContent = chosen().length ? `${chosen().length} of ${scenes.length}` : "any"; });
  return el("div", {class: "field", role: "group", "aria-label": label},
    el("div", {class: "fieldhead"}, el("span", {}, label), told), el("div", {class: "chips"}, boxes));
}

function group(title, isOpen, ...children) {
  return el("details", {class: "group", open: isOpen}, el("summary", {}, el("h2", {}, title)), el("div", {class: "fields"}, children));
}
