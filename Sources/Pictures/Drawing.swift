/// A picture as a list of shapes, which `PictureFile` writes as PNG, SVG or PDF.
///
/// Lengths are in pixels of a screen (1/96 inch), y downward from the upper left corner. Shapes are
/// drawn in the order in which they were added.
package struct Drawing: Sendable {
  package struct Box: Sendable, Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }

    /// Whether the boxes share an area.
    func overlaps(_ other: Box) -> Bool {
      x < other.right && other.x < right && y < other.bottom && other.y < bottom
    }
  }

  struct Point: Sendable, Equatable {
    var x: Double
    var y: Double
  }

  enum Shape: Sendable {
    case fill(Box, RGB)
    /// A closed polygon.
    case polygon([Point], RGB)
    case line([Point], RGB, width: Double)
    case disc(Point, radius: Double, RGB)
    /// Each pixel of the image becomes a rectangle of one color; nothing is smoothed.
    case image(PNGImage, Box)
    case text(Lettering, Point, RGB)
  }

  package let width: Double
  package let height: Double
  private(set) var shapes: [Shape] = []

  /// An empty white picture.
  init(width: Double, height: Double) {
    self.width = max(1, width.rounded(.up))
    self.height = max(1, height.rounded(.up))
  }

  mutating func add(_ shape: Shape) { shapes.append(shape) }

  mutating func fill(_ box: Box, _ color: RGB) { add(.fill(box, color)) }

  /// A frame one pixel wide just outside the given box.
  mutating func frame(_ box: Box, _ color: RGB = .frame) {
    fill(Box(x: box.x - 1, y: box.y - 1, width: box.width + 2, height: 1), color)
    fill(Box(x: box.x - 1, y: box.bottom, width: box.width + 2, height: 1), color)
    fill(Box(x: box.x - 1, y: box.y, width: 1, height: box.height), color)
    fill(Box(x: box.right, y: box.y, width: 1, height: box.height), color)
  }

  /// Draws `text` with its baseline at `y`; `x` is its left end, its middle or its right end.
  mutating func text(
    _ text: Lettering, x: Double, y: Double, anchor: Lettering.Anchor = .start, color: RGB = .ink
  ) {
    guard !text.text.isEmpty else { return }
    let shift = text.width * anchor.share
    add(
      .text(
        text, text.isVertical ? Point(x: x, y: y + shift) : Point(x: x - shift, y: y), color))
  }

  /// The area of each text, as it was measured.
  var textBoxes: [(text: String, box: Box)] {
    shapes.compactMap { shape in
      guard case .text(let text, let place, _) = shape else { return nil }
      return (text.text, text.box(at: place))
    }
  }
}

/// A line of text in the size in which it is drawn.
struct Lettering: Sendable, Equatable {
  enum Anchor: Sendable {
    case start, middle, end
    var share: Double { self == .start ? 0 : self == .middle ? 0.5 : 1 }
  }

  let text: String
  /// Height of the font in pixels.
  let size: Double
  let isBold: Bool
  /// Read from the bottom up.
  let isVertical: Bool
  /// Along the line.
  let width: Double

  init(_ text: String, size: Double = 13, isBold: Bool = false, isVertical: Bool = false) {
    self.text = text
    self.size = size
    self.isBold = isBold
    self.isVertical = isVertical
    width = PictureRenderer.current.width(of: text, size: size, isBold: isBold)
  }

  /// The text, or its start and its end around an ellipsis where it is wider than `limit`.
  /// - Parameter endShare: of what is kept, how much is its end.
  init(
    _ text: String, fitting limit: Double, size: Double = 13, isBold: Bool = false,
    endShare: Double = 2.0 / 3
  ) {
    let whole = Lettering(text, size: size, isBold: isBold)
    guard whole.width > limit else {
      self = whole
      return
    }
    // The end of a path says more than its start.
    for kept in stride(from: text.count - 1, through: 2, by: -1) {
      let end = Int(Double(kept) * endShare)
      let shorter = Lettering(
        text.prefix(kept - end) + "…" + text.suffix(end), size: size, isBold: isBold)
      if shorter.width <= limit {
        self = shorter
        return
      }
    }
    self = Lettering("…", size: size, isBold: isBold)
  }

  /// Height of capitals above the baseline; that of the fonts that cairo picks is 0.73 of their size.
  var capHeight: Double { size * 0.73 }
  /// Depth of letters such as g below the baseline.
  var descent: Double { size * 0.24 }

  func box(at place: Drawing.Point) -> Drawing.Box {
    isVertical
      ? .init(
        x: place.x - capHeight, y: place.y - width, width: capHeight + descent, height: width)
      : .init(
        x: place.x, y: place.y - capHeight, width: width, height: capHeight + descent)
  }
}
