import Datasets
import DurableFiles
import RunSupport
import Settings
import TorchProcesses

/// New runs, and runs that continue.
extension TrainingRun {
  /// A new run in a new numbered folder below `root`.
  ///
  /// - Parameter checkpoint: a checkpoint of another run to start from: its networks, averages,
  ///   optimizers and iteration, under the settings given here.
  /// - Throws: `TrainingError.checkpoint` where it does not fit them.
  public static func start(
    _ configuration: TrainingConfiguration, dataset: RateDataset, root: String,
    from checkpoint: Checkpoint? = nil, processes: TrainingProcesses = TrainingProcesses()
  ) throws -> TrainingRun {
    let configuration = try configuration.suited(to: dataset.quantity)
    // The trainer is created first, so that an error in the data or the device leaves no folder.
    let trainer = try trainer(configuration, dataset, from: checkpoint, processes)
    let folder = try processes.runFolder {
      try .create(in: root, name: configuration.name, configuration: configuration)
    }
    let lock = try processes.isFirst ? ResumableFolder(folder.path) : nil
    let run = try TrainingRun(folder, trainer, dataset, lock, isResumed: false)
    if let checkpoint {
      run.recorder.note("branched off from \(checkpoint.path)")
      if let note = checkpoint.randomStreamsNote { run.recorder.warn(note) }
    }
    if dataset.quantity != .rate {
      run.recorder.note(
        "the maps are \(dataset.quantity.words), so the conditional filter and the offset are off")
    }
    if dataset.quantities.count > 1 {
      run.recorder.note(
        "maps have \(dataset.quantities.count) channels: "
          + dataset.quantities.map(\.rawValue).joined(separator: ", "))
    }
    try run.recorder.writeRealPatches(trainer)
    return run
  }

  /// Finds all errors that `start` would find, and writes nothing.
  /// - Returns: the trainer that would be used.
  /// - Throws: as `start`.
  package static func check(
    _ configuration: TrainingConfiguration, dataset: RateDataset, root: String,
    from checkpoint: Checkpoint? = nil
  ) throws -> Trainer {
    try RunFolder.checkRoot(root)
    return try trainer(
      try configuration.suited(to: dataset.quantity), dataset, from: checkpoint, TrainingProcesses()
    )
  }

  /// Continues from the newest whole checkpoint of a run folder.
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
    let lock = try processes.isFirst ? ResumableFolder(folder.path) : nil
    let checkpoint = try CheckpointFolder(folder).newest()
    let configuration = try changed(checkpoint.configuration, sets)
    try checkpoint.check(dataset)
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
    try trainer.restore(checkpoint)
    let run = try TrainingRun(folder, trainer, dataset, lock, isResumed: true)
    run.recorder.note("resumed from \(checkpoint.path)")
    if run.lacksSnapshot { try run.recorder.writeSnapshot(trainer) }
    if let note = checkpoint.randomStreamsNote { run.recorder.warn(note) }
    return run
  }

  private static func trainer(
    _ configuration: TrainingConfiguration, _ dataset: RateDataset, from checkpoint: Checkpoint?,
    _ processes: TrainingProcesses
  ) throws -> Trainer {
    try checkpoint?.checkBranch(configuration, dataset)
    let trainer = try Trainer(
      configuration: configuration, dataset: dataset, transform: checkpoint?.transform,
      processes: processes)
    if let checkpoint { try trainer.restore(checkpoint) }
    return trainer
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
        "a resumed run can change execution.*, output.*, evaluation.* and raise epochs; for other "
          + "settings start a new run"
      ])
    }
    return changed
  }

  /// Whether the run was killed after it saved an epoch and before it drew the images of that
  /// epoch.
  private var lacksSnapshot: Bool {
    let iteration = trainer.iteration
    return iteration > 0
      && (trainer.isFinished || trainer.configuration.drawsSnapshot(after: iteration))
      && trainer.processes.isFirst && !recorder.hasSnapshot(iteration: iteration)
  }
}
