import DurableFiles
import Foundation
import Kernel
import Logging
import RunSupport
import Settings
import TorchCore
import TorchProcesses

/// One line of `stats.jsonl`.
public struct NetworkStatistics: Sendable, Codable, Equatable {
  public var step: Int
  /// Mean negative log-likelihood of the clean phase, in nats.
  public var phaseLoss: Double
  /// Mean cross-entropy of the edges, in nats.
  public var edgeLoss: Double
  public var learningRate: Double
  public var secondsPerIteration: Double
  /// Of the averaged network on the validation samples, where it was evaluated.
  public var validationPhaseLoss: Double?
  public var validationEdgeLoss: Double?
}

/// A network's training in its run folder: `config.yaml`, `log.txt`, `stats.jsonl`, `checkpoints/` and
/// `network.safetensors`, the averaged network.
public final class NetworkRun {
  public let folder: RunFolder
  private let trainer: NetworkTrainer
  private let validation: [PhaseBatch]
  private let sources: [String]
  private let checkpoints: NetworkCheckpoints
  /// `nil` in processes other than the first, which alone writes.
  private let stats: StatsLog?
  private let logger: Logger?
  private var lock: ResumableFolder?

  private init(
    _ folder: RunFolder, _ trainer: NetworkTrainer, validation: [PhaseBatch], sources: [String],
    _ lock: ResumableFolder?, isResumed: Bool
  ) throws {
    self.folder = folder
    self.trainer = trainer
    self.validation = validation
    self.sources = sources
    self.lock = lock
    checkpoints = NetworkCheckpoints(folder)
    guard trainer.processes.isFirst else {
      (stats, logger) = (nil, nil)
      return
    }
    stats =
      isResumed
      ? try StatsLog(path: folder.statsFile, resumingAfter: trainer.iteration)
      : try StatsLog(path: folder.statsFile)
    logger = try RunLog.logger(file: folder.logFile)
    let count = trainer.processes.count
    if count > 1 { logger?.info("training with \(count) processes") }
    for note in trainer.processes.notes { logger?.warning("\(note)") }
  }

  /// A new run in a new numbered folder below `root`.
  ///
  /// - Parameter sources: what the samples are made of, for the network's description.
  package static func start(
    _ configuration: NetworkConfiguration, samples: PhaseSamples, validation: PhaseSamples?,
    sources: [String], root: String, processes: TrainingProcesses = TrainingProcesses()
  ) throws -> NetworkRun {
    // Faults of samples and device are found before there is a folder.
    let trainer = try NetworkTrainer(configuration, samples: samples, processes: processes)
    let batches = try batches(validation, configuration, processes)
    let folder = try processes.runFolder {
      try .create(in: root, name: configuration.name, configuration: configuration)
    }
    return try NetworkRun(
      folder, trainer, validation: batches, sources: sources,
      processes.isFirst ? ResumableFolder(folder.path) : nil, isResumed: false)
  }

  /// Continues from the newest whole checkpoint of a run folder.
  ///
  /// - Parameter sets: changes of `execution` and `output`.
  /// - Throws: `PhaseNetworkError.checkpoint` for other samples, `RunError.configuration` for a change
  ///   of another setting.
  package static func resume(
    _ path: String, samples: PhaseSamples, validation: PhaseSamples?, sources: [String],
    sets: [String] = [], processes: TrainingProcesses = TrainingProcesses()
  ) throws -> NetworkRun {
    let folder = try RunFolder.open(path)
    let lock = try processes.isFirst ? ResumableFolder(folder.path) : nil
    let checkpoint = try NetworkCheckpoints(folder).newest()
    let original = checkpoint.configuration
    let changed = try ConfigurationOverlay.resolve(defaults: original, sets: sets)
    var comparable = changed
    comparable.execution = original.execution
    comparable.output = original.output
    guard comparable == original else {
      throw RunError.configuration(faults: [
        "a resumed run can change execution.* and output.*; for other settings start a new run"
      ])
    }
    guard samples.identity == checkpoint.identity else {
      throw PhaseNetworkError.checkpoint(
        path: checkpoint.path,
        reason: "was trained on other samples: give the same sources, recipe and options")
    }
    let trainer = try NetworkTrainer(changed, samples: samples, processes: processes)
    try trainer.restore(checkpoint)
    return try NetworkRun(
      folder, trainer,
      validation: batches(validation, changed, processes), sources: sources, lock, isResumed: true)
  }

  /// The first process alone evaluates.
  private static func batches(
    _ validation: PhaseSamples?, _ configuration: NetworkConfiguration,
    _ processes: TrainingProcesses
  ) throws -> [PhaseBatch] {
    guard processes.isFirst, let validation else { return [] }
    return try NetworkTrainer.validation(validation, configuration)
  }

  public var iteration: Int { trainer.iteration }
  public var iterations: Int { trainer.configuration.iterations }
  public var isFinished: Bool { trainer.isFinished }
  public var networkFile: String { folder.file("network.safetensors") }
  public func parameterCount() throws -> Int { try trainer.network.parameterCount() }

  public enum Event {
    case iteration(Int)
    case statistics(NetworkStatistics)
  }

  /// Trains to the end, or until the handler returns `false` for an iteration; the state is saved in both
  /// cases. With several processes each calls its handler, and all stop after the same iteration.
  /// - Throws: `PhaseNetworkError.lossNotFinite`, `ProcessError`, and errors of samples, disk and
  ///   device.
  public func run(_ handler: (Event) throws -> Bool) throws {
    defer { lock = nil }
    try trainer.processes.train(in: folder) {
      try trainer.synchronizeState()
      try train(handler)
    }
  }

  private func train(_ handler: (Event) throws -> Bool) throws {
    let output = trainer.configuration.output
    var losses: [(phase: Tensor, edges: Tensor)] = []
    var clock = ContinuousClock.now
    var isStopping = false
    while !trainer.isFinished && !isStopping {
      let learningRate = trainer.configuration.learningRate(at: trainer.iteration)
      losses.append(try trainer.step())
      isStopping = try trainer.processes.any(!handler(.iteration(trainer.iteration)))
      let ends = trainer.isFinished || isStopping
      let saves = ends || trainer.iteration % output.checkpointEveryIterations == 0
      guard saves || trainer.iteration % output.statisticsEveryIterations == 0 else { continue }
      let now = ContinuousClock.now
      let means = try means(of: losses)
      var line = NetworkStatistics(
        step: trainer.iteration, phaseLoss: means.phase, edgeLoss: means.edges,
        learningRate: learningRate,
        secondsPerIteration: (now - clock) / .seconds(1) / Double(losses.count))
      guard line.phaseLoss.isFinite, line.edgeLoss.isFinite else {
        throw PhaseNetworkError.lossNotFinite(
          iteration: trainer.iteration, lastCheckpoint: (try? checkpoints.files())?.last)
      }
      losses = []
      if saves { try save(&line, evaluates: !isStopping) }
      try stats?.append(line)
      _ = try handler(.statistics(line))
      clock = ContinuousClock.now
    }
  }

  /// Writes checkpoint and network, in the first process alone.
  private func save(_ line: inout NetworkStatistics, evaluates: Bool) throws {
    try trainer.processes.checkSimilar(trainer.network.parameters())
    guard trainer.processes.isFirst else { return }
    if evaluates, let evaluation = try trainer.evaluate(validation) {
      (line.validationPhaseLoss, line.validationEdgeLoss) = evaluation
      logger?.info(
        "iteration \(line.step): validation \(evaluation.phase.decimals(4)) nats, edges \(evaluation.edges.decimals(4))"
      )
    }
    _ = try checkpoints.write(trainer)
    try writeNetwork()
  }

  /// Over all iterations and processes.
  private func means(of losses: [(phase: Tensor, edges: Tensor)]) throws -> (
    phase: Double, edges: Double
  ) {
    let own = [try mean(losses.map(\.phase)), try mean(losses.map(\.edges))]
    let all = try trainer.processes.sums(own).map { $0 / Double(trainer.processes.count) }
    return (all[0], all[1])
  }

  private func mean(_ losses: [Tensor]) throws -> Double { try Tensor.stack(losses).mean().item() }

  private func writeNetwork() throws {
    try NetworkFile.write(
      trainer.average.average,
      NetworkDescription(
        architecture: trainer.configuration.architecture, iterations: trainer.iteration,
        samplesSeen: trainer.iteration * trainer.configuration.batchSize,
        sizePixels: trainer.samples.size, sources: sources), to: networkFile)
  }
}
