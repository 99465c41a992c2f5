/// N points with D components, as in an `.npy` array [N, D].
public struct PointMatrix: Sendable, Equatable {
  public let count: Int
  public let dimension: Int
  /// [count * dimension], row-major, finite.
  public let values: [Float]

  /// - Throws: `TSNEError.sizesDiffer`, `.notFinite` with the point.
  public init(_ values: [Float], count: Int, dimension: Int) throws {
    guard count > 0, dimension > 0, values.count == count * dimension else {
      throw TSNEError.sizesDiffer(values: values.count, count: count, dimension: dimension)
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw TSNEError.notFinite(
        point: bad / dimension, component: bad % dimension, value: values[bad])
    }
    self.values = values
    self.count = count
    self.dimension = dimension
  }

  /// The concatenated points of several matrices.
  /// - Throws: `TSNEError.invalidSets` if their dimensions differ or there is no matrix.
  public init(joining matrices: [PointMatrix]) throws {
    guard let first = matrices.first else {
      throw TSNEError.invalidSets(problem: "there is no set of points", remedy: "Give one or more.")
    }
    if let other = matrices.first(where: { $0.dimension != first.dimension }) {
      throw TSNEError.invalidSets(
        problem: "one set has vectors of \(first.dimension) numbers and another of "
          + "\(other.dimension)",
        remedy: "Compute the features of all sets in the same way.")
    }
    count = matrices.reduce(0) { $0 + $1.count }
    dimension = first.dimension
    values = matrices.flatMap(\.values)
  }

  /// The components of one point.
  public func point(_ index: Int) -> ArraySlice<Float> {
    values[index * dimension..<(index + 1) * dimension]
  }
}
