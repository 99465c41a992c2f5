import Foundation
import Kernel
import TorchCore

/// A map whose atmosphere is known, [size x size] each, in cm of displacement in the line of sight; NaN
/// where there are no data.
package struct AtmosphereSample: Sendable, Equatable {
  package var size: Int
  package var deformationCM: [Float]
  /// What the atmosphere adds to it.
  package var atmosphereCM: [Float]

  package init(size: Int, deformationCM: [Float], atmosphereCM: [Float]) {
    (self.size, self.deformationCM, self.atmosphereCM) = (size, deformationCM, atmosphereCM)
  }

  package var withAtmosphereCM: [Float] { zip(deformationCM, atmosphereCM).map { $0 + $1 } }
}

/// The two sets of maps of a training, by number: with atmosphere and without. Maps are [size x size] in
/// cm, NaN where there are no data.
///
/// Composed sets never end; those of files begin again.
package struct AtmosphereSamples: Sendable {
  package typealias Map = @Sendable (_ number: Int) throws -> [Float]

  package let size: Int
  /// For checkpoints: the same identity gives the same samples.
  package let identity: String
  /// Maps of each set; `nil`: without end.
  package let withCount: Int?
  package let withoutCount: Int?
  package let with: Map
  package let without: Map
  /// Maps whose atmosphere is known; `nil` for measured sets.
  package let known: (@Sendable (_ number: Int) throws -> AtmosphereSample)?
  package let knownCount: Int?

  package init(
    size: Int, identity: String, withCount: Int?, with: @escaping Map, withoutCount: Int?,
    without: @escaping Map
  ) {
    (self.size, self.identity) = (size, identity)
    (self.withCount, self.with) = (withCount, with)
    (self.withoutCount, self.without) = (withoutCount, without)
    (known, knownCount) = (nil, nil)
  }

  /// Sets without pairs, made of samples whose atmosphere is known: of no sample both maps are used.
  ///
  /// - Parameter count: even samples are for one set, odd ones for the other; `nil`: without end.
  package init(
    size: Int, identity: String, count: Int? = nil,
    known: @escaping @Sendable (_ number: Int) throws -> AtmosphereSample
  ) {
    (self.size, self.identity, self.known, knownCount) = (size, identity, known, count)
    guard let count else {
      (withCount, withoutCount) = (nil, nil)
      with = { try known($0).withAtmosphereCM }
      without = { try known($0 + Self.distance).deformationCM }
      return
    }
    (withCount, withoutCount) = ((count + 1) / 2, count / 2)
    with = { try known(2 * $0).withAtmosphereCM }
    without = { try known(2 * $0 + 1).deformationCM }
  }

  /// Between the numbers of the two sets of a recipe; a prime, so that both go through all rate maps.
  private static let distance = 1_000_000_007
}

/// Maps of a training step, as plain numbers that may be passed between threads.
package struct AtmosphereBatch: Sendable, Equatable {
  let size: Int
  /// [count, size, size] in cm, NaN where there are no data; of the set with atmosphere and of that without.
  var with: [Float] = []
  var without: [Float] = []
  var withChanges: [SampleChange] = []
  var withoutChanges: [SampleChange] = []

  /// As networks see them.
  func planes(scaleCM: Double) throws -> (with: AtmospherePlanes, without: AtmospherePlanes) {
    (
      try Self.planes(with, withChanges, size, scaleCM),
      try Self.planes(without, withoutChanges, size, scaleCM)
    )
  }

  private static func planes(
    _ values: [Float], _ changes: [SampleChange], _ size: Int, _ scaleCM: Double
  ) throws -> AtmospherePlanes {
    let all = try Tensor(values, shape: [changes.count, 1, size, size])
    let turned = try Tensor.stack(
      changes.enumerated().map { number, change in
        try change.turned(all.narrow(0, from: number, length: 1).squeeze(0)) * Double(change.sign)
      })
    return try planes(ofCM: turned, scaleCM)
  }

  /// - Parameter values: [N, 1, H, W] in cm, NaN where there are no data.
  static func planes(ofCM values: Tensor, _ scaleCM: Double) throws -> AtmospherePlanes {
    let isValid = try values.isFinite()
    let valid = try isValid.to(dtype: .float32)
    let filled = try Tensor.choose(
      isValid, values, .zeros(values.shape, device: values.device))
    let count = try valid.sum([1, 2, 3], keepDims: true).clamp(1, 1e30)
    let mean = try filled.sum([1, 2, 3], keepDims: true) / count
    return AtmospherePlanes(values: try (filled - mean) / scaleCM * valid, valid: valid)
  }
}
