/// Points of several sets in one plane, with a legend.
public enum ScatterPicture {
  /// A named set of points.
  public struct Group: Sendable {
    public var label: String
    /// [2 * N]: x and y, y upward.
    public var positions: [Float]

    public init(label: String, positions: [Float]) {
      self.label = label
      self.positions = positions
    }
  }

  /// Colors that are told apart by eyes of every kind; the first is for the real set.
  /// Source: Okabe and Ito, "Color universal design", 2008; gray added.
  static let palette = [
    RGB(38, 38, 42), RGB(213, 94, 0), RGB(0, 114, 178), RGB(0, 158, 115), RGB(204, 121, 167),
    RGB(230, 159, 0), RGB(86, 180, 233), RGB(150, 150, 150), RGB(120, 60, 160),
  ]
  /// If there are more sets than colors, the shape distinguishes them.
  private enum Shape: CaseIterable { case disc, triangle, cross }

  private static let side = 600.0
  private static let margin = 16.0
  private static let lineHeight = 22.0

  /// Draws one point of each set in turn, so that no set covers another.
  public static func render(_ groups: [Group], title: String) -> PNGImage {
    drawing(groups, title: title).image(scale: 2)
  }

  /// As `render`, for files of any format.
  package static func drawing(_ groups: [Group], title: String) -> Drawing {
    let widest = groups.map { Lettering($0.label).width }.max() ?? 0
    let head = Lettering(title, size: 16, isBold: true)
    let width = max(side + 24 + widest + 3 * margin, min(head.width, 900) + 2 * margin)
    let top = margin + (title.isEmpty ? 0 : 30)
    let height = max(side, Double(groups.count) * lineHeight)
    var drawing = Drawing(width: width, height: top + height + margin)
    drawing.text(
      Lettering(title, fitting: width - 2 * margin, size: 16, isBold: true), x: margin,
      y: margin + head.capHeight)
    drawing.frame(Drawing.Box(x: margin, y: top, width: side, height: side))

    let place = Placement(groups.map(\.positions), side: side)
    let longest = groups.map { $0.positions.count / 2 }.max() ?? 0
    // Points shrink where there are many.
    let radius = longest * groups.count > 4000 ? 1.6 : 2.4
    for index in 0..<longest {
      for (number, group) in groups.enumerated() where 2 * index + 1 < group.positions.count {
        let (x, y) = place(group.positions[2 * index], group.positions[2 * index + 1])
        mark(&drawing, number, x: margin + x, y: top + y, radius: radius)
      }
    }
    let left = 2 * margin + side
    for (number, group) in groups.enumerated() {
      let y = top + lineHeight * (Double(number) + 0.5)
      mark(&drawing, number, x: left + 6, y: y, radius: 4)
      let label = Lettering(group.label)
      drawing.text(label, x: left + 20, y: y + label.capHeight / 2)
    }
    return drawing
  }

  private static func mark(
    _ drawing: inout Drawing, _ number: Int, x: Double, y: Double, radius: Double
  ) {
    let color = palette[number % palette.count]
    switch Shape.allCases[number / palette.count % Shape.allCases.count] {
    case .disc: drawing.add(.disc(.init(x: x, y: y), radius: radius, color))
    case .triangle:
      drawing.add(
        .polygon(
          [
            .init(x: x, y: y - 1.4 * radius), .init(x: x - 1.2 * radius, y: y + 0.8 * radius),
            .init(x: x + 1.2 * radius, y: y + 0.8 * radius),
          ], color))
    case .cross:
      let reach = 1.2 * radius
      drawing.add(
        .line([.init(x: x - reach, y: y), .init(x: x + reach, y: y)], color, width: radius / 2))
      drawing.add(
        .line([.init(x: x, y: y - reach), .init(x: x, y: y + reach)], color, width: radius / 2))
    }
  }

  /// Maps the plane to the pixels of a square, with the same scale for both axes.
  private struct Placement {
    private var center: (x: Float, y: Float) = (0, 0)
    private var scale = 1.0
    private let side: Double

    init(_ sets: [[Float]], side: Double) {
      self.side = side
      let all = sets.flatMap { $0 }
      let xs = stride(from: 0, to: all.count, by: 2).map { all[$0] }
      let ys = stride(from: 1, to: all.count, by: 2).map { all[$0] }
      guard let left = xs.min(), let right = xs.max(), let low = ys.min(), let high = ys.max()
      else { return }
      center = ((left + right) / 2, (low + high) / 2)
      let span = max(right - left, high - low)
      scale = span > 0 ? (side - 24) / Double(span) : 1
    }

    func callAsFunction(_ x: Float, _ y: Float) -> (x: Double, y: Double) {
      (side / 2 + Double(x - center.x) * scale, side / 2 - Double(y - center.y) * scale)
    }
  }
}
