import Foundation

/// Random numbers that are a pure function of a seed, a purpose and a list of indices.
///
/// Patch 17 of a loader draws from `CounterRandom(seed, .trainingPatches, 17)`: it is the same in
/// any order, on any thread, in any shard and after any restart.
/// Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014; the stream and the indices are mixed into the state by the same finalizer.
public struct CounterRandom: RandomNumberGenerator, Sendable, Equatable {
  private var state: UInt64
  private var spareNormal: Double?

  /// - Parameters:
  ///   - stream: the purpose of the numbers; no other purpose has the same numbers.
  ///   - indices: the index within the purpose, such as the patch, or the sample and the date.
  public init(_ seed: UInt64, _ stream: RandomStream, _ indices: UInt64...) {
    state = Self.finalize(seed &+ 0x9E37_79B9_7F4A_7C15)
    fold(stream.rawValue, position: 1)
    for (place, index) in indices.enumerated() { fold(index, position: UInt64(place + 2)) }
  }

  private mutating func fold(_ number: UInt64, position: UInt64) {
    let tagged = Self.finalize(number &+ position &* 0xD1B5_4A32_D192_ED03)
    state = Self.finalize(state ^ tagged)
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.finalize(state)
  }

  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `[range.lowerBound, range.upperBound)`.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An integer in `0..<bound`; `bound` is positive.
  public mutating func integer(below bound: Int) -> Int { Int(next(upperBound: UInt64(bound))) }

  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// A number from N(0, 1), by the Box-Muller transform.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  private static func finalize(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
