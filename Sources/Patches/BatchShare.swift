/// The part of each batch that one of several processes handles: a contiguous slice, so that the
/// slices of all are the batch.
public struct BatchShare: Sendable, Equatable {
  /// Patches of the batch over all processes.
  public let total: Int
  /// Those of this process, counted from the batch's first.
  public let range: Range<Int>

  /// - Parameter total: a multiple of `count`.
  public init(index: Int, count: Int, total: Int) {
    precondition(total % count == 0 && (0..<count).contains(index), "an even share of a batch")
    self.total = total
    range = (total / count * index)..<(total / count * (index + 1))
  }

  public static func whole(_ total: Int) -> BatchShare {
    BatchShare(index: 0, count: 1, total: total)
  }
}
