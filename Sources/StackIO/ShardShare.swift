/// The part of a job that one of several processes does: shards `index`, `index + count`, ...
public struct ShardShare: Sendable, Equatable {
  /// From 0 to `count - 1`.
  public let index: Int
  public let count: Int

  /// All of the job.
  public static let whole = ShardShare(uncheckedIndex: 0, count: 1)

  private init(uncheckedIndex index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// `0/4` to `3/4` are the four shares of a job.
  /// - Throws: `StackIOError.badJob` for anything else.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1,
      (0..<count).contains(index)
    else {
      throw StackIOError.badJob(
        faults: ["'\(text)' is no share of a job; the first of four is 0/4, the last 3/4"])
    }
    self.init(uncheckedIndex: index, count: count)
  }

  func includes(_ shard: Int) -> Bool { shard % count == index }
}
