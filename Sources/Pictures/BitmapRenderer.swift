/// Draws without any library, for builds without cairo: letters from `BitmapFont`, edges of discs
/// and lines smoothed by their coverage.
enum BitmapRenderer {
  /// Image pixels for each dot of a letter.
  private static func dots(size: Double, scale: Int) -> Int {
    max(1, Int((size * Double(scale) * 0.73 / Double(BitmapFont.capHeight)).rounded()))
  }

  static func width(of text: String, size: Double) -> Double {
    Double(BitmapFont.width(of: text, scale: dots(size: size, scale: 1)))
  }

  static func image(_ drawing: Drawing, scale: Int) -> PNGImage {
    var canvas = Canvas(width: Int(drawing.width) * scale, height: Int(drawing.height) * scale)
    for shape in drawing.shapes { draw(shape, scale: scale, on: &canvas) }
    return canvas.image
  }

  private static func draw(_ shape: Drawing.Shape, scale: Int, on canvas: inout Canvas) {
    let factor = Double(scale)
    func pixels(_ length: Double) -> Int { Int((length * factor).rounded()) }
    func scaled(_ point: Drawing.Point) -> Drawing.Point {
      .init(x: point.x * factor, y: point.y * factor)
    }
    switch shape {
    case .fill(let box, let color):
      let (x, y) = (pixels(box.x), pixels(box.y))
      canvas.fill(
        x: x, y: y, width: pixels(box.right) - x, height: pixels(box.bottom) - y, color)
    case .polygon(let points, let color): canvas.polygon(points.map(scaled), color)
    case .line(let points, let color, let width):
      for (a, b) in zip(points, points.dropFirst()) {
        canvas.line(scaled(a), scaled(b), width: width * factor, color)
      }
    case .disc(let center, let radius, let color):
      canvas.line(scaled(center), scaled(center), width: 2 * radius * factor, color)
    case .image(let image, let box):
      canvas.draw(
        image, x: pixels(box.x), y: pixels(box.y), width: pixels(box.width),
        height: pixels(box.height))
    case .text(let text, let place, let color):
      // Widths are those at scale 1, so that nothing moves.
      let dots = dots(size: text.size, scale: 1) * scale
      canvas.text(
        text.text, x: pixels(place.x), y: pixels(place.y), dots: dots, color: color,
        isVertical: text.isVertical)
    }
  }
}
