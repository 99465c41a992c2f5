import Foundation

/// A training image as smooth as the spacing of a level's pixels, at its full number of pixels.
struct ImageLevel: Sendable {
  /// Image pixels between neighbors of the level.
  let spacing: Int
  /// With a mirrored border, so that all surroundings of a place have values; holes are filled.
  let values: [Float]
  /// From a place to its surroundings in `values`, row by row.
  let offsets: [Int]
  private let stride: Int
  private let border: Int

  /// The index in `values` of a place of the image; it may lie in the border.
  @inline(__always)
  func index(_ row: Int, _ column: Int) -> Int { (row + border) * stride + column + border }

  /// The sum of the square differences of the surroundings of a place from `wanted`; at least `limit`,
  /// and not complete, if it reaches that.
  @inline(__always)
  func square(
    from place: Int, _ values: UnsafeBufferPointer<Float>, _ wanted: [Float], below limit: Float
  ) -> Float {
    var sum: Float = 0
    var item = 0
    while item < offsets.count {
      // Five at a time: a row of the surroundings.
      for next in item..<item + 5 {
        let difference = values[place + offsets[next]] - wanted[next]
        sum += difference * difference
      }
      if sum >= limit { return sum }
      item += 5
    }
    return sum
  }

  /// The levels for some spacings, in the order given.
  static func levels(of image: TrainingImage, spacings: [Int], reach: Int) -> [ImageLevel] {
    let filled = SmoothImage(filling: image)
    // Each is smoothed from the one before: deviations of Gaussians add up as squares.
    var (smooth, deviation) = (filled, 0.0)
    var found: [Int: ImageLevel] = [:]
    for spacing in spacings.sorted() {
      let wanted = spacing == 1 ? 0 : Double(spacing) / 2
      if wanted > deviation {
        smooth = smooth.smoothed(
          deviationPixels: (wanted * wanted - deviation * deviation).squareRoot())
        deviation = wanted
      }
      found[spacing] = ImageLevel(smooth, spacing: spacing, reach: reach)
    }
    return spacings.compactMap { found[$0] }
  }

  private init(_ image: SmoothImage, spacing: Int, reach: Int) {
    self.spacing = spacing
    border = reach * spacing
    stride = image.width + 2 * border
    offsets = (-reach...reach).flatMap { [stride] y in
      (-reach...reach).map { y * spacing * stride + $0 * spacing }
    }
    var values: [Float] = []
    values.reserveCapacity(stride * (image.height + 2 * border))
    for row in -border..<image.height + border {
      let source = Self.mirrored(row, image.height) * image.width
      for column in -border..<image.width + border {
        values.append(image.values[source + Self.mirrored(column, image.width)])
      }
    }
    self.values = values
  }

  /// The index within 0..<count that an index beyond is mirrored to; it lies at most `count` beyond.
  static func mirrored(_ index: Int, _ count: Int) -> Int {
    let inside = index < 0 ? -1 - index : index >= count ? 2 * count - 1 - index : index
    return min(max(inside, 0), count - 1)
  }
}

/// A map without holes that can be smoothed.
struct SmoothImage {
  let width: Int
  let height: Int
  private(set) var values: [Float]

  /// Holes get means of the data around them, over the smallest square that has any.
  init(filling image: TrainingImage) {
    (width, height, values) = (image.width, image.height, image.values)
    guard values.contains(where: \.isNaN) else { return }
    // Sums of the data and their numbers above and left of each pixel.
    var (sums, counts) = (
      [Double](repeating: 0, count: (width + 1) * (height + 1)),
      [Double](repeating: 0, count: (width + 1) * (height + 1))
    )
    let stride = width + 1
    for row in 0..<height {
      for column in 0..<width {
        let value = image.values[row * width + column]
        let place = (row + 1) * stride + column + 1
        sums[place] =
          sums[place - 1] + sums[place - stride] - sums[place - stride - 1]
          + (value.isNaN ? 0 : Double(value))
        counts[place] =
          counts[place - 1] + counts[place - stride] - counts[place - stride - 1]
          + (value.isNaN ? 0 : 1)
      }
    }
    for row in 0..<height {
      for column in 0..<width where image.values[row * width + column].isNaN {
        var reach = 1
        while true {
          let (top, left) = (max(row - reach, 0), max(column - reach, 0))
          let (bottom, right) = (min(row + reach + 1, height), min(column + reach + 1, width))
          func total(_ table: [Double]) -> Double {
            table[bottom * stride + right] - table[top * stride + right]
              - table[bottom * stride + left] + table[top * stride + left]
          }
          let count = total(counts)
          if count > 0.5 {
            values[row * width + column] = Float(total(sums) / count)
            break
          }
          reach *= 2
        }
      }
    }
  }

  /// Convolved with a Gaussian, mirrored at the borders.
  func smoothed(deviationPixels: Double) -> SmoothImage {
    let radius = max(1, Int((3 * deviationPixels).rounded(.up)))
    var weights = (-radius...radius).map {
      Float(exp(-0.5 * (Double($0) / deviationPixels) * (Double($0) / deviationPixels)))
    }
    let sum = weights.reduce(0, +)
    weights = weights.map { $0 / sum }
    var (rows, result) = (values, self)
    for row in 0..<height {
      for column in 0..<width {
        var total: Float = 0
        for (item, weight) in weights.enumerated() {
          let source = ImageLevel.mirrored(column + item - radius, width)
          total += weight * values[row * width + source]
        }
        rows[row * width + column] = total
      }
    }
    for row in 0..<height {
      let target = row * width
      for column in 0..<width { result.values[target + column] = 0 }
      for (item, weight) in weights.enumerated() {
        let source = ImageLevel.mirrored(row + item - radius, height) * width
        for column in 0..<width { result.values[target + column] += weight * rows[source + column] }
      }
    }
    return result
  }
}
