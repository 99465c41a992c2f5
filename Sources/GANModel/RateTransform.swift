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

  public init(scaleCMPerYear: Double, curve: Curve = .linear) {
    self.scaleCMPerYear = scaleCMPerYear
    self.curve = curve
  }

  public func faults() -> [String] {
    scaleCMPerYear.isFinite && scaleCMPerYear > 0
      ? [] : ["scaleCMPerYear is \(scaleCMPerYear): use a positive number"]
  }

  /// cm/yr -> network values.
  public func encode(_ rates: Tensor) throws -> Tensor {
    let scaled = try rates / scaleCMPerYear
    return curve == .linear ? scaled : try scaled.sign() * scaled.abs().sqrt()
  }

  /// Network values -> cm/yr.
  public func decode(_ values: Tensor) throws -> Tensor {
    let scaled = curve == .linear ? values : try values * values.abs()
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
    return try curve == .linear
      ? values + offsets / scaleCMPerYear : encode(decode(values) + offsets)
  }
}
