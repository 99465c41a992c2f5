import Kernel

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

  /// - Throws: `FeatureMetricsError` if a set does not have more than `neighbors` samples, and for
  ///   different dimensions.
  public init(
    real: FeatureSet, generated: FeatureSet, neighbors: Int = 5, _ algebra: some MatrixAlgebra
  ) throws {
    guard min(real.count, generated.count) > neighbors else {
      throw FeatureMetricsError.tooFewForNeighbors(
        neighbors: neighbors, count: min(real.count, generated.count))
    }
    try real.requireDimension(of: generated)
    let a = try Points(real, algebra)
    let b = try Points(generated, algebra)
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
private struct Points<Algebra: MatrixAlgebra> {
  let values: Algebra.Matrix
  /// [N]
  let squares: [Double]
  let count: Int
  private let algebra: Algebra

  /// The number of rows processed at once; bounds memory.
  private static var blockRows: Int { 512 }

  init(_ features: FeatureSet, _ algebra: Algebra) throws {
    values = try algebra.matrix(features)
    squares = try algebra.squaredLengths(of: values).values()
    count = features.count
    self.algebra = algebra
  }

  /// Calls `body` with each row of the matrix of squared distances, in order.
  func squaredDistances(
    to other: Points, _ body: (Int, UnsafeBufferPointer<Double>) throws -> Void
  ) throws {
    for start in stride(from: 0, to: count, by: Self.blockRows) {
      let length = min(Self.blockRows, count - start)
      var block = try algebra.products(
        algebra.rows(start..<start + length, of: values), other.values
      ).values()
      try block.withUnsafeMutableBufferPointer { all in
        for row in 0..<length {
          let part = UnsafeMutableBufferPointer(
            rebasing: all[row * other.count..<(row + 1) * other.count])
          let square = squares[start + row]
          for column in part.indices {
            part[column] = square + other.squares[column] - part[column] * 2
          }
          try body(start + row, UnsafeBufferPointer(part))
        }
      }
    }
  }

  /// The squared distance of each point to its k-th nearest neighbor among the others.
  func radii(_ neighbors: Int) throws -> [Double] {
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
