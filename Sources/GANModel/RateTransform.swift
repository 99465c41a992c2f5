import TorchCore

/// How rates in cm/yr become the numbers that the networks see, and back.
///
/// Three steps, each invertible: short wavelengths are lifted (`SpectralFlattening`), what is large is
/// compressed, and a scale brings the training patches to the spread that the generator, which has no
/// output activation, starts near. Kept in every checkpoint and model.
public struct RateTransform: Sendable, Equatable, Codable {
  /// The rate that becomes 1, where nothing is compressed.
  public var scaleCMPerYear: Double
  /// How far short wavelengths are lifted, 0 to 2. 0 leaves them.
  public var flattening: Double
  /// Values beyond it are compressed, in the end to the square root; 0 leaves all as they are.
  ///
  /// With x the lifted rate and c the knee, x becomes sign(x) c (sqrt(1 + 2|x|/c) - 1): x itself while it is
  /// small, and without the infinite slope at 0 of a root. Its inverse is a parabola, so that an output
  /// that is a little too large does not run away as an exponential would.
  /// See docs/decisions/0013-compressed-amplitudes.md.
  public var kneeCMPerYear: Double

  public init(scaleCMPerYear: Double, flattening: Double = 0, kneeCMPerYear: Double = 0) {
    self.scaleCMPerYear = scaleCMPerYear
    self.flattening = flattening
    self.kneeCMPerYear = kneeCMPerYear
  }

  public func faults() -> [String] {
    var faults: [String] = []
    if !(scaleCMPerYear.isFinite && scaleCMPerYear > 0) {
      faults.append("scaleCMPerYear is \(scaleCMPerYear): use a positive number")
    }
    if !(kneeCMPerYear.isFinite && kneeCMPerYear >= 0) {
      faults.append("kneeCMPerYear is \(kneeCMPerYear): use 0 or a positive number")
    }
    return faults + Self.faults(flattening: flattening)
  }

  public static func faults(flattening: Double) -> [String] {
    (0...2).contains(flattening) ? [] : ["flattening is \(flattening): use 0 to 2"]
  }

  /// cm/yr -> network values; with flattening, square images [N, 1, S, S].
  public func encode(_ rates: Tensor) throws -> Tensor {
    try compressed(SpectralFlattening(exponent: flattening).apply(rates)) / scaleCMPerYear
  }

  /// Network values -> cm/yr.
  public func decode(_ values: Tensor) throws -> Tensor {
    try SpectralFlattening(exponent: flattening).invert(expanded(values * scaleCMPerYear))
  }

  private func compressed(_ values: Tensor) throws -> Tensor {
    kneeCMPerYear > 0 ? try Companding(knee: kneeCMPerYear).compress(values) : values
  }

  private func expanded(_ values: Tensor) throws -> Tensor {
    kneeCMPerYear > 0 ? try Companding(knee: kneeCMPerYear).expand(values) : values
  }

  /// Adds a rate to each image of a batch of network values, as if it had been added in cm/yr.
  ///
  /// - Parameter offsetsCMPerYear: one number an image.
  /// - Throws: `TorchError.shape` for another count than the batch has images.
  public func shift(_ values: Tensor, byCMPerYear offsetsCMPerYear: [Float]) throws -> Tensor {
    guard values.shape.first == offsetsCMPerYear.count else {
      throw TorchError.shape(
        "shift", expected: "a batch of \(offsetsCMPerYear.count) images", got: values.shape)
    }
    guard offsetsCMPerYear.contains(where: { $0 != 0 }) else { return values }
    let offsets = try Tensor(offsetsCMPerYear, shape: [offsetsCMPerYear.count, 1, 1, 1])
      .to(device: values.device)
    // Flattening leaves the mean of an image as it is.
    return try kneeCMPerYear == 0
      ? values + offsets / scaleCMPerYear : encode(decode(values) + offsets)
  }
}
