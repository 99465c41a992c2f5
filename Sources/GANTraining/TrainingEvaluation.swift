import DurableFiles
import GANModel
import Kernel
import Pictures
import TorchCore

/// Metrics of samples that were drawn during a run.
public struct SampleMetrics: Sendable {
  /// The name of the value by which the best model is selected; lower is better.
  public var selectionMetric: String
  /// All metrics by name.
  public var values: [String: Double]
  /// Real patches and samples embedded in a plane; `nil` where there are too few.
  package var picture: PNGImage?

  public init(selectionMetric: String, values: [String: Double]) {
    self.init(selectionMetric: selectionMetric, values: values, picture: nil)
  }

  package init(selectionMetric: String, values: [String: Double], picture: PNGImage?) {
    self.selectionMetric = selectionMetric
    self.values = values
    self.picture = picture
  }
}

/// Computes metrics of maps of [S * S] values in cm/yr, row-major; of maps with several quantities, of
/// the first one.
///
/// The caller of a run supplies it, because evaluation is a higher-level module than training.
public typealias SampleEvaluator = (_ maps: [[Float]]) throws -> SampleMetrics

/// Metrics with their place in the run, as `stats.jsonl` and `best.json` hold them.
public struct TrainingEvaluation: Sendable, Equatable, Codable {
  public var step: Int
  public var epoch: Double
  public var selectionMetric: String
  public var values: [String: Double]

  /// The selection metric: lower is better; not finite if the samples could not be evaluated.
  public var value: Double { values[selectionMetric] ?? .infinity }

  private enum CodingKeys: String, CodingKey {
    case step, epoch
    case selectionMetric = "decides"
    case values
  }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Values are written in order of their names, so that the same run gives the same bytes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(selectionMetric, forKey: .selectionMetric)
    var inner = container.nestedContainer(keyedBy: Name.self, forKey: .values)
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      try inner.encode(value, forKey: Name(stringValue: name))
    }
  }
}

/// Evaluates samples of a run and keeps the best model. Of several processes only the first has one.
struct TrainingEvaluator {
  private var best: BestModel

  init(_ best: BestModel) { self.best = best }

  /// Whether the selection metric has settled, so that the run may end.
  func hasSettled(_ trainer: Trainer) -> Bool {
    best.hasSettled(epoch: trainer.epoch, trainer.configuration.evaluation)
  }

  /// Evaluates samples of the averaged generator, and keeps it where it is the best so far.
  ///
  /// - Returns: `nil` where Ctrl-C ended the evaluation.
  /// - Throws: `TrainingError.lossNotFinite` for samples that are NaN or infinite, and what `metrics`
  ///   and the disk throw.
  mutating func evaluate(
    _ trainer: Trainer, by metrics: SampleEvaluator, _ recorder: RunRecorder,
    lastCheckpoint: String?
  ) throws -> (evaluation: TrainingEvaluation, isBest: Bool)? {
    let sampling = try SamplingGenerator(trainer)
    let maps = try sampling.mapsToEvaluate(trainer)
    guard maps.allSatisfy({ map in map.allSatisfy { $0.allSatisfy(\.isFinite) } }) else {
      throw TrainingError.lossNotFinite(
        iteration: trainer.iteration, lastCheckpoint: lastCheckpoint)
    }
    let found: SampleMetrics
    do {
      found = try metrics(maps.map { $0[0] })
    } catch RunError.interrupted {
      return nil
    }
    let evaluation = TrainingEvaluation(
      step: trainer.iteration, epoch: trainer.epoch, selectionMetric: found.selectionMetric,
      values: found.values)
    let isBest = try best.take(evaluation) { path in
      try recorder.writeModel(sampling, trainer, to: path)
    }
    try recorder.append(found, step: trainer.iteration)
    return (evaluation, isBest)
  }
}

extension SamplingGenerator {
  /// The maps for every evaluation of a run, always from the same latents: for each the values of its
  /// channels.
  func mapsToEvaluate(_ trainer: Trainer) throws -> [[[Float]]] {
    let configuration = trainer.configuration
    var random = CounterRandom(configuration.seed, .judgedLatents)
    let latents = try Latents.draw(
      configuration.evaluation.samples, generator.latentSize, &random)
    return try sample(latents, device: trainer.device, batchSize: configuration.batchSize)
      .channelsOfMaps()
  }
}
