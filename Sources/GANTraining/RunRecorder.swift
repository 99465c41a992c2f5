import Datasets
import DurableFiles
import GANModel
import Logging
import RunSupport

/// Writes what a run leaves in its folder besides checkpoints: messages, `stats.jsonl`, TensorBoard
/// events, pictures, and models to sample from.
///
/// Of several processes only the first writes; in the others every call does nothing.
final class RunRecorder {
  private struct Files {
    let stats: StatsLog
    let board: TensorBoardWriter
    let snapshots: SnapshotWriter
  }

  private let folder: RunFolder
  private let scenes: [String]
  private let logger: Logger
  /// `nil` in processes that write nothing.
  private let files: Files?

  /// - Parameter isResumed: lines of the statistics after the trainer's iteration are dropped.
  /// - Throws: `RunError` where a file cannot be read or written.
  init(_ folder: RunFolder, _ trainer: Trainer, _ dataset: RateDataset, isResumed: Bool) throws {
    self.folder = folder
    scenes = dataset.trainingScenes.map(\.name)
    let processes = trainer.processes
    guard processes.isFirst else {
      logger = try RunLog.logger(level: .error)
      files = nil
      return
    }
    logger = try RunLog.logger(file: folder.logFile)
    let step = isResumed ? trainer.iteration : nil
    files = Files(
      stats: try step.map { try StatsLog(path: folder.statsFile, resumingAfter: $0) }
        ?? StatsLog(path: folder.statsFile),
      board: try TensorBoardWriter(folder: folder.path, resumingAfter: step),
      snapshots: try SnapshotWriter(
        folder, trainer, patchHeading: dataset.manifest.patchHeading))
    if processes.count > 1 { note("training with \(processes.count) processes") }
    for text in processes.notes + trainer.loader.sampler.warnings { warn(text) }
    if let text = dataset.signNote { warn(text) }
  }

  func note(_ text: String) { logger.info("\(text)") }
  func warn(_ text: String) { logger.warning("\(text)") }

  var modelFile: String { folder.file("model.safetensors") }

  /// The lines of `stats.jsonl` so far.
  func earlierStatistics() throws -> [TrainingStatistics] {
    try StatsLog.read(TrainingStatistics.self, from: folder.statsFile)
  }

  func append(_ statistics: TrainingStatistics) throws {
    guard let files else { return }
    try files.stats.append(statistics)
    for (tag, value) in [
      ("loss/discriminator", statistics.lossDiscriminator),
      ("loss/generator", statistics.lossGenerator), ("logit/real", statistics.logitReal),
      ("logit/fake", statistics.logitFake),
      ("speed/secondsPerIteration", statistics.secondsPerIteration),
    ] {
      try files.board.addScalar(tag, value, step: statistics.step)
    }
  }

  func append(_ metrics: SampleMetrics, step: Int) throws {
    guard let files else { return }
    for (name, value) in metrics.values.sorted(by: { $0.key < $1.key }) {
      try files.board.addScalar("evaluation/\(name)", value, step: step)
    }
    guard let picture = metrics.picture else { return }
    try picture.write(to: folder.file("snapshots/tsne-\(step.zeroPadded(8)).png"))
    try files.board.addImage(
      "tsne", png: picture.encoded(), width: picture.width, height: picture.height, step: step)
  }

  func writeRealPatches(_ trainer: Trainer) throws {
    guard let files else { return }
    let picture = try files.snapshots.writeReal(trainer)
    try files.board.addImage(
      "real", png: picture.encoded(), width: picture.width, height: picture.height, step: 0)
  }

  /// Writes the averaged generator as the run's model, and a grid of its samples.
  func writeSnapshot(_ trainer: Trainer) throws {
    guard let files else { return }
    let sampling = try SamplingGenerator(trainer)
    try writeModel(sampling, trainer, to: modelFile)
    let picture = try files.snapshots.write(sampling, trainer)
    try files.board.addImage(
      "generated", png: picture.encoded(), width: picture.width, height: picture.height,
      step: trainer.iteration)
  }

  func hasSnapshot(iteration: Int) -> Bool {
    FileSystem.exists(folder.file("snapshots/generated-\(iteration.zeroPadded(8)).png"))
  }

  func writeModel(_ sampling: SamplingGenerator, _ trainer: Trainer, to path: String) throws {
    let description = ModelDescription(
      architecture: trainer.configuration.architecture, transform: trainer.transform,
      iterations: trainer.iteration,
      patchesSeen: trainer.iteration * trainer.configuration.batchSize,
      scenes: scenes, patches: trainer.configuration.data, epoch: Int(trainer.epoch))
    try ModelFile.write(sampling.generator, description, to: path)
  }
}
