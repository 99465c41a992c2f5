import DurableFiles
import Kernel

/// The part (shard) of a job that one of several independent processes does.
///
/// On the command line `0/4` to `3/4` are the four shards of a job; `auto` reads the shard from the
/// environment of a Slurm array, `srun` or `torchrun`.
public struct JobShard: Sendable, Equatable, Codable {
  /// From 0 to `count - 1`.
  public let index: Int
  public let count: Int

  /// Limits the count so that products of two counts cannot overflow.
  static let greatestCount = 1_000_000

  /// The whole job.
  public static let whole = JobShard(unchecked: 0, of: 1)

  private init(unchecked index: Int, of count: Int) {
    self.index = index
    self.count = count
  }

  /// - Throws: `RunError.shard` unless `0 <= index < count`.
  public init(_ index: Int, of count: Int) throws {
    guard (1...Self.greatestCount).contains(count), (0..<count).contains(index) else {
      throw RunError.shard(
        "invalid shard \(index)/\(count): use K/N with K from 0 to N-1, e.g. 0/4")
    }
    self.init(unchecked: index, of: count)
  }

  /// `1/8`, or `auto`.
  /// - Throws: `RunError.shard`.
  public init(parsing text: String, environment: [String: String]) throws {
    if text == "auto" {
      self = try Self.automatic(environment)
      return
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1] else {
      throw RunError.shard("invalid shard '\(text)': use K/N with K from 0 to N-1, e.g. 0/4")
    }
    try self.init(index, of: count)
  }

  /// The shards of `0..<items` are contiguous and do not overlap; their sizes differ by at most
  /// one.
  public func range(of items: Int) -> Range<Int> {
    // Written so that no product overflows: each shard has `items / count` items, the first ones
    // one more.
    func start(_ shard: Int) -> Int { items / count * shard + min(shard, items % count) }
    return start(index)..<start(index + 1)
  }

  /// Whether item `number` belongs to this shard if the items are distributed in turn.
  public func includes(_ number: Int) -> Bool { number % count == index }
}

extension JobShard {
  /// The tasks of a Slurm array times the processes that `srun` or torchrun started in each.
  private static func automatic(_ environment: [String: String]) throws -> JobShard {
    let array = try arrayShard(environment)
    let processes = try processShard(environment)
    guard array != nil || processes != nil else {
      throw RunError.shard(
        "\(OptionName.shard("auto")) found neither a Slurm array (SLURM_ARRAY_TASK_ID), nor srun "
          + "(SLURM_STEP_NUM_TASKS), nor torchrun (RANK): give \(OptionName.shard("K/N"))")
    }
    let (outer, inner) = (array ?? .whole, processes ?? .whole)
    return try JobShard(outer.index * inner.count + inner.index, of: outer.count * inner.count)
  }

  private static func arrayShard(_ environment: [String: String]) throws -> JobShard? {
    guard environment["SLURM_ARRAY_TASK_ID"] != nil else { return nil }
    func number(_ name: String) throws -> Int {
      try LaunchEnvironment.number("SLURM_ARRAY_TASK_\(name)", environment)
    }
    let (id, least, greatest) = (try number("ID"), try number("MIN"), try number("MAX"))
    let step = environment["SLURM_ARRAY_TASK_STEP"] == nil ? 1 : try number("STEP")
    let count =
      environment["SLURM_ARRAY_TASK_COUNT"] == nil
      ? (greatest - least) / max(1, step) + 1 : try number("COUNT")
    // In an array with gaps, such as --array=0,3,7, the id does not determine the task's position.
    guard step >= 1, (greatest - least) % step == 0, (greatest - least) / step + 1 == count,
      (id - least) % step == 0
    else {
      throw RunError.shard(
        "the Slurm array has \(count) tasks from \(least) to \(greatest), with gaps: "
          + "give \(OptionName.shard("$SLURM_ARRAY_TASK_ID/N")) with the N of the whole job")
    }
    return try JobShard((id - least) / step, of: count)
  }

  private static func processShard(_ environment: [String: String]) throws -> JobShard? {
    for (rank, count) in [("RANK", "WORLD_SIZE"), ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS")]
    where environment[rank] != nil && environment[count] != nil {
      return try JobShard(
        LaunchEnvironment.number(rank, environment),
        of: LaunchEnvironment.number(count, environment))
    }
    return nil
  }
}
