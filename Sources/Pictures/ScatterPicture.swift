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
  private static let palette = [
    RGB(38, 38, 42), RGB(213, 94, 0), RGB(0, 114, 178), RGB(0, 158, 115), RGB(204, 121, 167),
    RGB(230, 159, 0), RGB(86, 180, 233), RGB(150, 150, 150), RGB(120, 60, 160),
  ]
  /// If there are more sets than colors, the shape distinguishes them.
  private enum Shape: CaseIterable { case square, cross, bar }

  private static let side = 760
  private static let margin = 20
  private static let lineHeight = BitmapFont.lineHeight * 2 + 6

  /// Draws one point of each set in turn, so that no set covers another.
  public static func render(_ groups: [Group], title: String) -> PNGImage {
    let widest = groups.map { BitmapFont.width(of: $0.label, scale: 2) }.max() ?? 0
    let legend = 34 + widest
    let width = max(
      side + legend + 3 * margin, BitmapFont.width(of: title, scale: 2) + 2 * margin)
    let top = margin + lineHeight + 8
    let height = max(side, groups.count * lineHeight)
    var canvas = Canvas(width: width, height: top + height + margin)
    canvas.text(title, x: margin, y: margin)
    canvas.frame(x: margin, y: top, width: side, height: side, RGB(120, 120, 124))

    let place = Placement(groups.map(\.positions), side: side)
    let longest = groups.map { $0.positions.count / 2 }.max() ?? 0
    for index in 0..<longest {
      for (number, group) in groups.enumerated() where 2 * index + 1 < group.positions.count {
        let (x, y) = place(group.positions[2 * index], group.positions[2 * index + 1])
        mark(&canvas, number, x: margin + x, y: top + y)
      }
    }
    let left = 2 * margin + side
    for (number, group) in groups.enumerated() {
      let y = top + 8 + number * lineHeight
      for shift in [0, 7] { mark(&canvas, number, x: left + 6 + shift, y: y + 6) }
      canvas.text(group.label, x: left + 28, y: y)
    }
    return canvas.image
  }

  private static func mark(_ canvas: inout Canvas, _ number: Int, x: Int, y: Int) {
    let color = palette[number % palette.count]
    switch Shape.allCases[number / palette.count % Shape.allCases.count] {
    case .square: canvas.fill(x: x - 1, y: y - 1, width: 4, height: 4, color)
    case .cross:
      canvas.fill(x: x - 2, y: y, width: 5, height: 1, color)
      canvas.fill(x: x, y: y - 2, width: 1, height: 5, color)
    case .bar: canvas.fill(x: x - 3, y: y, width: 7, height: 2, color)
    }
  }

  /// Maps the plane to the pixels of a square, with the same scale for both axes.
  private struct Placement {
    private var center: (x: Float, y: Float) = (0, 0)
    private var scale: Float = 1
    private let side: Int

    init(_ sets: [[Float]], side: Int) {
      self.side = side
      let all = sets.flatMap { $0 }
      let xs = stride(from: 0, to: all.count, by: 2).map { all[$0] }
      let ys = stride(from: 1, to: all.count, by: 2).map { all[$0] }
      guard let left = xs.min(), let right = xs.max(), let low = ys.min(), let high = ys.max()
      else { return }
      center = ((left + right) / 2, (low + high) / 2)
      let span = max(right - left, high - low)
      scale = span > 0 ? Float(side - 24) / span : 1
    }

    func callAsFunction(_ x: Float, _ y: Float) -> (x: Int, y: Int) {
      (
        side / 2 + Int(((x - center.x) * scale).rounded()),
        side / 2 - Int(((y - center.y) * scale).rounded())
      )
    }
  }
}
