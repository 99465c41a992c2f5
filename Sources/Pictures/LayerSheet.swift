import Rasters

/// Several layers of several samples: a line for each sample, a column for each layer, and one color
/// bar for each column.
///
/// It is the contact sheet of a stack or of a dataset for machine learning: rate, wrapped phase,
/// coherence and every component.
package struct LayerSheet: Sendable {
  /// A column.
  package struct Layer: Sendable {
    /// Such as `wrapped`; the heading, and what chooses the color map.
    package var name: String
    /// Such as `rad`; `1` for a number without dimension.
    package var unit: String

    package init(name: String, unit: String) {
      self.name = name
      self.unit = unit
    }
  }

  /// A line.
  package struct Sample: Sendable {
    /// What is known about it, such as its dates.
    package var label: String
    package var width: Int
    package var height: Int
    /// Row-major values of each layer, NaN where there is no data; `nil` if the sample lacks it.
    package var planes: [[Float]?]

    package init(label: String, width: Int, height: Int, planes: [[Float]?]) {
      self.label = label
      self.width = width
      self.height = height
      self.planes = planes
    }
  }

  private let layers: [Layer]
  private let samples: [Sample]
  private let title: String
  private let pixelSizeMeters: Double?
  private let scales: [ColorScale]
  private let side: Double

  private static let margin = 16.0
  private static let gap = 8.0
  private static let labelHeight = 20.0

  /// - Parameters:
  ///   - limits: of the color scales of named layers, in place of robust ones.
  ///   - side: the length of the longer side of a map.
  package init(
    layers: [Layer], samples: [Sample], title: String, pixelSizeMeters: Double? = nil,
    limits: [String: ClosedRange<Float>] = [:], side: Double = 150
  ) {
    self.layers = layers
    self.samples = samples
    self.title = title
    self.pixelSizeMeters = pixelSizeMeters
    self.side = side
    scales = layers.indices.map { index in
      let values = samples.flatMap { ColorScale.thinned($0.planes[index] ?? [], most: 1 << 16) }
      let (name, unit) = (layers[index].name, layers[index].unit)
      return ColorScale.choice(
        Self.kind(name, unit, values), values: values, unit: unit, limits: limits[name])
    }
  }

  /// Names of layers are ours: only these are cyclic, even where a component lies within -pi and pi.
  private static let wrappedNames = ["wrapped", "filtered", "clean"]

  private static func kind(_ name: String, _ unit: String, _ values: [Float]) -> MapKind {
    let kind = ColorScale.kind(name: name, unit: unit, values: values)
    let isWrapped = wrappedNames.contains { name.lowercased().hasPrefix($0) } && unit == "rad"
    if isWrapped != (kind == .cyclic) { return isWrapped ? .cyclic : .diverging }
    return kind == .sequential && unit == "rad" ? .diverging : kind
  }

  /// - Parameter scale: image pixels for each pixel of the picture, which maps fit.
  package func drawing(scale: Int = 1) -> Drawing {
    let longest = max(1, samples.map { max($0.width, $0.height) }.max() ?? 1)
    let fit = MapFit(longest: longest, side: side, scale: scale)
    let sizes = samples.map { fit.size($0.width, $0.height) }
    let cellWidth = max(sizes.map(\.width).max() ?? side, 96)
    let head = Lettering(title, size: 16, isBold: true)
    let columns = Double(layers.count)
    let width = max(columns * (cellWidth + Self.gap) - Self.gap, 240)
    let headHeight = (title.isEmpty ? 0 : 30.0) + 20
    let body = sizes.reduce(0) { $0 + Self.labelHeight + $1.height + Self.gap }
    var drawing = Drawing(
      width: 2 * Self.margin + width,
      height: 2 * Self.margin + headHeight + body + 6 + Drawing.horizontalBarHeight
        + Drawing.scaleBarHeight)
    drawing.text(
      Lettering(title, fitting: width, size: 16, isBold: true), x: Self.margin,
      y: Self.margin + head.capHeight)
    func x(_ column: Int) -> Double { Self.margin + Double(column) * (cellWidth + Self.gap) }
    for (column, layer) in layers.enumerated() {
      let heading = Lettering(
        layer.name.map { $0 == "_" ? " " : String($0) }.joined(), fitting: cellWidth + 4,
        size: 12, isBold: true)
      drawing.text(heading, x: x(column), y: Self.margin + headHeight - 8)
    }
    var y = Self.margin + headHeight
    var beyond = layers.map { _ in (below: false, above: false) }
    for (sample, size) in zip(samples, sizes) {
      let label = Lettering(sample.label, fitting: width, size: 12, endShare: 0)
      drawing.text(label, x: Self.margin, y: y + 14)
      for (column, plane) in sample.planes.enumerated() {
        guard let plane else { continue }
        let image = MapImage(
          Raster(width: sample.width, height: sample.height, values: plane),
          scale: scales[column], shrink: fit.shrink)
        let box = Drawing.Box(
          x: x(column), y: y + Self.labelHeight, width: size.width, height: size.height)
        drawing.add(.image(image.image, box))
        drawing.frame(box)
        beyond[column].below = beyond[column].below || image.isBelow
        beyond[column].above = beyond[column].above || image.isAbove
      }
      y += Self.labelHeight + size.height + Self.gap
    }
    y += 6
    for (column, layerScale) in scales.enumerated() {
      drawing.horizontalBar(
        layerScale, x: x(column), y: y, width: cellWidth, isBelow: beyond[column].below,
        isAbove: beyond[column].above)
    }
    if let first = samples.first, let size = sizes.first {
      drawing.scaleBar(
        x: Self.margin, y: y + Drawing.horizontalBarHeight, mapPixels: first.width,
        width: size.width, pixelSizeMeters: pixelSizeMeters)
    }
    return drawing
  }
}
