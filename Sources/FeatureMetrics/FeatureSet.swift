/// Features of a set of images, as plain numbers that may be passed between threads.
public struct FeatureSet: Sendable, Equatable {
  public let count: Int
  /// 2048 for Inception; fewer in tests.
  public let dimension: Int
  /// [count][dimension], row-major.
  public let values: [Float]

  public init(count: Int, dimension: Int, values: [Float]) {
    precondition(values.count == count * dimension, "features fill their set")
    self.count = count
    self.dimension = dimension
    self.values = values
  }

  public func row(_ index: Int) -> ArraySlice<Float> {
    values[index * dimension..<(index + 1) * dimension]
  }

  /// - Throws: `FeatureMetricsError.dimensionsDiffer`.
  func requireDimension(of other: FeatureSet) throws {
    guard dimension == other.dimension else {
      throw FeatureMetricsError.dimensionsDiffer(dimension, other.dimension)
    }
  }

  /// The rows `range`.
  public func part(_ range: Range<Int>) -> FeatureSet {
    FeatureSet(
      count: range.count, dimension: dimension,
      values: Array(values[range.lowerBound * dimension..<range.upperBound * dimension]))
  }

  /// The rows with these indices.
  public func rows(_ indices: [Int]) -> FeatureSet {
    var picked: [Float] = []
    picked.reserveCapacity(indices.count * dimension)
    for index in indices { picked += row(index) }
    return FeatureSet(count: indices.count, dimension: dimension, values: picked)
  }
}
