import Kernel

/// Stationary Gaussian random fields of a given spectrum, made in the frequency domain.
///
/// Complex white noise is drawn for the half spectrum, multiplied by the square root of the power
/// and transformed back (`cpl_field`). The transformed grid is `padding` times as large as the
/// fields, to reduce the correlation of opposite edges. Over the padded grid the mean is 0 and the
/// expected standard deviation is `deviation`; that of a single field is smaller if the outer scale
/// exceeds the field.
/// Source: spectral synthesis, Saupe in The Science of Fractal Images, 1988.
package struct RandomField: Sendable {
  let width: Int
  let height: Int
  let paddedWidth: Int
  let paddedHeight: Int
  /// The factors of the complex white noise, in the layout of `cpl_field`.
  private let factors: [Float]
  private let down: FieldTransform
  private let across: FieldTransform

  /// - Throws: `InSARPhaseError.settings` if the spectrum overflows on this grid.
  package init(
    width: Int, height: Int, pixelSizeMeters: Double, spectrum: TurbulenceSpectrum,
    deviation: Double = 1, padding: Double = 2
  ) throws {
    self.width = width
    self.height = height
    paddedWidth = Self.fastLength(Int((Double(width) * padding).rounded(.up)))
    paddedHeight = Self.fastLength(Int((Double(height) * padding).rounded(.up)))
    down = try FieldTransform(length: paddedHeight)
    across = try FieldTransform(length: paddedWidth)
    factors = try Self.factors(
      width: paddedWidth, height: paddedHeight, pixelSizeMeters: pixelSizeMeters,
      spectrum: spectrum, deviation: deviation)
  }

  /// The field of a key, [height x width].
  /// - Throws: `InSARPhaseError.outOfMemory`.
  package func field(_ key: CounterRandom) throws -> [Float] {
    try Planes.filled(height * width) { out in
      var random = VectorRandom(key)
      let isMade = random.fillField(
        out, rows: height, columns: width, down: down, across: across, factors: factors)
      guard isMade else {
        throw InSARPhaseError.outOfMemory(
          purpose: "a random field of \(paddedHeight) x \(paddedWidth) pixels")
      }
    }
  }

  /// The smallest even number of at least `count` without prime factors above 5: transforms of such
  /// lengths are fast.
  static func fastLength(_ count: Int) -> Int {
    var candidate = max(2, count + count % 2)
    while true {
      var rest = candidate
      for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
      if rest == 1 { return candidate }
      candidate += 2
    }
  }

  private static func factors(
    width: Int, height: Int, pixelSizeMeters: Double, spectrum: TurbulenceSpectrum,
    deviation: Double
  ) throws -> [Float] {
    let columns = width / 2 + 1
    var amplitudes = [Double](repeating: 0, count: height * columns)
    var variance = 0.0
    for row in 0..<height {
      // Rows run from north to south.
      let signed = row <= height / 2 ? row : row - height
      let north = -Double(signed) / (Double(height) * pixelSizeMeters)
      for column in 0..<columns where row + column > 0 {
        let east = Double(column) / (Double(width) * pixelSizeMeters)
        let power = spectrum.power(east: east, north: north)
        let isEdge = column == 0 || column == width / 2
        amplitudes[row * columns + column] = power.squareRoot()
        variance += isEdge ? power : 2 * power
      }
    }
    guard variance > 0, variance.isFinite else {
      throw InSARPhaseError.settings(
        faults: ["the total power of the spectrum is \(variance); give smaller slopes"])
    }
    // A complex draw has variance 2. The edge columns are their own mirror images and keep half of
    // it.
    let inner = deviation / (2 * variance).squareRoot()
    let edge = deviation / variance.squareRoot()
    // Sixteen columns at a time: [blocks, height, 16].
    var factors = [Float](repeating: 0, count: (columns + 15) / 16 * 16 * height)
    for row in 0..<height {
      for column in 0..<columns {
        let isEdge = column == 0 || column == width / 2
        factors[(column / 16 * height + row) * 16 + column % 16] = Float(
          amplitudes[row * columns + column] * (isEdge ? edge : inner))
      }
    }
    return factors
  }
}
