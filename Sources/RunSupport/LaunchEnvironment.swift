import DurableFiles

/// The information that `torchrun` or Slurm's `srun` gives to each process that it starts: its
/// rank, the number of processes, and the address of the store through which they connect.
public struct LaunchEnvironment: Sendable, Equatable {
  /// From 0 to `count - 1`.
  public let rank: Int
  public let count: Int
  /// The rank among the processes of this machine, which selects the GPU.
  public let localRank: Int
  public let host: String
  public let port: Int
  /// Whether torchrun already serves the store at `host:port`; otherwise process 0 does.
  public let agentServesStore: Bool
  /// How many times torchrun has restarted the processes.
  public let restart: Int

  /// `nil` for a single process.
  ///
  /// `RANK` and `WORLD_SIZE` (torchrun, or set by hand) take precedence over `SLURM_PROCID` and
  /// `SLURM_STEP_NUM_TASKS` (`SLURM_NTASKS`). `MASTER_ADDR` and `MASTER_PORT` are the address of
  /// the store.
  /// - Throws: `RunError.launch` if the numbers are inconsistent, or if several processes were
  ///   started without an address.
  public init?(_ environment: [String: String]) throws {
    let names: (rank: String, count: String, local: String)
    if environment["RANK"] != nil || environment["WORLD_SIZE"] != nil {
      names = ("RANK", "WORLD_SIZE", "LOCAL_RANK")
    } else if environment["SLURM_STEP_NUM_TASKS"] != nil {
      names = ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID")
    } else if environment["SLURM_PROCID"] != nil, environment["MASTER_ADDR"] != nil {
      names = ("SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID")
    } else {
      return nil
    }
    count = try Self.number(names.count, environment)
    if count == 1 && names.rank == "SLURM_PROCID" { return nil }
    rank = try Self.number(names.rank, environment)
    localRank = environment[names.local] == nil ? rank : try Self.number(names.local, environment)
    guard count >= 1, (0..<count).contains(rank), localRank >= 0 else {
      throw RunError.launch(
        reason: "\(names.rank) is \(rank) and \(names.count) is \(count)",
        remedy: "Ranks run from 0 to \(names.count) - 1.")
    }
    restart =
      environment["TORCHELASTIC_RESTART_COUNT"] == nil
      ? 0 : try Self.number("TORCHELASTIC_RESTART_COUNT", environment)
    agentServesStore = environment["TORCHELASTIC_USE_AGENT_STORE"] == "True"
    guard count > 1 else {
      host = ""
      port = 0
      return
    }
    guard let host = environment["MASTER_ADDR"], !host.isEmpty else {
      throw RunError.launch(
        reason: "\(count) processes were started, but MASTER_ADDR is not set",
        remedy: "Set MASTER_ADDR to the first node's name and MASTER_PORT to a free port there: "
          + "see docs/scaling.md.")
    }
    self.host = host
    port = try Self.number("MASTER_PORT", environment)
    guard (1...65_535).contains(port) else {
      throw RunError.launch(
        reason: "MASTER_PORT is \(port)", remedy: "Give a free port, such as 29500.")
    }
  }

  static func number(_ name: String, _ environment: [String: String]) throws -> Int {
    guard let text = environment[name], let value = Int(text),
      (-1_000_000_000...1_000_000_000).contains(value)
    else {
      let found = environment[name].map { "is '\($0)'" } ?? "is not set"
      throw RunError.launch(
        reason: "the environment variable \(name) \(found)", remedy: "Set it to a whole number.")
    }
    return value
  }
}
