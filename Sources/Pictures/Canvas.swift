/// A mutable RGB image for builds without cairo; drawing is clipped to its bounds.
struct Canvas {
  let width: Int
  let height: Int
  private var pixels: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 255, count: width * height * 3)
  }

  var image: PNGImage {
    PNGImage(width: width, height: height, channels: .rgb, pixels: pixels)
  }

  /// - Parameter coverage: the share of the pixel that is painted, 0 to 1.
  mutating func set(_ x: Int, _ y: Int, _ color: RGB, coverage: Double = 1) {
    guard x >= 0, y >= 0, x < width, y < height, coverage > 0 else { return }
    let offset = (y * width + x) * 3
    func mix(_ channel: Int, _ new: UInt8) {
      let old = Double(pixels[offset + channel])
      pixels[offset + channel] = UInt8((old + (Double(new) - old) * min(1, coverage)).rounded())
    }
    mix(0, color.red)
    mix(1, color.green)
    mix(2, color.blue)
  }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: RGB) {
    for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
      for column in max(0, x)..<max(0, x, min(self.width, x + width)) {
        let offset = (row * self.width + column) * 3
        pixels[offset] = color.red
        pixels[offset + 1] = color.green
        pixels[offset + 2] = color.blue
      }
    }
  }

  /// Draws `text` with its baseline at `y`, upward from there if it is vertical.
  mutating func text(
    _ text: String, x: Int, y: Int, dots: Int, color: RGB, isVertical: Bool = false
  ) {
    for (index, character) in text.enumerated() {
      let left = index * BitmapFont.advance * dots
      for (row, bits) in BitmapFont.rows(of: character).enumerated() {
        let up = (BitmapFont.capHeight - row) * dots
        for column in 0..<BitmapFont.glyphWidth where bits & (16 >> UInt8(column)) != 0 {
          let along = left + column * dots
          fill(
            x: isVertical ? x - up : x + along, y: isVertical ? y - along - dots : y - up,
            width: dots, height: dots, color)
        }
      }
    }
  }

  /// Draws an image into a box, each pixel as a rectangle.
  mutating func draw(_ image: PNGImage, x: Int, y: Int, width: Int, height: Int) {
    let step = image.channels.rawValue
    for row in 0..<height {
      let line = row * image.height / height * image.width
      for column in 0..<width {
        let place = (line + column * image.width / width) * step
        set(
          x + column, y + row,
          RGB(image.pixels[place], image.pixels[place + step / 2], image.pixels[place + step - 1]))
      }
    }
  }

  /// A line with round ends; a disc if both ends are the same.
  mutating func line(_ a: Drawing.Point, _ b: Drawing.Point, width: Double, _ color: RGB) {
    let reach = width / 2 + 1
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = dx * dx + dy * dy
    guard [a.x, a.y, b.x, b.y].allSatisfy({ abs($0) < 1e6 }) else { return }
    for y in Int(min(a.y, b.y) - reach)...Int(max(a.y, b.y) + reach) {
      for x in Int(min(a.x, b.x) - reach)...Int(max(a.x, b.x) + reach) {
        let (px, py) = (Double(x) + 0.5 - a.x, Double(y) + 0.5 - a.y)
        let share = length > 0 ? max(0, min(1, (px * dx + py * dy) / length)) : 0
        let (ex, ey) = (px - share * dx, py - share * dy)
        set(x, y, color, coverage: width / 2 + 0.5 - (ex * ex + ey * ey).squareRoot())
      }
    }
  }

  /// A filled polygon; the coverage of a pixel is measured at 16 points.
  mutating func polygon(_ points: [Drawing.Point], _ color: RGB) {
    guard let left = points.map(\.x).min(), let right = points.map(\.x).max(),
      let top = points.map(\.y).min(), let bottom = points.map(\.y).max(),
      max(abs(left), abs(right), abs(top), abs(bottom)) < 1e6
    else { return }
    func contains(_ x: Double, _ y: Double) -> Bool {
      var inside = false
      for (a, b) in zip(points, points.dropFirst() + points.prefix(1))
      where (a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x {
        inside.toggle()
      }
      return inside
    }
    for y in Int(top)...Int(bottom) {
      for x in Int(left)...Int(right) {
        let hits = (0..<16).count {
          contains(Double(x) + (Double($0 % 4) + 0.5) / 4, Double(y) + (Double($0 / 4) + 0.5) / 4)
        }
        set(x, y, color, coverage: Double(hits) / 16)
      }
    }
  }
}
