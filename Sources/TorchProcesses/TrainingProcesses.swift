import DurableFiles
import Foundation
import RunSupport
import TorchCore
import TorchNN

/// The processes that train one model together, and the operations over the tensors and numbers of all.
/// With a single process, every operation returns its input.
///
/// Each process handles its slice of every batch. Gradients are averaged and batch statistics taken
/// over all of them, so that all keep the same weights: those that a single process would reach with
/// the whole batch, up to the order in which floating-point numbers are summed.
public final class TrainingProcesses {
  public let rank: Int
  public let count: Int
  /// Warnings for the user about the connection between the processes.
  package private(set) var notes: [String] = []

  /// `nil` for a single process.
  package let group: ProcessGroup?
  private let localRank: Int
  private let servesStore: Bool
  private let timeoutSeconds: Double
  private var members: [ProcessMember] = []
  private var isOver = false

  /// How long a failed process waits for information about the others, in s.
  static let inquirySeconds = 10.0

  /// A single process.
  public init() {
    (rank, count, localRank, servesStore, timeoutSeconds, group) = (0, 1, 0, false, 0, nil)
  }

  /// Joins the processes that `launch` describes; `nil` is a single process.
  ///
  /// - Parameter timeoutSeconds: how long to wait for the other processes, at the start and in each
  ///   step.
  /// - Throws: `ProcessError.lost` if a process does not join.
  public init(_ launch: LaunchEnvironment?, timeoutSeconds: Double) throws {
    rank = launch?.rank ?? 0
    count = launch?.count ?? 1
    localRank = launch?.localRank ?? 0
    self.timeoutSeconds = timeoutSeconds
    guard let launch, launch.count > 1 else {
      (servesStore, group) = (false, nil)
      return
    }
    servesStore = launch.rank == 0 && !launch.agentServesStore
    let address = ProcessGroup.Address(
      host: launch.host, port: launch.port, rank: launch.rank, count: launch.count,
      servesStore: servesStore, prefix: "ganinsar/\(launch.restart)")
    do {
      let group = try ProcessGroup(
        address, joinSeconds: min(timeoutSeconds, 300), operationSeconds: timeoutSeconds)
      self.group = group
      try group.set("member/\(rank)", to: ProcessMember.this.text)
      try group.wait()
      members = try (0..<count).map { ProcessMember(try group.value(of: "member/\($0)") ?? "") }
    } catch {
      throw ProcessError.lost(
        reason: "the \(count) processes did not all meet (\(error))", run: nil)
    }
  }

  /// Whether this is process 0, which writes the run folder.
  public var isFirst: Bool { rank == 0 }

  /// The device that a configuration names; `auto` and `cuda` select a separate GPU for each
  /// process.
  package func device(_ choice: DeviceChoice) throws -> Device {
    let device = try Device(choice)
    guard count > 1 else { return device }
    // An all-reduce on CPU tensors deadlocks against one on GPU tensors.
    let gpus = try sums([device == .cpu ? 0 : 1])[0]
    guard gpus == 0 || gpus == Double(count) else {
      throw ProcessError.differ(
        reason: "\(Int(gpus)) of \(count) processes have a GPU: set execution.device=cpu, or give "
          + "all of them one")
    }
    guard case .cuda = device else { return device }
    try useNCCL()
    guard choice.leavesGPUOpen else { return device }
    return .cuda(localRank % Runtime.cudaDeviceCount)
  }
}

// MARK: - Operations over all processes, each of which calls them at the same points
extension TrainingProcesses {
  /// Replaces each tensor by its mean over the processes.
  /// - Parameter tensors: evaluated only where there are several processes.
  package func average(_ tensors: () throws -> [Tensor]) throws {
    if let group { try group.reduce(tensors(), average: true) }
  }

  /// Replaces each tensor by its sum over the processes.
  package func sum(_ tensors: [Tensor]) throws { try group?.reduce(tensors) }

  package func sums(_ numbers: [Double]) throws -> [Double] {
    try group?.sums(numbers) ?? numbers
  }

  /// Whether it is so in any process.
  package func any(_ own: Bool) throws -> Bool { try sums([own ? 1 : 0])[0] > 0 }

  /// Overwrites the tensors with those of process 0.
  package func broadcast(_ tensors: [Tensor]) throws { try group?.broadcast(tensors) }

  /// - Throws: `ProcessError.differ` where `text` is not that of process 0.
  package func checkSame(_ key: String, _ text: String, else difference: String) throws {
    guard try first(key, { text }) == text else {
      throw ProcessError.differ(reason: "process \(rank) \(difference)")
    }
  }

  /// - Throws: `ProcessError.differ` where the sums of squares of the processes' tensors differ
  ///   by more than 1e-5 of them.
  package func checkSimilar(_ tensors: [Tensor]) throws {
    guard group != nil else { return }
    let own = try withoutGradients {
      try tensors.reduce(0.0) { try $0 + $1.to(dtype: .float64).square().sum().item() }
    }
    let all = try sums((0..<count).map { $0 == rank ? own : 0 })
    for (index, value) in all.enumerated() where abs(value - all[0]) > 1e-5 * abs(all[0]) {
      throw ProcessError.differ(
        reason: "the weights of process \(index) have moved away from those of process 0 "
          + "(sums of squares \(value) and \(all[0])): run on machines of one kind")
    }
  }

  /// What `make` returns in process 0, which alone calls it.
  /// - Throws: `ProcessError.lost` where process 0 stops before it has the value.
  package func first(_ key: String, _ make: () throws -> String) throws -> String {
    guard let group else { return try make() }
    if isFirst {
      let value = try make()
      try group.set(key, to: value)
      return value
    }
    let deadline = Date().addingTimeInterval(timeoutSeconds)
    var reason = "it does not answer"
    waiting: while Date() < deadline {
      do {
        if let value = try group.value(of: key) { return value }
        if let failure = try group.value(of: "failure/0") {
          reason = failure
          break waiting
        }
      } catch {
        reason = "its store does not answer (\(error))"
        break waiting
      }
      usleep(20_000)
    }
    throw ProcessError.lost(reason: "\(name(0)) stopped: \(reason)", run: nil)
  }

  /// The part of each batch that this process handles, as indices in the batch.
  /// - Throws: `RunError.configuration` if the batch cannot be divided evenly among the processes.
  package func slice(ofBatch batchSize: Int) throws -> Range<Int> {
    guard batchSize % count == 0 else {
      throw RunError.configuration(faults: [
        "batchSize is \(batchSize), which \(count) processes cannot share evenly: "
          + "use a multiple of \(count)"
      ])
    }
    let size = batchSize / count
    return size * rank..<size * (rank + 1)
  }

  /// Gives all processes the states of process 0.
  ///
  /// - Parameters:
  ///   - settings: what must be equal, without what may differ between machines.
  ///   - iteration: where training continues, which must be equal too.
  /// - Throws: `ProcessError.differ` if settings or iterations differ.
  package func synchronize(
    _ objects: KeyValuePairs<String, any Stateful>, settings: some Encodable, iteration: Int
  ) throws {
    guard count > 1 else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try checkSame(
      "intent", "\(SHA256.hex(of: try encoder.encode(settings))) from iteration \(iteration)",
      else: "has other settings, data or another checkpoint than process 0")
    for (_, object) in objects {
      try broadcast(try object.state().sorted { $0.key < $1.key }.map(\.value))
    }
  }

  /// A new run folder, which the first process makes.
  package func runFolder(_ make: () throws -> RunFolder) throws -> RunFolder {
    var made: RunFolder?
    let path = try first("run") {
      let folder = try make()
      made = folder
      return folder.path
    }
    return try made ?? RunFolder.open(path)
  }

  /// Trains in all processes.
  /// - Throws: the error of the process that stopped first, as `explained` finds it.
  package func train(in folder: RunFolder, _ body: () throws -> Void) throws {
    do {
      try body()
      try finish()
    } catch {
      throw explained(error, run: folder.path)
    }
  }

  /// Returns when all processes have called it: until then process 0 may serve the store.
  public func finish() throws { try group?.wait() }

  private func useNCCL() throws {
    guard let group else { return }
    let plugIn = NCCLPlugIn.path
    var problem: String?
    do { try group.loadNCCL(plugIn: plugIn) } catch { problem = "\(error)" }
    // All or none: a process in an NCCL operation deadlocks against one that uses Gloo.
    if try sums([problem == nil ? 1 : 0])[0] < Double(count) {
      try group.loadNCCL(plugIn: nil)
      notes.append(
        "GPU gradients go through host memory, because not every process has the NCCL plug-in "
          + "(\(problem ?? "it is here, but not everywhere")): see docs/scaling.md")
    }
  }
}

// MARK: - When a process has ended
extension TrainingProcesses {
  /// Informs the other processes that this one stops, and finds out which process stopped first.
  ///
  /// - Returns: `error` itself if this process caused it, otherwise `ProcessError.lost`.
  public func explained(_ error: any Error, run: String? = nil) -> any Error {
    guard let group, !isOver else { return error }
    isOver = true
    let isOwn: Bool
    if case .lost = error as? ProcessError {
      isOwn = false
    } else {
      isOwn = !group.hasFailed
    }
    if isOwn { try? group.set("failure/\(rank)", to: "\(error)") }
    // The other processes then notice it too, even those without a connection to the ended process.
    group.leave()
    try? group.set("noticed/\(rank)", to: "1")
    let reason = isOwn ? nil : culprit(group)
    if servesStore { waitUntilAllKnow(group) }
    if isOwn { return error }
    if case .lost = error as? ProcessError { return error }
    return ProcessError.lost(
      reason: "\(reason ?? "a connection broke") (\(error))", run: run)
  }

  private var others: [Int] { (0..<count).filter { $0 != rank } }

  private func name(_ rank: Int) -> String { "process \(rank) (\(members[rank]))" }

  /// A description of the process that stopped first.
  private func culprit(_ group: ProcessGroup) -> String? {
    let deadline = Date().addingTimeInterval(Self.inquirySeconds)
    var silent = others
    while Date() < deadline {
      do {
        for other in others {
          if let reason = try group.value(of: "failure/\(other)") {
            return "\(name(other)) stopped: \(reason)"
          }
        }
        silent = try silent.filter { try group.value(of: "noticed/\($0)") == nil }
      } catch {
        return servesStore ? nil : "\(name(0)) has died: its store does not answer"
      }
      let dead = silent.filter { members[$0].isGone }
      if !dead.isEmpty { return dead.map { "\(name($0)) has died" }.joined(separator: ", ") }
      if silent.isEmpty { return nil }
      usleep(50_000)
    }
    return silent.map { "\(name($0)) does not answer" }.joined(separator: ", ")
  }

  private func waitUntilAllKnow(_ group: ProcessGroup) {
    let deadline = Date().addingTimeInterval(Self.inquirySeconds)
    while Date() < deadline {
      let waiting = others.filter { other in
        !members[other].isGone && (try? group.value(of: "noticed/\(other)")) == nil
      }
      if waiting.isEmpty { return }
      usleep(50_000)
    }
  }
}
