// The page: what is asked for when, and where it is shown.

const page = document.getElementById("page");

function themeSwitch() {
  const names = ["auto", "light", "dark"];
  const root = document.documentElement;
  const kept = localStorage.getItem("ganinsar-studio-theme") ?? "auto";
  const buttons = names.map((name) => el("button", {type: "button", "data-theme-choice": name, onclick: () => choose(name)}, name));
  function choose(name) {
    if (name === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", name);
    buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(names[i] === name)));
    localStorage.setItem("ganinsar-studio-theme", name);
  }
  choose(names.includes(kept) ? kept : "auto");
  return el("div", {class: "themes", role: "group", "aria-label": "colors of the page"}, buttons);
}

function commandBox(title, what) {
  const text = el("code");
  const box = el("div", {class: "command"},
    el("div", {class: "commandhead"}, el("h3", {}, title), button("Copy", {"aria-label": `copy the command of ${what}`},
      () => copyText(text.textContent, "Command"))), el("pre", {tabindex: "0", "aria-label": `command of ${what}`}, text));
  return {box, text};
}

function build(facts) {
  readTables(facts);
  document.title = `${facts.model} · GANInSAR studio`;
  const usualSize = String(facts.defaultSize);
  const sensorOf = (name) => facts.sensors.find((sensor) => sensor.name === name) ?? facts.sensors[0];
  const sensorName = () => state.sensor ?? "sentinel-1";
  const sensorTitle = (name) => name.split("-").map((part) => part.length <= 4 && !/^alos$/.test(part) && part !== "nisar"
    ? part.toUpperCase() : part[0].toUpperCase() + part.slice(1)).join("-");

  // MARK: What is asked for

  const panel = {
    rate: new Panel("Rate", ""),
    wrapped: new Panel("Phase", "No interferogram yet"),
    coherence: new Panel("Coherence", "Coherence and noise are off"),
    atmosphere: new Panel("Atmosphere", "The atmosphere is off"),
    real: facts.real ? new Panel("Real map", "No real map yet") : null,
  };
  const problem = el("div", {class: "problem", role: "alert", hidden: true});
  const timing = el("span", {class: "timing"});
  const commands = {map: commandBox("This map", "the map"), phase: commandBox("This interferogram", "the interferogram")};
  let shownMap = null;
  let isUnwrapped = false, phasePlanes = null;
  let keepsScale = false;

  const mapQuery = (values = state) => queryOf({...values, size: facts.controls ? values.size ?? usualSize : null}, mapNames);

  /** One request at a time, and after it the newest state: dragging a slider never lags behind. */
  const wanted = {map: true, phase: true};
  let isRunning = false;
  async function run() {
    if (isRunning) return;
    isRunning = true;
    delete page.dataset.settled;
    rest();
    const slow = setTimeout(() => page.classList.add("busy"), 150);
    while (wanted.map || wanted.phase) {
      const what = wanted.map ? "map" : "phase";
      wanted[what] = false;
      try {
        if (what === "map") await loadMap(); else await loadPhase();
        problem.hidden = true;
      } catch (error) {
        // A state that cannot be drawn has no interferogram either.
        if (!wanted.map) wanted.phase = false;
        problem.textContent = error instanceof Refusal ? error.message : String(error);
        problem.hidden = false;
        stopPlaying();
      }
    }
    clearTimeout(slow);
    page.classList.remove("busy");
    isRunning = false;
    if (!problem.hidden) return;
    page.dataset.settled = stateText();
    loadTiles();
  }

  async function loadMap() {
    const query = mapQuery();
    const answer = await askPlanes("/api/map", query);
    shownMap = {query, ...answer};
    commands.map.text.textContent = answer.facts.command;
    panel.rate.show(answer.planes.rate);
    followScale();
    const redrawn = answer.facts.rejected ? `, after ${answer.facts.rejected} with greater rates` : "";
    timing.textContent = `drawn in ${answer.facts.milliseconds} ms${redrawn}`;
    page.dataset.drawn = query;
    showFavorite();
  }

  async function loadPhase() {
    const answer = await askPlanes("/api/interferogram", `${mapQuery()}&${queryOf(state, phaseNames)}`);
    phasePlanes = answer.planes;
    commands.phase.text.textContent = answer.facts.command;
    panel.wrapped.show(isUnwrapped ? phasePlanes.unwrapped : phasePlanes.wrapped);
    panel.coherence.show(phasePlanes.coherence ?? null);
    panel.atmosphere.show(phasePlanes.atmosphere ?? null);
  }

  onChange = (names) => {
    if (names.some((name) => mapNames.includes(name))) wanted.map = true;
    wanted.phase = true;
    history.replaceState(null, "", `${location.pathname}${location.search}#${stateText()}`);
    showFavorite();
    run();
  };

  // MARK: Scale of the rates

  let sharesScale = false, realScale = null;
  function followScale() {
    if (!keepsScale) panel.rate.fixed = null;
    else panel.rate.fixed ??= {low: panel.rate.plane.low, high: panel.rate.plane.high};
    if (panel.real) panel.real.fixed = sharesScale ? panel.rate.scale : realScale;
    for (const one of [panel.rate, panel.real]) one?.draw();
  }
  const keep = el("input", {type: "checkbox", id: freshId("keep"), onchange: () => {
    keepsScale = keep.checked;
    followScale();
    restartTiles();
  }});
  panel.rate.extra.append(el("label", {class: "small"}, keep, "keep the scale"));
  const share = el("input", {type: "checkbox", id: freshId("share"), onchange: () => {
    sharesScale = share.checked;
    followScale();
    restartTiles();
  }});
  panel.real?.extra.append(el("label", {class: "small"}, share, "same scale"));
  const wrapChoice = ["wrapped", "unwrapped"].map((name) => el("button", {type: "button", "aria-pressed": String(name === "wrapped"),
    onclick: () => {
      isUnwrapped = name === "unwrapped";
      wrapChoice.forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === name)));
      if (phasePlanes) panel.wrapped.show(phasePlanes[name]);
    }}, name));
  panel.wrapped.extra.append(el("div", {class: "themes", role: "group", "aria-label": "phase that is shown"}, wrapChoice));

  // MARK: Favorites

  const favorites = new Favorites((text) => restore(text));
  const star = button("☆ Keep", {class: "plain star"}, () => keepFavorite());
  function showFavorite() {
    const isKept = favorites.has(stateText());
    star.textContent = isKept ? "★ Kept" : "☆ Keep";
    star.setAttribute("aria-pressed", String(isKept));
  }
  function keepFavorite() {
    if (!shownMap || shownMap.query !== mapQuery()) return announce("Wait for the map");
    const style = state.style ? `, ${state.style.replaceAll("_", " ")}` : "";
    const step = state.interpolate === null ? "" : `, step ${state.step ?? 0} to seed ${state.interpolate}`;
    favorites.toggle(stateText(), `seed ${state.seed ?? 0}, map ${state.map ?? 0}${step}${style}`, shownMap.facts.command,
      panel.rate.canvas);
    showFavorite();
  }
  favorites.list.addEventListener("click", () => showFavorite());
  function restore(text) {
    change(stateFrom(text));
    document.querySelector(".stage").scrollIntoView({block: "start"});
  }

  // MARK: Tiles of more maps, drawn while nothing else is asked for

  const tileCount = 8;
  const more = el("ul", {class: "tiles"});
  const realTiles = el("ul", {class: "tiles"});
  let realFirst = 0, realShown = 0;
  let resting = null;
  const rest = () => { resting?.abort(); resting = null; };
  let tilesOf = "", realTilesOf = "";
  function restartTiles() {
    [tilesOf, realTilesOf] = ["", ""];
    if (!isRunning) loadTiles();
  }
  async function loadTiles() {
    rest();
    const own = resting = new AbortController();
    const kept = keepsScale ? panel.rate.scale : null;
    try {
      if (facts.real) await loadReal(own.signal);
      const base = {...state, interpolate: null, steps: null, step: null};
      const first = Number(state.map ?? 0) + 1;
      const key = mapQuery({...base, map: null}) + first + (kept?.high ?? "");
      if (tilesOf === key) return;
      const items = [];
      for (let i = 0; i < tileCount; i++) {
        const map = String(first + i);
        const {planes} = await askPlanes("/api/map", mapQuery({...base, map}), own.signal);
        const scale = kept ?? planes.rate;
        items.push(el("li", {}, tile(planes.rate, scale, `map ${map}`, () => change({map, interpolate: null, steps: null, step: null})),
          el("span", {class: "caption"}, `map ${map}, ±${number(scale.high)}`)));
        // The row is filled in place, so that the page does not jump.
        if (more.children.length > i) more.replaceChild(items[i], more.children[i]);
        else more.append(items[i]);
      }
      tilesOf = key;
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof Refusal)) throw error;
    }
  }

  async function loadReal(signal) {
    const size = state.size ?? usualSize;
    const key = `${size}/${realFirst}/${sharesScale ? panel.rate.scale.high : "own"}`;
    if (realTilesOf === key) return;
    try {
      const answers = [];
      for (let i = 0; i < tileCount; i++)
        answers.push(await askPlanes("/api/real", `index=${realFirst + i}&size=${size}`, signal));
      const high = Math.max(...answers.map((answer) => answer.planes.rate.high));
      realScale = {low: -high, high};
      const show = (i) => {
        realShown = i;
        panel.real.element.querySelector("h3").textContent = `Real ${answers[i].facts.label}`;
        panel.real.show(answers[i].planes.rate);
        followScale();
        [...realTiles.children].forEach((one, at) => one.firstChild.setAttribute("aria-pressed", String(at === i)));
      };
      realTiles.replaceChildren(...answers.map((answer, i) => el("li", {},
        tile(answer.planes.rate, sharesScale ? panel.rate.scale : realScale, answer.facts.label, () => show(i)),
        el("span", {class: "caption"}, answer.facts.label))));
      show(realShown);
      realTilesOf = key;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      panel.real.empty.textContent = error.message;
      panel.real.show(null);
      realTiles.replaceChildren();
    }
  }

  // MARK: Between two maps

  const isBetween = el("input", {type: "checkbox", role: "switch", id: freshId("between"),
    onchange: () => change(isBetween.checked ? {interpolate: randomSeed(), steps: "17", step: "8"}
      : {interpolate: null, steps: null, step: null})});
  shows.push(() => { isBetween.checked = state.interpolate !== null; });
  const way = slider("step", "Place on the way", {min: 0, max: 16, step: 1, usual: 0, tell: (step) => {
    const last = Number(state.steps ?? 17) - 1;
    return step === 0 ? `seed ${state.seed ?? 0}` : step === last ? `seed ${state.interpolate ?? ""}` : `${Math.round(100 * step / last)} %`;
  }});
  shows.unshift(() => { way.querySelector("input").max = Number(state.steps ?? 17) - 1; });
  let playing = 0, direction = 1;
  const play = button("Play", {"aria-pressed": "false"}, () => playing ? stopPlaying() : startPlaying());
  function stopPlaying() {
    clearTimeout(playing);
    playing = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }
  function startPlaying() {
    play.textContent = "Stop";
    play.setAttribute("aria-pressed", "true");
    const go = () => {
      playing = setTimeout(go, 120);
      if (isRunning || state.interpolate === null) return;
      const last = Number(state.steps ?? 17) - 1, step = Number(state.step ?? 0);
      if (step >= last) direction = -1;
      if (step <= 0) direction = 1;
      change({step: String(clamp(step + direction, 0, last))});
    };
    go();
  }
  const second = el("div", {class: "fields"}, stepper("interpolate", "Second seed", {random: true}), way, el("div", {class: "row"}, play));
  shows.push(() => {
    second.hidden = state.interpolate === null;
    if (second.hidden) stopPlaying();
  });

  // MARK: The page

  const controls = facts.controls;
  const reset = (names) => Object.fromEntries(names.map((name) => [name, null]));
  const days = (repeats) => repeats * sensorOf(sensorName()).repeatDays;
  const side = el("form", {class: "controls", "aria-label": "controls", onsubmit: (event) => event.preventDefault()},
    group("Map", true,
      stepper("seed", "Seed", {random: true}), stepper("map", "Map of this seed"),
      controls ? choice("size", "Size", facts.sizes.map((size) => [String(size), `${size} × ${size} px`]), usualSize) : null),
    controls ? group("Character", true,
      controls.scenes.length ? chips("style", "In the style of", controls.scenes) : null,
      rangeSlider("spread", "Spread", {low: controls.spread[0], high: controls.spread[1], unit: "cm/yr", isLogarithmic: controls.spread[0] > 0}),
      rangeSlider("mean", "Mean", {low: controls.mean[0], high: controls.mean[1], unit: "cm/yr"}),
      controls.quietFraction ? rangeSlider("quietFraction", "Quiet ground", {low: 0, high: 1, unit: ""}) : null,
      slider("truncation", "Variety", {min: 0.1, max: 1, step: 0.05, usual: 1, tell: (value) => value === 1 ? "full" : number(value)}),
      optionalNumber("maxRate", "Greatest rate", {min: 1, max: 1000, step: "any", unit: "cm/yr", placeholder: "any"}),
      el("div", {class: "row"}, button("Reset", {}, () => change(reset(["spread", "mean", "quietFraction", "style", "truncation", "maxRate"])))))
      : el("p", {class: "hint"}, "This model has one size and no controls: its maps come as they are."),
    controls ? group("Between two maps", true,
      el("label", {class: "toggle"}, isBetween, el("span", {}, "Go to the map of a second seed")), second) : null,
    group("Interferogram", true,
      choice("sensor", "Satellite", facts.sensors.map((sensor) => [sensor.name,
        `${sensorTitle(sensor.name)} (${number(sensor.wavelengthCM)} cm)`]), "sentinel-1"),
      slider("repeats", "Time span", {min: 1, max: facts.greatestRepeats, step: 1, usual: facts.usualRepeats, tell: (value) => `${days(value)} days`}),
      slider("baseline", "Perpendicular baseline", {min: -500, max: 500, step: 10, usual: 0, tell: (value) => `${number(value)} m`}),
      optionalNumber("p995", "Scale rates to", {min: 0.1, max: 1000, step: "any", unit: "cm/yr", placeholder: "as they are"}),
      optionalNumber("pixel", "Pixel size", {min: 1, max: 1000, step: "any", unit: "m", placeholder: "30"}),
      toggle("noise", "Coherence and noise", {usual: true}),
      toggle("atmosphere", "Atmosphere", {usual: true, on: String(facts.atmosphereMM), off: "0"}),
      slider("atmosphere", "Its rms difference at 1 km", {min: 0, max: 15, step: 0.5, usual: facts.atmosphereMM, tell: (value) => `${number(value)} mm`}),
      toggle("ramp", "Orbital ramp", {usual: false}), toggle("heightError", "DEM error", {usual: false}),
      stepper("phaseSeed", "Seed of noise and atmosphere", {random: true})));

  const strip = (id, title, list, ...tools) => el("section", {"aria-labelledby": id},
    el("div", {class: "sectionhead"}, el("h2", {id}, title), ...tools), list);
  const stage = [problem,
    el("div", {class: "toolbar"},
      button("‹ Previous", {"aria-label": "previous map"}, () => step(-1)), button("Next ›", {"aria-label": "next map"}, () => step(1)),
      button("Random", {"aria-label": "random seed"}, () => change({seed: randomSeed(), map: null})), star, timing),
    el("div", {class: `panels${facts.real ? " withreal" : ""}`}, [panel.rate, panel.wrapped, panel.coherence, panel.atmosphere, panel.real]
      .filter(Boolean).map((one) => one.element))];
  const below = el("div", {class: "rest"},
    el("section", {class: "commands", "aria-labelledby": "commands-title"}, el("h2", {id: "commands-title"}, "The same on the command line"),
      commands.map.box, commands.phase.box),
    strip("more-title", "More maps of this seed", more),
    facts.real ? strip("real-title", `Real maps: ${facts.real}`, realTiles, button("Others", {"aria-label": "other real maps"}, () => {
      realFirst = (realFirst + tileCount) % 9000;
      restartTiles();
    })) : null,
    favorites.element,
    el("section", {class: "keys", "aria-labelledby": "keys-title"}, el("h2", {id: "keys-title"}, "Keys"),
      el("dl", {}, [["N, P", "next and previous map"], ["R", "random seed"], ["F", "keep as a favorite"], ["C", "copy the command of the map"],
        ["B", "go to the map of a second seed, or back"], ["arrows", "in a picture: move to the next pixel (with Shift: ten pixels)"]]
        .map(([key, what]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, what))))));

  function step(by) {
    change({map: String(Math.max(0, Number(state.map ?? 0) + by))});
  }
  const shortcuts = {
    n: () => step(1), p: () => step(-1), r: () => change({seed: randomSeed(), map: null}), f: keepFavorite,
    c: () => copyText(commands.map.text.textContent, "Command"),
    b: () => controls && isBetween.click(),
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches?.("select, textarea, input:not([type=range]):not([type=checkbox])");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = shortcuts[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act();
    }
  });
  addEventListener("hashchange", () => change(stateFrom(location.hash.slice(1))));

  page.replaceChildren(
    el("header", {class: "top"},
      el("div", {}, el("h1", {}, "GANInSAR studio"),
        el("p", {class: "sub"}, el("strong", {}, facts.model), ` · trained on ${facts.trainedOn.length} ${facts.trainedOn.length === 1 ? "scene" : "scenes"}`,
          el("span", {class: "hash"}, ` · sha256 ${facts.sha256.slice(0, 12)}`))), themeSwitch()),
    el("main", {class: "columns"}, el("div", {class: "play"}, side, el("div", {class: "stage"}, stage)), below), announcer);
  Object.assign(state, stateFrom(location.hash.slice(1)));
  showState();
  run();
}

(async () => {
  try {
    build(await (await ask("/api/model", "")).json());
  } catch (error) {
    page.replaceChildren(el("p", {class: "problem", role: "alert"}, error.message));
    throw error instanceof Refusal ? new Error(error.message) : error;
  }
})();
