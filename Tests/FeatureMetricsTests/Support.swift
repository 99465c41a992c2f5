import DurableFiles
import Foundation
import Kernel
import TestSupport

@testable import FeatureMetrics

/// Features drawn from N(mean, sigma^2), as a function of the seed.
func normalFeatures(
  _ count: Int, dimension: Int, mean: Double = 0, sigma: Double = 1, seed: UInt64
) -> FeatureSet {
  var random = CounterRandom(seed, .testInput)
  let values = (0..<count * dimension).map { _ in Float(mean + sigma * random.normal()) }
  return FeatureSet(count: count, dimension: dimension, values: values)
}

/// A matrix of normally distributed numbers.
func normalMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> PlainMatrix {
  var random = CounterRandom(seed, .testInput)
  return PlainMatrix(
    rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
}

/// The largest difference of two matrices' elements.
func largestDifference(_ a: PlainMatrix, _ b: PlainMatrix) -> Double {
  guard a.rows == b.rows, a.columns == b.columns else { return .infinity }
  return zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
}

/// Two sets of features and what scipy, torch-fidelity and prdc compute of them.
struct DistanceCase {
  let a: FeatureSet
  let b: FeatureSet
  /// FID, KID of equally many, precision, recall, density, coverage (k = 3).
  let numbers: [Double]

  init(_ name: String) throws {
    let file = try SafetensorsFile(path: fixturePath("distances.safetensors"))
    func features(_ key: String) throws -> FeatureSet {
      let shape = file.entry("\(name).\(key)")?.shape ?? []
      return FeatureSet(
        count: shape[0], dimension: shape[1], values: try file.floats("\(name).\(key)"))
    }
    a = try features("a")
    b = try features("b")
    numbers = try file.withBytes(of: "\(name).numbers") { entry, bytes in
      (0..<entry.count).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
  }
}
