import Kernel
import TorchCore

/// Precision, recall, density and coverage, from balls around samples whose radius is the distance
/// to the k-th nearest neighbor.
///
/// Precision: fraction of generated samples inside a real ball. Recall: fraction of real samples
/// inside a generated ball. Density: mean number of real balls around a generated sample, divided
/// by k (may exceed 1). Coverage: fraction of real balls that contain a generated sample. A sample
/// on the boundary is outside.
/// Sources: Kynkaanniemi et al., NeurIPS 2019 (precision, recall); Naeem et al., ICML 2020
/// (density, coverage), whose k = 5 is the default; torch-fidelity uses k = 3.
public struct NeighborMetrics: Sendable, Equatable {
  public let precision: Double
  public let recall: Double
  public let density: Double
  public let coverage: Double

  /// - Throws: `EvaluationError.sets` if a set does not have more than `neighbors` samples.
  public init(real: FeatureSet, generated: FeatureSet, neighbors: Int = 5) throws {
    guard min(real.count, generated.count) > neighbors else {
      throw EvaluationError.sets(
        "k = \(neighbors) neighbors need sets of at least \(neighbors + 1) samples, and one has "
          + "\(min(real.count, generated.count)); give more samples or a smaller \(OptionName.neighbors)."
      )
    }
    let a = try Points(real)
    let b = try Points(generated)
    let realRadii = try a.radii(neighbors)
    let generatedRadii = try b.radii(neighbors)
    var insideReal = [Int](repeating: 0, count: generated.count)
    var recalled = 0
    var covered = 0
    try a.squaredDistances(to: b) { row, distances in
      let radius = realRadii[row]
      var isCovered = false
      var isRecalled = false
      for (column, distance) in distances.enumerated() {
        if distance < radius {
          insideReal[column] += 1
          isCovered = true
        }
        if distance < generatedRadii[column] { isRecalled = true }
      }
      if isCovered { covered += 1 }
      if isRecalled { recalled += 1 }
    }
    precision = Double(insideReal.count { $0 > 0 }) / Double(generated.count)
    recall = Double(recalled) / Double(real.count)
    density =
      Double(insideReal.reduce(0, +)) / (Double(neighbors) * Double(generated.count))
    coverage = Double(covered) / Double(real.count)
  }
}

/// Features with their squared norms, to compute distances from products.
private struct Points {
  /// [N, d], float64
  package let values: Tensor
  /// [N]
  package let squares: Tensor
  package let count: Int

  /// Rows per block, which limits memory.
  private static let blockRows = 512

  package init(_ features: FeatureSet) throws {
    values = try Tensor(features.values, shape: [features.count, features.dimension])
      .to(dtype: .float64)
    squares = try values.square().sum([1])
    count = features.count
  }

  /// Calls `body` with each row of the matrix of squared distances, in order.
  package func squaredDistances(
    to other: Points, _ body: (Int, UnsafeBufferPointer<Double>) throws -> Void
  ) throws {
    let columns = try other.values.transpose(0, 1)
    for start in stride(from: 0, to: count, by: Self.blockRows) {
      let length = min(Self.blockRows, count - start)
      let products = try values.narrow(0, from: start, length: length).matmul(columns)
      let lengths = try squares.narrow(0, from: start, length: length).reshape([-1, 1])
      let block: [Double] = try (lengths + other.squares - products * 2).values()
      try block.withUnsafeBufferPointer { all in
        for row in 0..<length {
          let part = all[row * other.count..<(row + 1) * other.count]
          try body(start + row, UnsafeBufferPointer(rebasing: part))
        }
      }
    }
  }

  /// The squared distance of each point to its k-th nearest neighbor among the others.
  package func radii(_ neighbors: Int) throws -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count)
    var nearest = SmallestFew<Double>(capacity: neighbors)
    try squaredDistances(to: self) { row, distances in
      nearest.removeAll()
      var limit = Double.infinity
      for (column, distance) in distances.enumerated() where column != row && distance < limit {
        nearest.insert(distance)
        limit = nearest.limit ?? .infinity
      }
      result.append(max(0, limit))
    }
    return result
  }
}
