import Foundation

/// Curves of several sets in panels with axes, with one legend.
package struct CurvePicture: Sendable {
  package struct Curve: Sendable {
    package var points: [(x: Double, y: Double)]
    /// Place in the legend.
    package var set: Int

    package init(set: Int, points: [(x: Double, y: Double)]) {
      self.set = set
      self.points = points
    }
  }

  package struct Panel: Sendable {
    package var title: String
    package var xLabel: String
    package var yLabel: String
    package var isXLogarithmic: Bool
    package var isYLogarithmic: Bool
    package var curves: [Curve]

    package init(
      title: String, xLabel: String, yLabel: String, isXLogarithmic: Bool = false,
      isYLogarithmic: Bool = false, curves: [Curve]
    ) {
      self.title = title
      self.xLabel = xLabel
      self.yLabel = yLabel
      self.isXLogarithmic = isXLogarithmic
      self.isYLogarithmic = isYLogarithmic
      self.curves = curves
    }
  }

  private let panels: [Panel]
  private let names: [String]

  private static let (width, height) = (360.0, 230.0)
  private static let (left, bottom, head, gap) = (64.0, 46.0, 26.0, 22.0)
  private static let margin = 16.0

  /// - Parameter names: of the sets, in the legend.
  package init(_ panels: [Panel], names: [String]) {
    self.panels = panels
    self.names = names
  }

  package func drawing(columns: Int = 2) -> Drawing {
    let columns = min(columns, max(1, panels.count))
    let rows = (panels.count + columns - 1) / columns
    let cell = (
      width: Self.left + Self.width + Self.gap,
      height: Self.head + Self.height + Self.bottom + Self.gap
    )
    let pictureWidth = 2 * Self.margin + Double(columns) * cell.width
    // The legend, in as many lines as it needs.
    var places: [(x: Double, y: Double)] = []
    var (x, y) = (Self.margin, Self.margin)
    for name in names {
      let length = Lettering(name).width + 46
      if x > Self.margin && x + length > pictureWidth - Self.margin {
        (x, y) = (Self.margin, y + 20)
      }
      places.append((x, y))
      x += length
    }
    let legendHeight = names.isEmpty ? 0 : y - Self.margin + 30
    var drawing = Drawing(
      width: pictureWidth, height: 2 * Self.margin + legendHeight + Double(rows) * cell.height)
    for (number, (name, place)) in zip(names, places).enumerated() {
      let label = Lettering(name)
      drawing.fill(
        .init(x: place.x, y: place.y + 4, width: 22, height: 3), Self.color(number))
      drawing.text(label, x: place.x + 28, y: place.y + 6 + label.capHeight / 2)
    }
    for (index, panel) in panels.enumerated() {
      draw(
        panel,
        in: .init(
          x: Self.margin + Double(index % columns) * cell.width + Self.left,
          y: Self.margin + legendHeight + Double(index / columns) * cell.height + Self.head,
          width: Self.width, height: Self.height), on: &drawing)
    }
    return drawing
  }

  private static func color(_ set: Int) -> RGB {
    ScatterPicture.palette[set % ScatterPicture.palette.count]
  }

  /// The range of an axis; `nil` without a usable number.
  private static func range(_ values: [Double], isLogarithmic: Bool) -> ClosedRange<Double>? {
    let values = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    guard let low = values.min(), let high = values.max() else { return nil }
    if isLogarithmic { return low < high ? low / 1.15...high * 1.15 : low / 2...high * 2 }
    let base = low >= 0 && low < high / 2 ? 0 : low
    return base < high ? base...base + (high - base) * 1.05 : base - 0.5...base + 0.5
  }

  private func draw(_ panel: Panel, in box: Drawing.Box, on drawing: inout Drawing) {
    let title = Lettering(panel.title, fitting: box.width, isBold: true)
    drawing.text(title, x: box.x, y: box.y - 10)
    drawing.frame(box)
    let points = panel.curves.flatMap(\.points)
    guard let xs = Self.range(points.map(\.x), isLogarithmic: panel.isXLogarithmic),
      let ys = Self.range(points.map(\.y), isLogarithmic: panel.isYLogarithmic)
    else {
      let text = Lettering("no data")
      drawing.text(text, x: box.x + box.width / 2, y: box.y + box.height / 2, anchor: .middle)
      return
    }
    func share(_ value: Double, _ range: ClosedRange<Double>, _ isLogarithmic: Bool) -> Double {
      let (low, high) = (range.lowerBound, range.upperBound)
      return isLogarithmic
        ? log(value / low) / log(high / low) : (value - low) / (high - low)
    }
    func x(_ value: Double) -> Double {
      box.x + box.width * share(value, xs, panel.isXLogarithmic)
    }
    func y(_ value: Double) -> Double {
      box.bottom - box.height * share(value, ys, panel.isYLogarithmic)
    }
    func ticks(_ range: ClosedRange<Double>, _ isLogarithmic: Bool) -> [(
      value: Double, text: String
    )] {
      isLogarithmic
        ? Ticks.logarithmic(from: range.lowerBound, to: range.upperBound)
        : Ticks.linear(from: range.lowerBound, to: range.upperBound, most: 6.0001)
    }
    let size = 11.0
    for (value, text) in Ticks.spaced(
      ticks(xs, panel.isXLogarithmic), place: x,
      length: { Lettering($0, size: size).width + 8 })
    {
      drawing.fill(.init(x: x(value).rounded(), y: box.y, width: 1, height: box.height), .grid)
      let label = Lettering(text, size: size)
      drawing.text(label, x: x(value), y: box.bottom + 6 + label.capHeight, anchor: .middle)
    }
    for (value, text) in Ticks.spaced(
      ticks(ys, panel.isYLogarithmic), place: y, length: { _ in size * 1.4 })
    {
      drawing.fill(.init(x: box.x, y: y(value).rounded(), width: box.width, height: 1), .grid)
      let label = Lettering(text, size: size)
      drawing.text(label, x: box.x - 6, y: y(value) + label.capHeight / 2, anchor: .end)
    }
    let xLabel = Lettering(panel.xLabel, fitting: box.width, size: 12)
    drawing.text(xLabel, x: box.x + box.width / 2, y: box.bottom + 36, anchor: .middle)
    let yLabel = Lettering(panel.yLabel, size: 12, isVertical: true)
    drawing.text(yLabel, x: box.x - 48, y: box.y + box.height / 2, anchor: .middle)
    for curve in panel.curves {
      let line = curve.points.filter {
        $0.x.isFinite && $0.y.isFinite && (!panel.isXLogarithmic || $0.x > 0)
          && (!panel.isYLogarithmic || $0.y > 0)
      }.map { Drawing.Point(x: x($0.x), y: y($0.y)) }
      drawing.add(.line(line, Self.color(curve.set), width: 1.8))
      if line.count <= 12 {
        for point in line { drawing.add(.disc(point, radius: 2.6, Self.color(curve.set))) }
      }
    }
  }
}
