// The picture of the embedding: a canvas of points that can be moved, enlarged and pointed at.

/** Finds the point nearest to a place among those of a list, by cells of a grid. */
class PointIndex {
  constructor(points) {
    this.points = points;
    const xs = points.map((p) => p.x), ys = points.map((p) => p.y);
    const bound = (values, f, start) => values.reduce((a, b) => f(a, b), start);
    this.lowX = bound(xs, Math.min, Infinity);
    this.lowY = bound(ys, Math.min, Infinity);
    const side = Math.max(bound(xs, Math.max, -Infinity) - this.lowX,
      bound(ys, Math.max, -Infinity) - this.lowY, 1e-9);
    this.count = Math.max(1, Math.ceil(Math.sqrt(points.length)));
    this.cell = (side * 1.0001) / this.count;
    this.cells = new Map();
    points.forEach((point, index) => {
      const key = this.column(point.x) + this.count * this.row(point.y);
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(index);
    });
  }

  column(x) { return clamp(Math.floor((x - this.lowX) / this.cell), 0, this.count - 1); }
  row(y) { return clamp(Math.floor((y - this.lowY) / this.cell), 0, this.count - 1); }

  /** The point within `reach` of a place for which `accepts` holds, or undefined. */
  nearest(x, y, reach, accepts) {
    let best, bestSquared = reach * reach;
    for (let row = this.row(y - reach); row <= this.row(y + reach); row++) {
      for (let column = this.column(x - reach); column <= this.column(x + reach); column++) {
        for (const index of this.cells.get(column + this.count * row) ?? []) {
          const point = this.points[index];
          const squared = (point.x - x) ** 2 + (point.y - y) ** 2;
          if (squared < bestSquared && accepts(point)) [best, bestSquared] = [point, squared];
        }
      }
    }
    return best;
  }
}

/** Draws the points and says which one the user means. `onHover` and `onPin` get a point. */
class Scatter {
  constructor(points, onHover, onPin) {
    this.points = points;
    this.visible = [];
    this.onHover = onHover;
    this.onPin = onPin;
    this.index = new PointIndex(points);
    this.base = el("canvas", {class: "points", "aria-hidden": "true"});
    this.overlay = el("canvas", {class: "overlay", tabindex: 0, role: "application", id: "scatter",
      "aria-label": "map of patches: arrow keys move from point to point, Enter pins, Escape lets go, "
        + "plus and minus enlarge and reduce, 0 shows all"});
    this.element = el("div", {class: "scatter"}, this.base, this.overlay);
    this.resetView();
    this.listen();
    this.followPrinting();
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  resetView() {
    const {index} = this;
    const half = (index.count * index.cell) / 2;
    // The box of all points, so that the middle is that of the points and not of the grid.
    const span = (of) => this.points.reduce(
      ([low, high], p) => [Math.min(low, of(p)), Math.max(high, of(p))], [Infinity, -Infinity]);
    const [x, y] = [span((p) => p.x), span((p) => p.y)];
    this.view = {x: (x[0] + x[1]) / 2, y: (y[0] + y[1]) / 2, half: half * 1.06};
    this.fullHalf = this.view.half;
  }

  resize() {
    const box = this.element.getBoundingClientRect();
    const scale = window.devicePixelRatio || 1;
    for (const canvas of [this.base, this.overlay]) {
      canvas.width = Math.max(1, Math.round(box.width * scale));
      canvas.height = Math.max(1, Math.round(box.height * scale));
      canvas.getContext("2d").setTransform(scale, 0, 0, scale, 0, 0);
    }
    [this.width, this.height] = [box.width, box.height];
    this.refresh();
  }

  /** Pixels on the page for one unit of the picture. */
  get zoom() { return Math.min(this.width, this.height) / (2 * this.view.half); }
  toPage(p) {
    return [this.width / 2 + (p.x - this.view.x) * this.zoom,
      this.height / 2 - (p.y - this.view.y) * this.zoom];
  }
  toPicture(x, y) {
    return [this.view.x + (x - this.width / 2) / this.zoom,
      this.view.y - (y - this.height / 2) / this.zoom];
  }

  /** Draws at the next frame, however often it is asked for. */
  refresh() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = undefined;
      this.draw();
      this.drawOverlay();
    });
  }

  get radius() {
    return clamp(60 / Math.sqrt(this.points.length) + 2, 2.8, 5)
      * clamp(Math.sqrt(this.fullHalf / this.view.half), 0.8, 2.2);
  }

  /** Calls `paint(point, x, y)` for all that is in view; sets take turns, so that none lies over all of another. */
  eachInView(paint) {
    for (const point of this.drawOrder()) {
      if (!shown.sets[point.set]) continue;
      const [x, y] = this.toPage(point);
      if (x < -9 || y < -9 || x > this.width + 9 || y > this.height + 9) continue;
      paint(point, x, y);
    }
  }

  draw() {
    const context = this.base.getContext("2d");
    context.clearRect(0, 0, this.width, this.height);
    const stamps = report.sets.map((_, set) => this.stamp(set, this.radius));
    const half = stamps[0].size / 2;
    this.eachInView(({set}, x, y) =>
      context.drawImage(stamps[set].canvas, x - half, y - half, 2 * half, 2 * half));
  }

  /** The map as it stands in vectors: print waits for no canvas, and takes its colours from the style. */
  vectorPicture() {
    const paths = report.sets.map((_, set) => markerPath(set, this.radius));
    const marks = [];
    this.eachInView(({set}, x, y) => marks.push(svg("path", {
      d: paths[set], transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
      fill: `var(--set-${set % markers.length})`})));
    const ring = (point, r, color) => {
      const [cx, cy] = this.toPage(point);
      return svg("circle", {cx, cy, r, fill: "none", stroke: color, "stroke-width": 1.5});
    };
    const rings = (this.neighbours ?? []).map((p) => ring(p, 6.5, `var(--set-${p.set % markers.length})`));
    if (this.pinned) rings.push(ring(this.pinned, 10, "var(--ink)"), ring(this.pinned, 5.5, "var(--ink)"));
    return svg("svg", {class: "paper", viewBox: `0 0 ${this.width} ${this.height}`, "aria-hidden": "true"},
      marks, rings);
  }

  followPrinting() {
    addEventListener("beforeprint", () => {
      this.paper?.remove();
      this.paper = this.vectorPicture();
      this.element.append(this.paper);
    });
    addEventListener("afterprint", () => this.paper?.remove());
  }

  drawOrder() {
    this.order ??= this.points.map((point) => ({point, key: (point.patch * 0.618034 + point.set * 0.37) % 1}))
      .sort((a, b) => a.key - b.key).map(({point}) => point);
    return this.order;
  }

  /** A set's marker, drawn once and then copied. */
  stamp(set, radius) {
    const scale = window.devicePixelRatio || 1;
    const size = Math.ceil(2 * radius * 1.3 + 3);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size * scale;
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.translate(size / 2, size / 2);
    const path = new Path2D(markerPath(set, radius));
    context.globalAlpha = 0.85;
    context.fillStyle = setColor(set);
    context.fill(path);
    // Small marks lose their colour to an outline.
    context.globalAlpha = 0.9;
    context.lineWidth = radius < 3.4 ? 0.3 : 0.75;
    context.strokeStyle = themeColor("--panel");
    context.stroke(path);
    return {canvas, size};
  }

  drawOverlay() {
    const context = this.overlay.getContext("2d");
    context.clearRect(0, 0, this.width, this.height);
    const ring = (point, radius, width, color) => {
      const [x, y] = this.toPage(point);
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = color;
      context.stroke();
    };
    const ink = themeColor("--ink");
    for (const point of this.neighbours ?? []) ring(point, 6.5, 1.5, setColor(point.set));
    if (this.pinned) {
      ring(this.pinned, 10, 3, themeColor("--panel"));
      ring(this.pinned, 10, 2, ink);
      ring(this.pinned, 5.5, 1.5, ink);
    }
    if (this.current && this.current !== this.pinned) {
      ring(this.current, 8, 3.5, themeColor("--panel"));
      ring(this.current, 8, 2, ink);
    }
  }

  hover(point) {
    if (point === this.current) return;
    this.current = point;
    this.drawOverlay();
    this.onHover(point);
  }

  pin(point, neighbours) {
    [this.pinned, this.neighbours] = [point, neighbours];
    this.drawOverlay();
  }

  at(event) {
    const box = this.overlay.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  pointAt(x, y) {
    const [px, py] = this.toPicture(x, y);
    return this.index.nearest(px, py, 14 / this.zoom, (p) => shown.sets[p.set]);
  }

  enlarge(factor, x = this.width / 2, y = this.height / 2) {
    const [px, py] = this.toPicture(x, y);
    const half = clamp(this.view.half / factor, this.fullHalf / 60, this.fullHalf);
    const share = half / this.view.half;
    this.view = {x: px + (this.view.x - px) * share, y: py + (this.view.y - py) * share, half};
    this.refresh();
  }

  listen() {
    const {overlay} = this;
    let drag;
    overlay.addEventListener("pointerdown", (event) => {
      drag = {at: this.at(event), view: {...this.view}, moved: false};
      overlay.setPointerCapture(event.pointerId);
    });
    overlay.addEventListener("pointermove", (event) => {
      const [x, y] = this.at(event);
      if (drag && (drag.moved || Math.hypot(x - drag.at[0], y - drag.at[1]) > 4)) {
        drag.moved = true;
        this.view = {...drag.view, x: drag.view.x - (x - drag.at[0]) / this.zoom,
          y: drag.view.y + (y - drag.at[1]) / this.zoom};
        this.refresh();
      } else if (!drag) {
        this.hover(this.pointAt(x, y));
      }
    });
    overlay.addEventListener("pointerup", (event) => {
      if (drag && !drag.moved) this.onPin(this.pointAt(...this.at(event)));
      drag = undefined;
    });
    overlay.addEventListener("pointercancel", () => { drag = undefined; });
    overlay.addEventListener("pointerleave", () => { if (!drag) this.hover(undefined); });
    overlay.addEventListener("wheel", (event) => {
      // Without a key the wheel scrolls the page; with one it enlarges, as maps do.
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
      event.preventDefault();
      this.enlarge(Math.exp(-(event.deltaY || event.deltaX) / 300), ...this.at(event));
    }, {passive: false});
    overlay.addEventListener("dblclick", (event) => this.enlarge(2, ...this.at(event)));
    overlay.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const directions = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
    if (event.key in directions) this.walk(...directions[event.key]);
    else if (event.key === "Enter" || event.key === " ") this.onPin(this.current);
    else if (event.key === "Escape") this.onPin(undefined);
    else if (event.key === "+" || event.key === "=") this.enlarge(1.5, ...this.focusPlace());
    else if (event.key === "-") this.enlarge(1 / 1.5, ...this.focusPlace());
    else if (event.key === "0") { this.resetView(); this.refresh(); }
    else return;
    event.preventDefault();
  }

  focusPlace() {
    const point = this.current ?? this.pinned;
    return point ? this.toPage(point) : [this.width / 2, this.height / 2];
  }

  /** To the nearest point within 45 degrees of a direction. */
  walk(dx, dy) {
    const from = this.current ?? this.pinned;
    let best, bestDistance = Infinity;
    for (const point of this.points) {
      if (point === from || !shown.sets[point.set]) continue;
      const [x, y] = from ? [point.x - from.x, point.y - from.y]
        : [point.x - this.view.x, point.y - this.view.y];
      const along = x * dx + y * dy, across = Math.abs(x * dy) + Math.abs(y * dx);
      if (from && (along <= 0 || across > along)) continue;
      const distance = from ? along + across : Math.hypot(x, y);
      if (distance < bestDistance) [best, bestDistance] = [point, distance];
    }
    if (!best) return;
    const [x, y] = this.toPage(best);
    if (x < 12 || y < 12 || x > this.width - 12 || y > this.height - 12) {
      this.view = {...this.view, x: best.x, y: best.y};
      this.refresh();
    }
    this.hover(best);
  }
}
