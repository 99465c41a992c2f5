import Rasters
import TorchCore

/// Converts rates in cm/yr, or values of another quantity in its unit, to network values and back.
///
/// Other quantities first go through their transform to numbers without bounds (`QuantityTransform`),
/// and their mean is subtracted; "cm/yr" below then means these numbers. Three steps follow, each
/// invertible: spectral whitening boosts short wavelengths
/// (`SpectralFlattening`), companding compresses large values, and a scale gives the training
/// patches the initial output spread of the generator, which has no output activation. Stored in
/// every checkpoint and model. A map of several quantities has a transform for each of them.
package struct RateTransform: Sendable, Equatable, Codable {
  /// The rate in cm/yr that becomes 1 without companding.
  package var scaleCMPerYear: Double
  /// Exponent of the spectral whitening, 0 to 2; 0 turns it off.
  package var flattening: Double
  /// The knee of the companding in cm/yr: larger values are compressed, asymptotically to a square
  /// root; 0 turns it off.
  ///
  /// With x the whitened rate and c the knee, x becomes sign(x) c (sqrt(1 + 2|x|/c) - 1), which is
  /// nearly x for small values, without the infinite slope of a root at 0. The inverse is a
  /// parabola, so that a slightly too large output does not grow exponentially. See
  /// docs/decisions/0013-compressed-amplitudes.md.
  package var kneeCMPerYear: Double
  /// What the values measure; `nil`: rates.
  package private(set) var quantity: Quantity?
  /// The mean of the training patches after the quantity's transform, which is subtracted; `nil`: 0.
  package var center: Double?
  /// The transforms of a map's further channels, each of one quantity; `nil`: maps have one channel.
  package var others: [RateTransform]?

  /// What the values measure.
  package var measured: Quantity { quantity ?? .rate }
  /// One for each channel of a map.
  package var channels: [RateTransform] { [alone] + (others ?? []) }
  /// What each channel of a map measures.
  package var quantities: [Quantity] { channels.map(\.measured) }

  /// That of the first channel.
  private var alone: RateTransform {
    var copy = self
    copy.others = nil
    return copy
  }

  /// The same for values of a quantity.
  package func measuring(_ quantity: Quantity) -> RateTransform {
    var copy = self
    copy.quantity = quantity == .rate ? nil : quantity
    return copy
  }

  package init(scaleCMPerYear: Double, flattening: Double = 0, kneeCMPerYear: Double = 0) {
    self.scaleCMPerYear = scaleCMPerYear
    self.flattening = flattening
    self.kneeCMPerYear = kneeCMPerYear
  }

  package func faults() -> [String] {
    var faults: [String] = []
    if !(scaleCMPerYear.isFinite && scaleCMPerYear > 0) {
      faults.append("scaleCMPerYear is \(scaleCMPerYear): use a positive number")
    }
    if !(kneeCMPerYear.isFinite && kneeCMPerYear >= 0) {
      faults.append("kneeCMPerYear is \(kneeCMPerYear): use 0 or a positive number")
    }
    if let center, !center.isFinite { faults.append("center is \(center): use a finite number") }
    if let others {
      if Set(quantities).count != quantities.count || others.isEmpty
        || others.contains(where: { $0.others != nil })
      {
        faults.append("others do not have one transform for each further quantity")
      }
      faults += others.flatMap { $0.alone.faults() }
    }
    return faults + Self.faults(flattening: flattening)
  }

  package static func faults(flattening: Double) -> [String] {
    (0...2).contains(flattening) ? [] : ["flattening is \(flattening): use 0 to 2"]
  }

  /// Values in the unit of the quantity, with rates cm/yr -> network values; with whitening, images must be
  /// square: [N, C, S, S] with a channel for each quantity.
  package func encode(_ rates: Tensor) throws -> Tensor {
    if others != nil { return try eachChannel(of: rates) { try $0.encode($1) } }
    return try compressed(SpectralFlattening(exponent: flattening).apply(unbounded(rates)))
      / scaleCMPerYear
  }

  /// Network values -> values in the unit of the quantity, within its range; with rates cm/yr.
  package func decode(_ values: Tensor) throws -> Tensor {
    if others != nil { return try eachChannel(of: values) { try $0.decode($1) } }
    return try bounded(
      SpectralFlattening(exponent: flattening).invert(expanded(values * scaleCMPerYear)))
  }

  private func eachChannel(
    of images: Tensor, _ body: (RateTransform, Tensor) throws -> Tensor
  ) throws -> Tensor {
    let channels = channels
    guard images.shape.count == 4, images.shape[1] == channels.count else {
      throw TorchError.shape(
        "transform", expected: "images [N, \(channels.count), S, S]", got: images.shape)
    }
    return try .concatenate(
      channels.enumerated().map { try body($1, images.narrow(1, from: $0, length: 1)) }, 1)
  }

  private func unbounded(_ values: Tensor) throws -> Tensor {
    let numbers = try measured.transform.forward(values)
    return try center.map { try numbers - $0 } ?? numbers
  }

  private func bounded(_ numbers: Tensor) throws -> Tensor {
    try measured.transform.inverse(center.map { try numbers + $0 } ?? numbers)
  }

  private func compressed(_ values: Tensor) throws -> Tensor {
    kneeCMPerYear > 0 ? try Companding(knee: kneeCMPerYear).compress(values) : values
  }

  private func expanded(_ values: Tensor) throws -> Tensor {
    kneeCMPerYear > 0 ? try Companding(knee: kneeCMPerYear).expand(values) : values
  }

  /// Adds a rate to each image of a batch of network values, as if it had been added in cm/yr; to the
  /// first channel only.
  ///
  /// - Parameter offsetsCMPerYear: one number per image.
  /// - Throws: `TorchError.shape` unless there is one number for each image of the batch.
  package func shift(_ values: Tensor, byCMPerYear offsetsCMPerYear: [Float]) throws -> Tensor {
    guard values.shape.first == offsetsCMPerYear.count else {
      throw TorchError.shape(
        "shift", expected: "a batch of \(offsetsCMPerYear.count) images", got: values.shape)
    }
    guard offsetsCMPerYear.contains(where: { $0 != 0 }) else { return values }
    if let others {
      let first = try alone.shift(
        values.narrow(1, from: 0, length: 1), byCMPerYear: offsetsCMPerYear)
      return try .concatenate([first, values.narrow(1, from: 1, length: others.count)], 1)
    }
    let offsets = try Tensor(offsetsCMPerYear, shape: [offsetsCMPerYear.count, 1, 1, 1])
      .to(device: values.device)
    // Whitening does not change the mean of an image.
    return try kneeCMPerYear == 0
      ? values + offsets / scaleCMPerYear : encode(decode(values) + offsets)
  }
}
