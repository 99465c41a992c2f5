import RunSupport
import TorchCore

/// Stationary Gaussian random fields of a given spectrum, made in the frequency domain.
///
/// Complex white noise is drawn for the half spectrum, multiplied by the root of the power and
/// transformed back. The grid that is transformed is `padding` times as large as the fields, so that
/// their opposite edges have less in common. The values' expected standard deviation is 1 over the
/// padded grid, whose mean is 0; a single field's is smaller where the outer scale exceeds the field.
/// Source: spectral synthesis, Saupe in The Science of Fractal Images, 1988.
struct RandomField: Sendable {
  let width: Int
  let height: Int
  let paddedWidth: Int
  let paddedHeight: Int
  /// What white noise is multiplied by: [paddedHeight, paddedWidth / 2 + 1, 2], the last two equal.
  let filter: [Float]

  /// - Throws: `InSARPhaseError.settings` when the spectrum overflows on this grid.
  init(
    width: Int, height: Int, pixelSizeMeters: Double, spectrum: TurbulenceSpectrum,
    padding: Double = 2
  ) throws {
    self.width = width
    self.height = height
    paddedWidth = Self.fastLength(Int((Double(width) * padding).rounded(.up)))
    paddedHeight = Self.fastLength(Int((Double(height) * padding).rounded(.up)))
    filter = try Self.filter(
      width: paddedWidth, height: paddedHeight, pixelSizeMeters: pixelSizeMeters,
      spectrum: spectrum)
  }

  /// Numbers to draw for one field.
  var drawsPerField: Int { paddedHeight * (paddedWidth / 2 + 1) * 2 }

  /// One field for each key: [keys, height, width] on `device`.
  func fields(_ keys: [CounterRandom], filter: Tensor, device: Device) throws -> Tensor {
    let columns = paddedWidth / 2 + 1
    let noise = try Tensor.filled([keys.count, paddedHeight, columns, 2]) { buffer in
      for (index, key) in keys.enumerated() {
        var random = VectorRandom(key)
        let start = index * drawsPerField
        random.fillNormal(
          UnsafeMutableBufferPointer(rebasing: buffer[start..<start + drawsPerField]))
      }
    }
    let spectrum = try (noise.to(device: device) * filter).viewedAsComplex()  // [N, H, W/2 + 1]
    let whole = try spectrum.irfft2(height: paddedHeight, width: paddedWidth)  // [N, H, W]
    let rows = try whole.narrow(1, from: 0, length: height)
    return try rows.narrow(2, from: 0, length: width)
  }

  func filterTensor(device: Device) throws -> Tensor {
    try Tensor(filter, shape: [1, paddedHeight, paddedWidth / 2 + 1, 2], device: device)
  }

  /// One field, row-major.
  func field(_ key: CounterRandom) throws -> [Float] {
    try fields([key], filter: filterTensor(device: .cpu), device: .cpu).floats()
  }

  /// The smallest even number of at least `count` without prime factors above 5: such transforms
  /// are fast.
  static func fastLength(_ count: Int) -> Int {
    var candidate = max(2, count + count % 2)
    while true {
      var rest = candidate
      for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
      if rest == 1 { return candidate }
      candidate += 2
    }
  }

  private static func filter(
    width: Int, height: Int, pixelSizeMeters: Double, spectrum: TurbulenceSpectrum
  ) throws -> [Float] {
    let columns = width / 2 + 1
    var amplitudes = [Double](repeating: 0, count: height * columns)
    var variance = 0.0
    for row in 0..<height {
      // Rows run south.
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
        faults: ["the spectrum has the total power \(variance); give gentler slopes"])
    }
    // The inverse transform divides by the number of pixels. A complex draw has variance 2, of which
    // the edge columns, being their own mirror images, keep half.
    let pixels = Double(width * height)
    let inner = pixels / (2 * variance).squareRoot()
    let edge = pixels / variance.squareRoot()
    var filter: [Float] = []
    filter.reserveCapacity(2 * amplitudes.count)
    for row in 0..<height {
      for column in 0..<columns {
        let isEdge = column == 0 || column == width / 2
        let value = Float(amplitudes[row * columns + column] * (isEdge ? edge : inner))
        filter.append(value)
        filter.append(value)
      }
    }
    return filter
  }
}
