import Foundation

extension Drawing {
  /// Width of a vertical color bar, height of a horizontal one.
  static let barThickness = 14.0
  private static let barSteps = 256

  /// The width that a vertical color bar needs, with its labels.
  static func verticalBarWidth(_ scale: ColorScale) -> Double {
    let widest = scale.ticks.map { Lettering($0.text, size: 12).width }.max() ?? 0
    return max(barThickness + 8 + widest, Lettering(scale.label, size: 12).width)
  }

  /// Draws a color bar upward, its unit above and its ticks to the right; an end is pointed if values
  /// lie beyond it.
  mutating func verticalBar(
    _ scale: ColorScale, x: Double, y: Double, height: Double, isBelow: Bool, isAbove: Bool
  ) {
    let label = Lettering(scale.label, size: 12)
    let head = label.text.isEmpty ? 0 : label.capHeight + 9
    text(label, x: x, y: y + label.capHeight)
    let thickness = Self.barThickness
    let top = y + head + (isAbove ? thickness / 2 : 0)
    let length = max(8, (y + height - top - (isBelow ? thickness / 2 : 0)).rounded(.down))
    let box = Box(x: x, y: top, width: thickness, height: length)
    if isAbove {
      point(
        [(x - 1, top), (x + thickness / 2, top - thickness / 2), (x + thickness + 1, top)],
        scale.color(scale.range.upperBound))
    }
    if isBelow {
      point(
        [
          (x - 1, box.bottom), (x + thickness / 2, box.bottom + thickness / 2),
          (x + thickness + 1, box.bottom),
        ], scale.color(scale.range.lowerBound))
    }
    add(.image(Self.steps(scale, isVertical: true), box))
    frame(box)
    func place(_ value: Float) -> Double {
      box.bottom - 0.5 - scale.share(of: value) * (length - 1)
    }
    let size = 12.0
    for (value, text) in Ticks.spaced(scale.ticks, place: place, length: { _ in size * 1.25 }) {
      let middle = place(value)
      let label = Lettering(text, size: size)
      fill(
        Box(x: box.right + 1, y: (middle - 0.5).rounded(), width: 4, height: 1), .frame)
      self.text(label, x: box.right + 8, y: middle + label.capHeight / 2)
    }
  }

  /// The height that a horizontal color bar needs, with its labels.
  static let horizontalBarHeight = barThickness + 22

  /// Draws a color bar to the right, its ticks below and its unit after the ends.
  mutating func horizontalBar(
    _ scale: ColorScale, x: Double, y: Double, width: Double, isBelow: Bool, isAbove: Bool
  ) {
    let thickness = 10.0
    let unit = Lettering(scale.label, size: 11)
    let tail = unit.text.isEmpty ? 0 : unit.width + 8
    let left = x + (isBelow ? thickness / 2 : 0)
    let length = max(
      8, (x + width - left - tail - (isAbove ? thickness / 2 : 0)).rounded(.down))
    let box = Box(x: left, y: y, width: length, height: thickness)
    if isBelow {
      point(
        [(left, y - 1), (left - thickness / 2, y + thickness / 2), (left, y + thickness + 1)],
        scale.color(scale.range.lowerBound))
    }
    if isAbove {
      point(
        [
          (box.right, y - 1), (box.right + thickness / 2, y + thickness / 2),
          (box.right, y + thickness + 1),
        ], scale.color(scale.range.upperBound))
    }
    add(.image(Self.steps(scale, isVertical: false), box))
    frame(box)
    text(
      unit, x: box.right + (isAbove ? thickness / 2 : 0) + 6,
      y: y + thickness / 2 + unit.capHeight / 2)
    func place(_ value: Float) -> Double { left + 0.5 + scale.share(of: value) * (length - 1) }
    let end = max(x + width, box.right)
    /// Where the label of a tick is centered: one at an end stays within the width.
    func middle(_ value: Float, _ label: Lettering) -> Double {
      min(max(place(value), x + label.width / 2), end - label.width / 2)
    }
    // Where fine steps leave no space for three labels, coarse ones may.
    let (low, high) = (Double(scale.range.lowerBound), Double(scale.range.upperBound))
    let candidates =
      [scale.ticks]
      + [4.0001, 2.0001].map { most in
        Ticks.linear(from: low, to: high, most: most).map { (value: Float($0.value), $0.text) }
      }
    let fitting = candidates.map { ticks in
      Ticks.spaced(
        ticks.map { (value: (place: $0.0, label: Lettering($0.1, size: 11)), text: $0.1) },
        place: { middle($0.place, $0.label) }, length: { Lettering($0, size: 11).width + 6 })
    }
    let ticks = fitting.first { $0.count >= 3 } ?? fitting.max { $0.count < $1.count } ?? []
    for (tick, _) in ticks {
      let (value, label) = tick
      fill(
        Box(x: (place(value) - 0.5).rounded(), y: box.bottom + 1, width: 1, height: 3), .frame)
      self.text(
        label, x: middle(value, label), y: box.bottom + 6 + label.capHeight, anchor: .middle)
    }
  }

  private mutating func point(_ corners: [(Double, Double)], _ color: RGB) {
    let corners = corners.map { Point(x: $0.0, y: $0.1) }
    add(.polygon(corners, color))
    add(.line(corners, .frame, width: 1))
  }

  private static func steps(_ scale: ColorScale, isVertical: Bool) -> PNGImage {
    let colors = (0..<barSteps).map { step in
      let share = (Double(step) + 0.5) / Double(barSteps)
      return scale.color(scale.value(at: isVertical ? 1 - share : share))
    }
    return PNGImage(
      width: isVertical ? 1 : barSteps, height: isVertical ? barSteps : 1, channels: .rgb,
      pixels: colors.flatMap { [$0.red, $0.green, $0.blue] })
  }

  /// The height that a scale bar needs.
  static let scaleBarHeight = 18.0

  /// Draws a bar of a round length, at most 40 % of a map, and its length beside it.
  /// - Parameters:
  ///   - mapPixels: columns of the map.
  ///   - width: of the map in the picture.
  ///   - pixelSizeMeters: `nil` if unknown; the bar then counts pixels.
  mutating func scaleBar(
    x: Double, y: Double, mapPixels: Int, width: Double, pixelSizeMeters: Double?
  ) {
    let total = Double(mapPixels) * (pixelSizeMeters ?? 1)
    guard total > 0, total.isFinite, width > 24 else { return }
    let limit = total * 0.4
    let power = pow(10, floor(log10(limit)))
    let length = ([5, 2, 1].first { $0 * power <= limit } ?? 1) * power
    let name =
      pixelSizeMeters == nil
      ? String(format: "%g px", length)
      : length >= 1000
        ? String(format: "%g km", length / 1000)
        : String(format: length < 1 ? "%.1g m" : "%g m", length)
    let extent = (width * length / total).rounded()
    let middle = y + 9
    fill(Box(x: x, y: middle - 1, width: extent, height: 2), .ink)
    for end in [x, x + extent - 1] {
      fill(Box(x: end, y: middle - 4, width: 1, height: 8), .ink)
    }
    let label = Lettering(name, fitting: width - extent - 6, size: 11)
    text(label, x: x + extent + 6, y: middle + label.capHeight / 2)
  }
}
