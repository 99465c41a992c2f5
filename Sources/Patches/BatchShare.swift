/// The slice of each batch that one of several processes handles; the slices of all processes
/// together are the batch.
package struct BatchShare: Sendable, Equatable {
  /// Number of patches in the batch of all processes.
  package let total: Int
  /// The patches of this process, as indices in the batch.
  package let range: Range<Int>

  /// - Parameter total: a multiple of `count`.
  package init(index: Int, count: Int, total: Int) {
    precondition(total % count == 0 && (0..<count).contains(index), "an even share of a batch")
    self.total = total
    range = (total / count * index)..<(total / count * (index + 1))
  }

  package static func whole(_ total: Int) -> BatchShare {
    BatchShare(index: 0, count: 1, total: total)
  }
}
