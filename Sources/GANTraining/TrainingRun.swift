import Datasets
import DurableFiles
import Foundation
import GANModel
import Kernel
import Logging
import RunSupport
import Settings
import TorchCore

/// Events of a run; the handler's return value decides whether training continues.
public enum TrainingEvent {
  case started(iteration: Int, totalIterations: Int)
  case statistics(TrainingStatistics)
  case snapshot(path: String, iteration: Int)
  case checkpoint(path: String)
  case iteration(Int)
  case evaluation(TrainingEvaluation, isBest: Bool)
}

public enum TrainingDecision: Sendable { case goOn, stop }

/// One line of `stats.jsonl`.
public struct TrainingStatistics: Sendable, Codable, Equatable {
  public var step: Int
  public var epoch: Double
  public var patchesSeen: Int
  public var lossDiscriminator: Double
  public var lossGenerator: Double
  /// Means of the image logits.
  public var logitReal: Double
  public var logitFake: Double
  public var secondsPerIteration: Double
  public var cpuSecondsPerIteration: Double
  /// Number of batches that were not ready when requested, since the start of the process.
  public var dataWaits: Int
  /// The fraction of tried windows that passed the loader's rules.
  public var acceptedShare: Double
  public var peakMemoryBytes: Int
  public var peakDeviceMemoryBytes: Int
  /// The evaluation of samples at this step, if there was one.
  public var evaluation: TrainingEvaluation?
}

/// A training run and its folder: statistics, snapshots, checkpoints, and a model for generation.
public final class TrainingRun {
  public let folder: RunFolder
  public let trainer: Trainer
  private let dataset: RateDataset
  private let logger: Logger
  private let processes: TrainingProcesses
  // Only process 0 writes; `nil` in other processes.
  private let stats: StatsLog?
  private let board: TensorBoardWriter?
  private let snapshots: SnapshotWriter?
  private let checkpoints: CheckpointFolder
  /// Prevents a second job in the folder until `run` has ended; held by process 0.
  private var lock: FolderLock?
  private var pending: [StepLosses] = []
  private var timer = IntervalTimer()
  private var best: BestModel?
  /// Evaluates samples every `evaluation.everyEpochs` epochs on rank 0; `nil` disables evaluation.
  public var judge: TrainingJudge?
  /// Whether the run ended before its last epoch because the selection metric did not improve.
  public private(set) var hasSettled = false

  /// A new run in a new numbered folder below `root`.
  ///
  /// - Parameter checkpoint: a checkpoint of another run to start from: its networks, averages,
  ///   optimizers and iteration are used with these settings.
  /// - Throws: `TrainingError.checkpoint` if it does not match the settings.
  public static func start(
    _ configuration: TrainingConfiguration, dataset: RateDataset, root: String,
    from checkpoint: Checkpoint.Contents? = nil,
    processes: TrainingProcesses = TrainingProcesses()
  ) throws -> TrainingRun {
    try checkpoint.map { try $0.checkBranch(configuration, dataset) }
    // The trainer is created first, so that an error in the data or the device leaves no folder.
    let trainer = try Trainer(
      configuration: configuration, dataset: dataset, transform: checkpoint?.transform,
      processes: processes)
    if let checkpoint { try Checkpoint.restore(trainer, from: checkpoint) }
    var made: RunFolder?
    let path = try processes.first("run") {
      let folder = try RunFolder.create(
        in: root, name: configuration.name, configuration: configuration)
      made = folder
      return folder.path
    }
    let folder = try made ?? RunFolder.open(path)
    let lock = try processes.isFirst ? FolderLock(folder.path) : nil
    let run = try TrainingRun(folder, trainer, dataset, lock, isResumed: false)
    if let checkpoint {
      run.logger.info("branched off from \(checkpoint.path)")
      if let note = checkpoint.randomStreamsNote { run.logger.warning("\(note)") }
    }
    try run.writeRealPatches()
    return run
  }

  /// Finds all errors that `start` would find, and writes nothing.
  /// - Returns: the trainer that would be used.
  /// - Throws: as `start`.
  public static func check(
    _ configuration: TrainingConfiguration, dataset: RateDataset, root: String,
    from checkpoint: Checkpoint.Contents? = nil
  ) throws -> Trainer {
    try checkpoint.map { try $0.checkBranch(configuration, dataset) }
    try RunFolder.checkRoot(root)
    let trainer = try Trainer(
      configuration: configuration, dataset: dataset, transform: checkpoint?.transform)
    if let checkpoint { try Checkpoint.restore(trainer, from: checkpoint) }
    return trainer
  }

  /// Continues from the newest valid checkpoint of a run folder.
  ///
  /// - Parameter sets: `KEY.PATH=VALUE` changes of settings that may change within a run:
  ///   `execution` (device, precision, threads), `output`, `evaluation`, and more `epochs`.
  /// - Throws: `TrainingError.noCheckpoint`, `TrainingError.checkpoint` for other scenes,
  ///   `RunError.configuration` for a change of any other setting.
  public static func resume(
    _ path: String, dataset: RateDataset, sets: [String] = [],
    processes: TrainingProcesses = TrainingProcesses()
  ) throws -> TrainingRun {
    let folder = try RunFolder.open(path)
    let lock = try processes.isFirst ? FolderLock(folder.path) : nil
    if lock != nil { Temporaries.removeLeftovers(in: folder.path) }
    let checkpoint = try CheckpointFolder(folder).newest()
    let configuration = try changed(checkpoint.configuration, sets)
    let names = dataset.trainingScenes.map(\.name)
    guard names == checkpoint.scenes else {
      throw TrainingError.checkpoint(
        path: checkpoint.path,
        reason: "was trained on the scenes \(checkpoint.scenes.joined(separator: ", ")), but "
          + "\(dataset.path) trains on \(names.joined(separator: ", ")): give the same dataset")
    }
    let trainer = try Trainer(
      configuration: configuration, dataset: dataset, transform: checkpoint.transform,
      processes: processes)
    try Checkpoint.restore(trainer, from: checkpoint)
    let run = try TrainingRun(folder, trainer, dataset, lock, isResumed: true)
    run.logger.info("resumed from \(checkpoint.path)")
    if processes.isFirst, try run.lacksSnapshot() { try run.writeSnapshot() }
    if let note = checkpoint.randomStreamsNote { run.logger.warning("\(note)") }
    return run
  }

  private static func changed(_ original: TrainingConfiguration, _ sets: [String]) throws
    -> TrainingConfiguration
  {
    let changed = try ConfigurationOverlay.resolve(defaults: original, sets: sets)
    var comparable = changed
    comparable.execution = original.execution
    comparable.output = original.output
    comparable.evaluation = original.evaluation
    comparable.epochs = original.epochs
    guard comparable == original, changed.epochs >= original.epochs else {
      throw RunError.configuration(faults: [
        "\(OptionName.resume) can change execution.*, output.*, evaluation.* and raise epochs; for other settings "
          + "start a new run"
      ])
    }
    return changed
  }

  private init(
    _ folder: RunFolder, _ trainer: Trainer, _ dataset: RateDataset, _ lock: FolderLock?,
    isResumed: Bool
  ) throws {
    self.folder = folder
    self.lock = lock
    self.trainer = trainer
    self.dataset = dataset
    processes = trainer.processes
    checkpoints = CheckpointFolder(folder)
    guard processes.isFirst else {
      logger = try RunLog.logger(level: .error)
      (stats, board, snapshots) = (nil, nil, nil)
      return
    }
    logger = try RunLog.logger(file: folder.logFile)
    stats =
      isResumed
      ? try StatsLog(path: folder.statsFile, resumingAfter: trainer.iteration)
      : try StatsLog(path: folder.statsFile)
    board = try TensorBoardWriter(
      folder: folder.path, resumingAfter: isResumed ? trainer.iteration : nil)
    let earlier =
      isResumed ? try StatsLog.read(TrainingStatistics.self, from: folder.statsFile) : []
    best = try BestModel(folder, history: earlier.compactMap(\.evaluation))
    snapshots = try SnapshotWriter(folder, trainer)
    if processes.count > 1 { logger.info("training with \(processes.count) processes") }
    for note in processes.notes { logger.warning("\(note)") }
    for warning in trainer.loader.sampler.warnings + [dataset.signNote].compactMap({ $0 }) {
      logger.warning("\(warning)")
    }
  }

  public var modelFile: String { folder.file("model.safetensors") }

  /// Writes a line to the run's log.
  public func note(_ text: String) { logger.info("\(text)") }

  /// Trains to the end, or until the handler returns stop; the state is saved in both cases.
  ///
  /// With several processes, each calls its handler; all stop after the same step if one returns
  /// stop.
  /// - Throws: `TrainingError.lossNotFinite`, `TrainingError.processLost`, and errors of data, disk
  ///   and device.
  public func run(_ handler: (TrainingEvent) throws -> TrainingDecision) throws {
    defer { lock = nil }
    do {
      try processes.begin(trainer)
      try train(handler)
      try processes.finish()
    } catch {
      throw processes.explained(error, run: folder.path)
    }
  }

  private func train(_ handler: (TrainingEvent) throws -> TrainingDecision) throws {
    let configuration = trainer.configuration
    /// Collects the decision of all processes, which call this at the same points.
    func ask(_ event: TrainingEvent) throws -> TrainingDecision {
      try processes.agree(handler(event))
    }
    var decision = try ask(
      .started(
        iteration: trainer.iteration, totalIterations: configuration.totalIterations))
    timer = IntervalTimer()
    // Only process 0 can have an evaluator.
    let isJudging = try processes.sums([judge == nil ? 0 : 1])[0] > 0
    hasSettled = try isSettled()
    while !trainer.isFinished && decision == .goOn && !hasSettled {
      pending.append(try trainer.step())
      decision = try ask(.iteration(trainer.iteration))

      var evaluation: TrainingEvaluation?
      let isJudged = isJudging && decision == .goOn && evaluationIsDue
      if isJudged {
        var wish = TrainingDecision.goOn
        if processes.isFirst { (evaluation, wish) = try evaluate(handler) }
        decision = try processes.agree(wish)
        hasSettled = try isSettled()
      }
      let isLast = trainer.isFinished || decision == .stop || hasSettled
      if isLast || isJudged
        || trainer.iteration % configuration.output.statisticsEveryIterations == 0
      {
        if try ask(.statistics(try reportStatistics(evaluation))) == .stop { decision = .stop }
      }
      let keeps = configuration.output.keptCheckpointEpochs.contains {
        configuration.iteration(completingEpoch: $0) == trainer.iteration
      }
      let saves = isLast || keeps || epochEnds(every: configuration.output.checkpointEveryEpochs)
      let draws = isLast || epochEnds(every: configuration.output.snapshotEveryEpochs)
      guard saves || draws || decision == .stop else { continue }
      if !pending.isEmpty { _ = try reportStatistics() }
      if saves || decision == .stop {
        let path = try writeCheckpoint()
        if try ask(.checkpoint(path: path)) == .stop { decision = .stop }
      }
      if draws || decision == .stop {
        if processes.isFirst { try writeSnapshot() }
        _ = try ask(.snapshot(path: folder.file("snapshots"), iteration: trainer.iteration))
      }
      timer = IntervalTimer()
    }
  }

  private var evaluationIsDue: Bool {
    let interval = trainer.configuration.evaluation.everyEpochs
    return interval > 0 && (trainer.isFinished || epochEnds(every: interval))
  }

  /// Whether evaluations have stopped improving, as decided by process 0.
  private func isSettled() throws -> Bool {
    let own = best?.hasSettled(epoch: trainer.epoch, trainer.configuration.evaluation) ?? false
    return try processes.sums([own ? 1 : 0])[0] > 0
  }

  /// Evaluates samples in process 0; if it is interrupted, there is no result.
  private func evaluate(_ handler: (TrainingEvent) throws -> TrainingDecision) throws
    -> (TrainingEvaluation?, TrainingDecision)
  {
    guard let judge, var best, let board else { return (nil, .goOn) }
    let pause = IntervalTimer()
    defer { timer.leaveOut(since: pause) }
    let sampling = try SamplingGenerator(trainer)
    let maps = try sampling.mapsToJudge(trainer)
    guard maps.allSatisfy({ map in map.allSatisfy(\.isFinite) }) else {
      throw TrainingError.lossNotFinite(
        iteration: trainer.iteration, lastCheckpoint: checkpoints.files().last)
    }
    let verdict: TrainingVerdict
    do {
      verdict = try judge(maps)
    } catch RunError.interrupted {
      return (nil, .stop)
    }
    let evaluation = TrainingEvaluation(
      step: trainer.iteration, epoch: trainer.epoch, decides: verdict.decides,
      values: verdict.values)
    let isBest = try best.take(evaluation) { path in
      try ModelFile.write(sampling.generator, description, to: path)
    }
    self.best = best
    for (name, value) in verdict.values.sorted(by: { $0.key < $1.key }) {
      try board.addScalar("evaluation/\(name)", value, step: trainer.iteration)
    }
    if let picture = verdict.picture {
      try picture.write(
        to: folder.file("snapshots/tsne-\(trainer.iteration.zeroPadded(8)).png"))
      try board.addImage(
        "tsne", png: picture.encoded(), width: picture.width, height: picture.height,
        step: trainer.iteration)
    }
    return (evaluation, try handler(.evaluation(evaluation, isBest: isBest)))
  }

  /// Whether this iteration completes an epoch whose number is a multiple of `interval`.
  private func epochEnds(every interval: Int) -> Bool {
    let before = Int(trainer.configuration.epoch(atIteration: trainer.iteration - 1))
    let now = Int(trainer.epoch)
    return now / interval > before / interval
  }

  private func writeCheckpoint() throws -> String {
    try processes.checkWeights(of: trainer)
    let rejections = try trainer.rejections()
    guard processes.isFirst else { return checkpoints.file(iteration: trainer.iteration) }
    return try checkpoints.write(
      trainer, rejections: rejections, scenes: dataset.trainingScenes.map(\.name))
  }

  /// Whether the run was killed after it saved an epoch and before it drew the images of that
  /// epoch.
  private func lacksSnapshot() throws -> Bool {
    let isDue =
      trainer.iteration > 0
      && (trainer.isFinished
        || epochEnds(every: trainer.configuration.output.snapshotEveryEpochs))
    return isDue
      && !FileSystem.exists(
        folder.file("snapshots/generated-\(trainer.iteration.zeroPadded(8)).png"))
  }

  private func writeSnapshot() throws {
    guard let snapshots, let board else { return }
    let sampling = try SamplingGenerator(trainer)
    try ModelFile.write(sampling.generator, description, to: modelFile)
    let picture = try snapshots.write(sampling, trainer)
    try board.addImage(
      "generated", png: picture.encoded(), width: picture.width, height: picture.height,
      step: trainer.iteration)
  }

  private var description: ModelDescription {
    ModelDescription(
      architecture: trainer.configuration.architecture, transform: trainer.transform,
      iterations: trainer.iteration,
      patchesSeen: trainer.iteration * trainer.configuration.batchSize,
      scenes: dataset.trainingScenes.map(\.name), patches: trainer.configuration.data,
      epoch: Int(trainer.epoch))
  }

  private func writeRealPatches() throws {
    guard let snapshots, let board else { return }
    let picture = try snapshots.writeReal(trainer)
    try board.addImage(
      "real", png: picture.encoded(), width: picture.width, height: picture.height, step: 0)
  }

  /// Writes means over the iterations since the last report, and over the processes.
  private func reportStatistics(_ evaluation: TrainingEvaluation? = nil) throws
    -> TrainingStatistics
  {
    let own = try meanLosses()
    let elapsed = timer.lap()
    let total = try processes.sums(own + [elapsed.cpuSeconds, Double(trainer.loader.waits)])
    let means = total.prefix(own.count).map { $0 / Double(processes.count) }
    let first = trainer.iteration - pending.count + 1
    for loss in means.prefix(2) where !loss.isFinite {
      throw TrainingError.lossNotFinite(
        iteration: first, lastCheckpoint: checkpoints.files().last)
    }
    let count = Double(max(1, pending.count))
    let device = try Runtime.memoryBytes(trainer.device)
    let statistics = TrainingStatistics(
      step: trainer.iteration, epoch: trainer.epoch,
      patchesSeen: trainer.iteration * trainer.configuration.batchSize,
      lossDiscriminator: means[0], lossGenerator: means[1], logitReal: means[2],
      logitFake: means[3],
      secondsPerIteration: elapsed.wallSeconds / count,
      cpuSecondsPerIteration: total[own.count] / count, dataWaits: Int(total[own.count + 1]),
      acceptedShare: try trainer.rejections().total.acceptance,
      peakMemoryBytes: ProcessUsage.current().peakMemoryBytes,
      peakDeviceMemoryBytes: device.peak, evaluation: evaluation)
    pending.removeAll()
    try stats?.append(statistics)
    for (tag, value) in [
      ("loss/discriminator", statistics.lossDiscriminator),
      ("loss/generator", statistics.lossGenerator), ("logit/real", statistics.logitReal),
      ("logit/fake", statistics.logitFake),
      ("speed/secondsPerIteration", statistics.secondsPerIteration),
    ] {
      try board?.addScalar(tag, value, step: trainer.iteration)
    }
    return statistics
  }

  /// Losses of discriminator and generator, logits of real and generated patches.
  private func meanLosses() throws -> [Double] {
    let parts = [\StepLosses.discriminator, \.generator, \.realLogit, \.fakeLogit]
    return try parts.map { part in
      try pending.isEmpty ? 0 : Tensor.stack(pending.map { $0[keyPath: part] }).mean().item()
    }
  }
}
