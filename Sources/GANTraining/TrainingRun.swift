import Datasets
import DurableFiles
import GANModel
import RunSupport

/// A training run in its folder: the loop over iterations, and what is due between them.
///
/// What is written lies in `RunRecorder` (statistics, pictures, messages), `CheckpointFolder` and
/// `TrainingEvaluator` (metrics of samples, the best model).
public final class TrainingRun {
  public let folder: RunFolder
  package let trainer: Trainer
  let recorder: RunRecorder
  private let scenes: [String]
  private let checkpoints: CheckpointFolder
  private var evaluator: TrainingEvaluator?
  private var meter = StatisticsMeter()
  /// Prevents a second job in the folder until `run` has ended; held by process 0.
  private var lock: ResumableFolder?
  private var isStopping = false

  /// Evaluates samples every `evaluation.everyEpochs`, in process 0; `nil` disables evaluation.
  public var sampleEvaluator: SampleEvaluator?
  /// Whether the run ended before its last epoch because its selection metric had settled.
  public private(set) var hasSettled = false

  init(
    _ folder: RunFolder, _ trainer: Trainer, _ dataset: RateDataset, _ lock: ResumableFolder?,
    isResumed: Bool
  ) throws {
    self.folder = folder
    self.trainer = trainer
    self.lock = lock
    scenes = dataset.trainingScenes.map(\.name)
    checkpoints = CheckpointFolder(folder)
    recorder = try RunRecorder(folder, trainer, dataset, isResumed: isResumed)
    guard trainer.processes.isFirst else { return }
    let history = isResumed ? try recorder.earlierStatistics().compactMap(\.evaluation) : []
    evaluator = TrainingEvaluator(try BestModel(folder, history: history))
  }

  public var configuration: TrainingConfiguration { trainer.configuration }
  /// Iterations done.
  public var iteration: Int { trainer.iteration }
  /// Passes through `data.patchesPerEpoch` patches, with their fraction.
  public var epoch: Double { trainer.epoch }
  public var isFinished: Bool { trainer.isFinished }
  /// The model of the newest snapshot.
  public var modelFile: String { recorder.modelFile }

  /// Writes a line into the run's log.
  public func note(_ text: String) { recorder.note(text) }

  /// Trains to the end, or until the handler returns stop; the state is saved in both cases.
  ///
  /// With several processes, each calls its handler; all stop after the same step if one returns
  /// stop.
  /// - Throws: `TrainingError.lossNotFinite`, `ProcessError.lost`, and errors of data, disk
  ///   and device.
  public func run(_ handler: (TrainingEvent) throws -> TrainingDecision) throws {
    defer { lock = nil }
    try trainer.processes.train(in: folder) {
      try trainer.synchronizeState()
      try train(handler)
    }
  }

  private func train(_ handler: (TrainingEvent) throws -> TrainingDecision) throws {
    let processes = trainer.processes
    let schedule = trainer.configuration
    /// Every process tells its handler at the same points, and all learn whether one wants to stop.
    func tell(_ event: TrainingEvent) throws {
      if try processes.any(handler(event) == .stop) { isStopping = true }
    }
    isStopping = false
    try tell(.started(iteration: trainer.iteration, totalIterations: schedule.totalIterations))
    let evaluates = try processes.any(processes.isFirst && sampleEvaluator != nil)
    hasSettled = try processes.any(evaluator?.hasSettled(trainer) ?? false)
    meter = StatisticsMeter()

    while !trainer.isFinished && !hasSettled && !isStopping {
      meter.add(try trainer.step())
      let iteration = trainer.iteration
      try tell(.iteration(iteration))

      var evaluation: TrainingEvaluation?
      let isEvaluated = evaluates && !isStopping && schedule.evaluates(after: iteration)
      if isEvaluated {
        var wantsStop = false
        if processes.isFirst { (evaluation, wantsStop) = try evaluate(handler) }
        isStopping = try processes.any(wantsStop)
        hasSettled = try processes.any(evaluator?.hasSettled(trainer) ?? false)
      }

      let isLast = trainer.isFinished || hasSettled || isStopping
      if isLast || isEvaluated || schedule.reportsStatistics(after: iteration) {
        try tell(.statistics(try reportStatistics(evaluation)))
      }
      let saves = isLast || isStopping || schedule.savesCheckpoint(after: iteration)
      let draws = isLast || isStopping || schedule.drawsSnapshot(after: iteration)
      guard saves || draws else { continue }
      if !meter.isEmpty { _ = try reportStatistics(nil) }
      if saves { try tell(.checkpoint(path: try saveCheckpoint())) }
      if draws || isStopping {
        try recorder.writeSnapshot(trainer)
        try tell(.snapshot(path: folder.file("snapshots"), iteration: iteration))
      }
      if isStopping && !saves { try tell(.checkpoint(path: try saveCheckpoint())) }
      meter.restartClock()
    }
  }

  /// Evaluates samples in process 0; a stop during the evaluation leaves it out.
  private func evaluate(_ handler: (TrainingEvent) throws -> TrainingDecision) throws
    -> (evaluation: TrainingEvaluation?, wantsStop: Bool)
  {
    guard let sampleEvaluator else { return (nil, false) }
    let pause = IntervalTimer()
    defer { meter.leaveOut(since: pause) }
    guard
      let (evaluation, isBest) = try evaluator?.evaluate(
        trainer, by: sampleEvaluator, recorder, lastCheckpoint: lastCheckpoint)
    else { return (nil, true) }
    return (evaluation, try handler(.evaluation(evaluation, isBest: isBest)) == .stop)
  }

  private func reportStatistics(_ evaluation: TrainingEvaluation?) throws -> TrainingStatistics {
    let statistics = try meter.report(
      trainer, evaluation: evaluation, lastCheckpoint: lastCheckpoint)
    try recorder.append(statistics)
    return statistics
  }

  private func saveCheckpoint() throws -> String {
    try trainer.checkWeightsAgree()
    let rejections = try trainer.rejections()
    guard trainer.processes.isFirst else { return checkpoints.file(iteration: trainer.iteration) }
    return try checkpoints.write(
      trainer.objects,
      Checkpoint.Progress(
        iteration: trainer.iteration, transform: trainer.transform, rejections: rejections,
        configuration: trainer.configuration, scenes: scenes))
  }

  /// Only for the advice of an error that is about to be thrown, which must not be lost to another.
  private var lastCheckpoint: String? { (try? checkpoints.files())?.last }
}
