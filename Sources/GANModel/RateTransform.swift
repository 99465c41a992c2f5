import TorchCore

/// How rates in cm/yr become the numbers that the networks see, and back.
///
/// A generator without output activation starts with a standard deviation near 0.5, so rates are
/// divided by a scale that brings the training patches there. Kept in every checkpoint.
public struct RateTransform: Sendable, Equatable, Codable {
  public enum Curve: String, Sendable, Codable, CaseIterable {
    case linear
    /// sign(x) sqrt(|x|): takes the weight off a few very fast pixels.
    case signedSquareRoot
  }
  /// The rate that becomes 1.
  public var scaleCMPerYear: Double
  public var curve: Curve
  /// How far short wavelengths are lifted, 0 to 2: see `SpectralFlattening`. 0 leaves them.
  public var flattening: Double

  public init(scaleCMPerYear: Double, curve: Curve = .linear, flattening: Double = 0) {
    self.scaleCMPerYear = scaleCMPerYear
    self.curve = curve
    self.flattening = flattening
  }

  /// Models from before `flattening` have none.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    scaleCMPerYear = try values.decode(Double.self, forKey: .scaleCMPerYear)
    curve = try values.decode(Curve.self, forKey: .curve)
    flattening = try values.decodeIfPresent(Double.self, forKey: .flattening) ?? 0
  }

  public func faults() -> [String] {
    var faults: [String] = []
    if !(scaleCMPerYear.isFinite && scaleCMPerYear > 0) {
      faults.append("scaleCMPerYear is \(scaleCMPerYear): use a positive number")
    }
    return faults + Self.faults(flattening: flattening)
  }

  public static func faults(flattening: Double) -> [String] {
    (0...2).contains(flattening) ? [] : ["flattening is \(flattening): use 0 to 2"]
  }

  /// cm/yr -> network values; with flattening, square images [N, 1, S, S].
  public func encode(_ rates: Tensor) throws -> Tensor {
    let scaled = try rates / scaleCMPerYear
    let curved = curve == .linear ? scaled : try scaled.sign() * scaled.abs().sqrt()
    return try SpectralFlattening(exponent: flattening).apply(curved)
  }

  /// Network values -> cm/yr.
  public func decode(_ values: Tensor) throws -> Tensor {
    let curved = try SpectralFlattening(exponent: flattening).invert(values)
    let scaled = curve == .linear ? curved : try curved * curved.abs()
    return try scaled * scaleCMPerYear
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
    return try curve == .linear
      ? values + offsets / scaleCMPerYear : encode(decode(values) + offsets)
  }
}
