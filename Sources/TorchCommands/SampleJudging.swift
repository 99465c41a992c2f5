import Commands
import Evaluation
import GANTraining
import InceptionFeatures
import Patches

extension TrainingRun {
  /// Enables evaluation of samples according to the run's settings, against real patches of its
  /// dataset.
  ///
  /// The reference is drawn as by `ganinsar evaluate --no-filter`, because the filter is off at the
  /// end of the schedule. It is the same for every seed of training.
  func judgeSamples(dataset: String) throws {
    let configuration = trainer.configuration
    let settings = configuration.evaluation
    guard settings.everyEpochs > 0 else { return }
    let real = try PatchSetReader(
      count: 2 * settings.samples, patchSize: configuration.architecture.sizePixels,
      stream: .judgePatches, drawing: PatchSetReader.drawing(filter: false)
    ).read(dataset, name: "real")
    let backend: FeatureBackend =
      switch settings.weights {
      case "auto": .libTorch()
      case "none": .withoutNetwork
      default: .libTorch(weights: settings.weights)
      }
    let evaluator = try SampleEvaluator(
      real: real, backend: backend, rule: RateImageRule(real.quantity),
      cache: FeatureCache(folder: FeatureCache.standardFolder()))
    note(
      "every \(settings.everyEpochs) epochs \(settings.samples) samples are judged by "
        + (evaluator.missing.map { "deformation statistics, not by FID and KID: \($0)" }
          ?? "KID, with FID and t-SNE beside it"))
    sampleEvaluator = { maps in
      let metrics = try evaluator.evaluate(maps)
      return GANTraining.SampleMetrics(
        selectionMetric: metrics.selectionMetric, values: metrics.values, picture: metrics.picture)
    }
  }
}
