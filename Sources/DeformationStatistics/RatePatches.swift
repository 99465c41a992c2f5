import Kernel

/// Square patches of deformation rate, checked once so that every statistic can rely on them.
public struct RatePatches: Sendable, Equatable {
  /// The name of the set in errors and tables.
  public let name: String
  /// Pixels along each side.
  public let size: Int
  /// [N][size * size]: cm/yr, row-major, row 0 at the top, finite.
  public let patches: [[Float]]

  public var count: Int { patches.count }

  /// - Throws: `DeformationStatisticsError` if there are no patches, or patches of another size
  ///   than `size * size`, fewer than 8 pixels per side, or values that are not finite.
  public init(name: String, size: Int, patches: [[Float]]) throws {
    guard !patches.isEmpty else { throw DeformationStatisticsError.noPatches(set: name) }
    guard size >= 8 else {
      throw DeformationStatisticsError.tooSmall(set: name, size: size, needed: 8)
    }
    for (index, patch) in patches.enumerated() {
      guard patch.count == size * size else {
        throw DeformationStatisticsError.wrongSize(
          set: name, patch: index, values: patch.count, expected: size * size)
      }
      if let bad = patch.first(where: { !$0.isFinite }) {
        throw DeformationStatisticsError.notFinite(set: name, patch: index, value: bad)
      }
    }
    (self.name, self.size, self.patches) = (name, size, patches)
  }

  /// - Throws: `DeformationStatisticsError.sizesDiffer`.
  func checkSameSize(as other: RatePatches) throws {
    guard size == other.size else {
      throw DeformationStatisticsError.sizesDiffer(
        first: name, firstSize: size, second: other.name, secondSize: other.size)
    }
  }

  /// Calls `body` for every patch, in parallel; results are in order.
  func map<Result: Sendable>(_ body: @Sendable (_ patch: [Float]) -> Result) -> [Result] {
    Parallel.map(patches.count) { body(patches[$0]) }
  }
}
