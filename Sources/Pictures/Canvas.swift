import Rasters

/// A mutable RGB image; drawing is clipped to its bounds.
struct Canvas {
  let width: Int
  let height: Int
  private var pixels: [UInt8]

  init(width: Int, height: Int, background: RGB = .white) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 0, count: width * height * 3)
    fill(x: 0, y: 0, width: width, height: height, background)
  }

  var image: PNGImage {
    PNGImage(width: width, height: height, channels: .rgb, pixels: pixels)
  }

  mutating func set(_ x: Int, _ y: Int, _ color: RGB) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let offset = (y * width + x) * 3
    pixels[offset] = color.red
    pixels[offset + 1] = color.green
    pixels[offset + 2] = color.blue
  }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: RGB) {
    for row in y..<y + max(0, height) {
      for column in x..<x + max(0, width) { set(column, row, color) }
    }
  }

  /// A frame one pixel wide just outside the given box.
  mutating func frame(x: Int, y: Int, width: Int, height: Int, _ color: RGB) {
    fill(x: x - 1, y: y - 1, width: width + 2, height: 1, color)
    fill(x: x - 1, y: y + height, width: width + 2, height: 1, color)
    fill(x: x - 1, y: y - 1, width: 1, height: height + 2, color)
    fill(x: x + width, y: y - 1, width: 1, height: height + 2, color)
  }

  /// Draws `text` with the top of its capitals at `y`.
  mutating func text(_ text: String, x: Int, y: Int, scale: Int = 2, color: RGB = .ink) {
    var left = x
    for character in text {
      for (row, bits) in BitmapFont.rows(of: character).enumerated() {
        for column in 0..<BitmapFont.glyphWidth where bits & (16 >> UInt8(column)) != 0 {
          fill(
            x: left + column * scale, y: y + row * scale, width: scale, height: scale, color)
        }
      }
      left += BitmapFont.advance * scale
    }
  }

  /// Draws a raster: each pixel as a square of `zoom` x `zoom` image pixels, or each block of
  /// `shrink` x `shrink` pixels as one image pixel.
  mutating func draw(
    _ raster: Raster, x: Int, y: Int, zoom: Int = 1, shrink: Int = 1, scale: ColorScale
  ) {
    for row in 0..<raster.height / shrink {
      for column in 0..<raster.width / shrink {
        let value =
          shrink == 1
          ? raster.values[row * raster.width + column]
          : raster.blockValue(row: row, column: column, size: shrink, isCyclic: scale.map.isCyclic)
        fill(
          x: x + column * zoom, y: y + row * zoom, width: zoom, height: zoom, scale.color(value))
      }
    }
  }

  static let barWidth = 22

  /// The width in pixels that `colorBar` needs to the right of its `x`.
  static func colorBarWidth(_ scale: ColorScale, textScale: Int = 2) -> Int {
    let widest = scale.ticks.map { BitmapFont.width(of: $0.text, scale: textScale) }.max() ?? 0
    let unit = BitmapFont.width(of: unitText(scale), scale: textScale)
    return max(barWidth + 10 + widest, unit)
  }

  private static func unitText(_ scale: ColorScale) -> String {
    scale.unit?.rawValue ?? "unit ?"
  }

  /// Draws a vertical color bar with the unit above it, ticks to the right, and pointed ends if
  /// values lie beyond the scale.
  mutating func colorBar(
    _ scale: ColorScale, x: Int, y: Int, height: Int, hasValuesBeyond: Bool, textScale: Int = 2
  ) {
    text(Self.unitText(scale), x: x, y: y, scale: textScale)
    let capHeight = BitmapFont.capHeight * textScale
    let point = hasValuesBeyond ? Self.barWidth / 2 : 0
    let top = y + capHeight + 10 + point
    let bar = max(2, y + height - top - point)
    for row in 0..<bar {
      let value = scale.limit * (1 - 2 * Float(row) / Float(bar - 1))
      fill(x: x, y: top + row, width: Self.barWidth, height: 1, scale.color(value))
    }
    frame(x: x, y: top, width: Self.barWidth, height: bar, .ink)
    if point > 0 { drawPoints(scale, x: x, top: top, bar: bar) }

    // Ticks are removed until there is space between their labels.
    var ticks = scale.ticks
    while ticks.count > 3, bar / (ticks.count - 1) < capHeight * 2 {
      let middle = ticks.count / 2
      ticks = ticks.enumerated().filter { ($0.offset - middle) % 2 == 0 }.map(\.element)
    }
    for (value, label) in ticks {
      let middle = top + Int((Float(bar - 1) * (1 - value / scale.limit) / 2).rounded())
      fill(x: x + Self.barWidth + 1, y: middle, width: 5, height: 1, .ink)
      text(
        label, x: x + Self.barWidth + 10, y: middle - capHeight / 2, scale: textScale)
    }
  }

  private mutating func drawPoints(_ scale: ColorScale, x: Int, top: Int, bar: Int) {
    let half = Self.barWidth / 2
    for step in 1...half {
      let (left, length) = (x + step, Self.barWidth - 2 * step)
      fill(x: left, y: top - step, width: length, height: 1, scale.color(scale.limit))
      fill(x: left, y: top + bar - 1 + step, width: length, height: 1, scale.color(-scale.limit))
      for row in [top - step, top + bar - 1 + step] {
        set(left - 1, row, .ink)
        set(left + length, row, .ink)
      }
    }
    fill(x: x, y: top - 1, width: Self.barWidth, height: 1, scale.color(scale.limit))
    fill(x: x, y: top + bar, width: Self.barWidth, height: 1, scale.color(-scale.limit))
    for row in [top - 1, top + bar] {
      set(x - 1, row, .ink)
      set(x + Self.barWidth, row, .ink)
    }
  }
}

extension Raster {
  /// The mean of the valid pixels of a block, or the mean angle for phase; NaN if most pixels are
  /// missing.
  fileprivate func blockValue(row: Int, column: Int, size: Int, isCyclic: Bool) -> Float {
    var count = 0
    var sum = (value: Float(0), sine: Float(0), cosine: Float(0))
    for y in row * size..<(row + 1) * size {
      for x in column * size..<(column + 1) * size {
        let value = values[y * width + x]
        guard value.isFinite else { continue }
        count += 1
        sum.value += value
        if isCyclic {
          sum.sine += Phase.sine(value)
          sum.cosine += Phase.cosine(value)
        }
      }
    }
    guard count * 2 >= size * size else { return .nan }
    return isCyclic
      ? Phase.ofComplex(real: sum.cosine, imaginary: sum.sine) : sum.value / Float(count)
  }
}
