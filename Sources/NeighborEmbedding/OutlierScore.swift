import Kernel

/// The distance of points from a reference set, relative to typical distances within that set.
///
/// The score is a point's distance to its k-th nearest reference divided by the median of the same
/// distance among the references: about 1 for similar points, large for outliers.
public enum OutlierScore {
  /// - Returns: [queries].
  /// - Throws: `TSNEError.tooFewPoints`, `.invalidSets`; `.allEqual` if all references are equal.
  public static func scores(
    of queries: PointMatrix, references: PointMatrix, neighborCount: Int = 5, threads: Int = 1
  ) throws -> [Double] {
    let own = try Self.scores(within: references, neighborCount: neighborCount, threads: threads)
    let found = try NearestNeighbors(
      of: queries, among: references, count: neighborCount, threads: threads)
    return (0..<queries.count).map { i in
      Double(found.distances[(i + 1) * neighborCount - 1]) / own.median
    }
  }

  /// The scores of the references themselves, each against the others, and the distance with score
  /// 1.
  /// - Throws: as `scores(of:references:)`.
  public static func scores(
    within references: PointMatrix, neighborCount: Int = 5, threads: Int = 1
  ) throws -> (scores: [Double], median: Double) {
    let own = try NearestNeighbors(within: references, count: neighborCount, threads: threads)
    let distances = (0..<references.count).map { i in
      Double(own.distances[(i + 1) * neighborCount - 1])
    }
    let median = Percentile.upperMedian(distances)
    guard median > 0 else { throw TSNEError.allEqual(count: references.count) }
    return (distances.map { $0 / median }, median)
  }
}
