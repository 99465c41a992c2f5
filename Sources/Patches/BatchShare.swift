/// The slice of each batch that one of several processes handles; the slices of all processes
/// together are the batch.
package struct BatchShare: Sendable, Equatable {
  /// Number of patches in the batch of all processes.
  package let total: Int
  /// The patches of this process, as indices in the batch.
  package let range: Range<Int>

  package init(total: Int, range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= total, "a part of a batch")
    (self.total, self.range) = (total, range)
  }

  package static func whole(_ total: Int) -> BatchShare {
    BatchShare(total: total, range: 0..<total)
  }
}
