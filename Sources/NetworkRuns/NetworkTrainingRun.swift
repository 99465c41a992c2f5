import DurableFiles
import Foundation
import Kernel
import Logging
import RunSupport
import Settings
import TorchCore
import TorchProcesses

/// A network's training in its run folder: `config.yaml`, `log.txt`, `stats.jsonl`, `checkpoints/` and
/// the averaged network (`network.safetensors`, or as its training names it).
package final class NetworkTrainingRun<Trainer: NetworkTraining> {
  package let folder: RunFolder
  private let trainer: Trainer
  private let validation: [Trainer.Batch]
  private let sources: [String]
  private let checkpoints: NetworkCheckpoints<Trainer>
  /// `nil` in processes other than the first, which alone writes.
  private let stats: StatsLog?
  private let logger: Logger?
  private var lock: ResumableFolder?

  private init(
    _ folder: RunFolder, _ trainer: Trainer, validation: [Trainer.Batch], sources: [String],
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
    _ configuration: Trainer.Settings, samples: Trainer.Samples, validation: Trainer.Samples?,
    sources: [String], root: String, processes: TrainingProcesses = TrainingProcesses()
  ) throws -> NetworkTrainingRun {
    // Faults of samples and device are found before there is a folder.
    let trainer = try Trainer(configuration, samples: samples, processes: processes)
    let batches = try batches(validation, configuration, processes)
    let folder = try processes.runFolder {
      try .create(in: root, name: configuration.name, configuration: configuration)
    }
    return try NetworkTrainingRun(
      folder, trainer, validation: batches, sources: sources,
      processes.isFirst ? ResumableFolder(folder.path) : nil, isResumed: false)
  }

  /// Continues from the newest whole checkpoint of a run folder.
  ///
  /// - Parameter sets: changes of `execution` and `output`, and more iterations: learning rates then fall
  ///   towards the new end.
  /// - Throws: `NetworkTrainingError.checkpoint` for other samples, `RunError.configuration` for a change
  ///   of another setting.
  package static func resume(
    _ path: String, samples: Trainer.Samples, validation: Trainer.Samples?, sources: [String],
    sets: [String] = [], processes: TrainingProcesses = TrainingProcesses()
  ) throws -> NetworkTrainingRun {
    let folder = try RunFolder.open(path)
    let lock = try processes.isFirst ? ResumableFolder(folder.path) : nil
    let checkpoint = try NetworkCheckpoints<Trainer>(folder).newest()
    let original = checkpoint.configuration
    let changed = try ConfigurationOverlay.resolve(defaults: original, sets: sets)
    var comparable = changed
    comparable.execution = original.execution
    comparable.output = original.output
    comparable.iterations = original.iterations
    guard comparable == original, changed.iterations >= original.iterations else {
      throw RunError.configuration(faults: [
        "a resumed run can change execution.* and output.* and raise iterations; for other settings start a "
          + "new run"
      ])
    }
    guard Trainer.identity(samples) == checkpoint.identity else {
      throw NetworkTrainingError.checkpoint(
        path: checkpoint.path,
        reason: "was trained on other samples: give the same sources, recipe and options")
    }
    let trainer = try Trainer(changed, samples: samples, processes: processes)
    try trainer.restore(checkpoint)
    return try NetworkTrainingRun(
      folder, trainer,
      validation: batches(validation, changed, processes), sources: sources, lock, isResumed: true)
  }

  /// The settings of the run in a folder.
  package static func configuration(ofRun path: String) throws -> Trainer.Settings {
    try NetworkCheckpoints<Trainer>(RunFolder.open(path)).newest().configuration
  }

  /// The first process alone evaluates.
  private static func batches(
    _ validation: Trainer.Samples?, _ configuration: Trainer.Settings,
    _ processes: TrainingProcesses
  ) throws -> [Trainer.Batch] {
    guard processes.isFirst, let validation else { return [] }
    return try Trainer.validation(validation, configuration)
  }

  package var iteration: Int { trainer.iteration }
  package var iterations: Int { trainer.configuration.iterations }
  package var isFinished: Bool { trainer.isFinished }
  package var networkFile: String { folder.file(Trainer.networkFileName) }
  package func parameterCount() throws -> Int { try trainer.parameterCount() }

  package enum Event {
    case iteration(Int)
    case statistics(Trainer.Line)
  }

  /// Trains to the end, or until the handler returns `false` for an iteration; the state is saved in both
  /// cases. With several processes each calls its handler, and all stop after the same iteration.
  /// - Throws: `NetworkTrainingError.lossNotFinite`, `ProcessError`, and errors of samples, disk and
  ///   device.
  package func run(_ handler: (Event) throws -> Bool) throws {
    defer { lock = nil }
    try trainer.processes.train(in: folder) {
      try trainer.synchronizeState()
      try train(handler)
    }
  }

  private func train(_ handler: (Event) throws -> Bool) throws {
    let output = trainer.configuration.output
    var losses: [[Tensor]] = []
    var clock = ContinuousClock.now
    var isStopping = false
    while !trainer.isFinished && !isStopping {
      let learningRate = trainer.configuration.learningRate(at: trainer.iteration)
      losses.append(try trainer.step())
      isStopping = try trainer.processes.any(!handler(.iteration(trainer.iteration)))
      let ends = trainer.isFinished || isStopping
      let saves = ends || trainer.iteration % output.checkpointEveryIterations == 0
      guard saves || trainer.iteration % output.statisticsEveryIterations == 0 else { continue }
      let seconds = (ContinuousClock.now - clock) / .seconds(1) / Double(losses.count)
      let means = try means(of: losses)
      guard means.allSatisfy(\.isFinite) else {
        throw NetworkTrainingError.lossNotFinite(
          iteration: trainer.iteration, lastCheckpoint: (try? checkpoints.files())?.last)
      }
      losses = []
      let validation = saves ? try save(evaluates: !isStopping) : nil
      let line = trainer.line(
        means: means, learningRate: learningRate, secondsPerIteration: seconds,
        validation: validation)
      if let text = line.validationSummary {
        logger?.info("iteration \(line.step): validation \(text)")
      }
      try stats?.append(line)
      _ = try handler(.statistics(line))
      clock = ContinuousClock.now
    }
  }

  /// Writes checkpoint and network, in the first process alone.
  /// - Returns: what the evaluation found.
  private func save(evaluates: Bool) throws -> [Double]? {
    try trainer.processes.checkSimilar(trainer.parameters())
    guard trainer.processes.isFirst else { return nil }
    let evaluation = evaluates ? try trainer.evaluate(validation) : nil
    _ = try checkpoints.write(trainer)
    try trainer.writeNetwork(sources: sources, to: networkFile)
    return evaluation
  }

  /// Over all iterations and processes.
  private func means(of losses: [[Tensor]]) throws -> [Double] {
    let own = try losses[0].indices.map { place in
      try Tensor.stack(losses.map { $0[place] }).mean().item()
    }
    return try trainer.processes.sums(own).map { $0 / Double(trainer.processes.count) }
  }
}
