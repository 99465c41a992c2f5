import Kernel

/// The nearest neighbors of each point, found by exhaustive search.
public struct NearestNeighbors: Sendable {
  /// Number of neighbors per query.
  public let neighborCount: Int
  /// [queries * neighborCount]: indices of references, nearest first; ties are sorted by index.
  public let indices: [Int32]
  /// [queries * neighborCount]: Euclidean distances.
  public let distances: [Float]

  /// The `count` nearest other points of each point.
  /// - Throws: `TSNEError.tooFewPoints` if there are not more than `count` points.
  public init(within points: PointMatrix, count: Int, threads: Int = 1) throws {
    guard count >= 1, points.count > count else {
      throw TSNEError.tooFewPoints(
        count: points.count, needed: count + 1, purpose: "finding \(count) neighbors")
    }
    self.init(points, points, count, excludesItself: true, threads)
  }

  /// The `count` nearest references of each query.
  /// - Throws: `TSNEError.tooFewPoints`, `.invalidSets` if dimensions differ.
  public init(
    of queries: PointMatrix, among references: PointMatrix, count: Int, threads: Int = 1
  ) throws {
    guard count >= 1, references.count >= count else {
      throw TSNEError.tooFewPoints(
        count: references.count, needed: count, purpose: "finding \(count) neighbors")
    }
    _ = try PointMatrix(joining: [queries, references])  // throws if dimensions differ
    self.init(queries, references, count, excludesItself: false, threads)
  }

  private init(
    _ queries: PointMatrix, _ references: PointMatrix, _ count: Int, excludesItself: Bool,
    _ threads: Int
  ) {
    let nearest = NearestRows(
      of: queries.values, among: references.values, dimension: queries.dimension, count: count,
      excludesSameIndex: excludesItself, threads: threads)
    (neighborCount, indices, distances) = (count, nearest.indices, nearest.distances)
  }
}
