// Panels: a colored plane with its color bar and the value under the pointer, the same pixel in all.

const panels = [];

/** The pixel that is looked at, in all panels; `null` for none. */
const look = {
  row: null, column: null,
  at(row, column) {
    [this.row, this.column] = [row, column];
    panels.forEach((panel) => panel.tell());
  },
};

class Panel {
  constructor(title, absent) {
    this.title = title;
    this.absent = absent;
    this.plane = null;
    this.fixed = null;
    this.canvas = el("canvas", {class: "plane", tabindex: "0", role: "img", "aria-label": title});
    this.cross = el("div", {class: "cross", hidden: true});
    this.readout = el("p", {class: "readout"});
    this.empty = el("p", {class: "empty"}, absent);
    this.ramp = el("canvas", {class: "ramp", "aria-hidden": "true"});
    this.ticks = el("div", {class: "ticks"});
    this.extra = el("div", {class: "extra"});
    this.frame = el("div", {class: "frame"}, this.canvas, this.cross, this.empty);
    this.element = el("figure", {class: "panel"},
      el("figcaption", {}, el("h3", {}, title), this.extra),
      this.frame, el("div", {class: "bar"}, this.ramp, this.ticks), this.readout);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => look.at(null, null));
    this.canvas.addEventListener("blur", () => look.at(null, null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    panels.push(this);
    this.show(null);
  }

  /** Shows a plane, or says why there is none. */
  show(plane) {
    this.plane = plane;
    this.element.classList.toggle("off", !plane);
    this.empty.hidden = Boolean(plane);
    if (plane) this.draw();
    this.tell();
  }

  get scale() {
    return this.fixed ?? {low: this.plane.low, high: this.plane.high};
  }

  draw() {
    if (!this.plane) return;
    const {low, high} = this.scale;
    paint(this.canvas, this.plane, {low, high});
    paint(this.ramp, rampPlane(this.plane.map), {low: 0, high: 1});
    const unit = this.plane.unit === "1" ? "" : ` ${this.plane.unit}`;
    const texts = this.plane.map === "cyclic" ? ["−π", "0", "π rad"]
      : [number(low), number((low + high) / 2), `${number(high)}${unit}`];
    this.ticks.replaceChildren(...texts.map((text) => el("span", {}, text)));
  }

  point(event) {
    if (!this.plane) return;
    const box = this.canvas.getBoundingClientRect();
    look.at(
      clamp(Math.floor((event.clientY - box.top) / box.height * this.plane.height), 0, this.plane.height - 1),
      clamp(Math.floor((event.clientX - box.left) / box.width * this.plane.width), 0, this.plane.width - 1));
  }

  key(event) {
    const steps = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};
    const step = steps[event.key];
    if (!step || !this.plane) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    const {width, height} = this.plane;
    look.at(clamp((look.row ?? height >> 1) + far * step[0], 0, height - 1),
      clamp((look.column ?? width >> 1) + far * step[1], 0, width - 1));
  }

  tell() {
    const plane = this.plane;
    const isInside = plane && look.row !== null && look.row < plane.height && look.column < plane.width;
    this.cross.hidden = !isInside;
    if (!plane) {
      this.readout.textContent = " ";
      return;
    }
    const unit = plane.unit === "1" ? "" : ` ${plane.unit}`;
    if (isInside) {
      this.cross.style.left = `${(look.column + 0.5) / plane.width * 100}%`;
      this.cross.style.top = `${(look.row + 0.5) / plane.height * 100}%`;
      const value = plane.values[look.row * plane.width + look.column];
      this.readout.textContent = `row ${look.row}, column ${look.column}: ${number(value)}${Number.isFinite(value) ? unit : ""}`;
    } else {
      this.readout.textContent = plane.map === "cyclic" ? `${plane.width} × ${plane.height} px`
        : `mean ${number(plane.mean)}, spread ${number(plane.deviation)}, ${number(plane.least)} to ${number(plane.greatest)}${unit}`;
    }
  }
}

/** A small picture of a plane that one can choose. */
function tile(plane, scale, label, onclick) {
  const canvas = el("canvas", {"aria-hidden": "true"});
  paint(canvas, plane, scale);
  return el("button", {type: "button", class: "tile", onclick, title: label, "aria-label": label}, canvas);
}
