import DurableFiles
import Foundation
import GANModel
import Kernel
import Pictures
import RunSupport
import Settings

/// The metrics of samples during a run.
public struct TrainingVerdict: Sendable {
  /// The name of the selection metric; lower is better.
  public var decides: String
  /// All metrics by name.
  public var values: [String: Double]
  /// t-SNE of real patches and samples; `nil` if there are too few.
  public var picture: PNGImage?

  public init(decides: String, values: [String: Double], picture: PNGImage? = nil) {
    self.decides = decides
    self.values = values
    self.picture = picture
  }
}

/// Evaluates maps of [S * S] values in cm/yr. The command supplies this closure, because the
/// evaluation module is above the training module.
public typealias TrainingJudge = (_ maps: [[Float]]) throws -> TrainingVerdict

/// The metrics with their position in the run, as stored in `stats.jsonl` and `best.json`.
public struct TrainingEvaluation: Sendable, Equatable, Codable {
  public var step: Int
  public var epoch: Double
  public var decides: String
  public var values: [String: Double]

  /// The selection metric: lower is better; not finite if the samples could not be evaluated.
  public var value: Double { values[decides] ?? .infinity }

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
    try container.encode(decides, forKey: .decides)
    var inner = container.nestedContainer(keyedBy: Name.self, forKey: .values)
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      try inner.encode(value, forKey: Name(stringValue: name))
    }
  }
}

/// The best evaluation so far in `best.json`, and its model in `model-best.safetensors`.
struct BestModel {
  let recordFile: String
  let modelFile: String
  private(set) var best: TrainingEvaluation?
  /// Number of evaluations since the best one.
  private(set) var evaluationsSince = 0

  /// Restores the state of an earlier session of the run.
  /// - Parameter history: the run's evaluations before the point where it continues.
  init(_ folder: RunFolder, history: [TrainingEvaluation]) throws {
    recordFile = folder.file("best.json")
    modelFile = folder.file("model-best.safetensors")
    guard !history.isEmpty, FileSystem.exists(recordFile),
      FileSystem.exists(modelFile)
    else { return }
    let data = try InputFile.read(recordFile)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let best = try? decoder.decode(TrainingEvaluation.self, from: data) else {
      throw TrainingError.checkpoint(
        path: recordFile, reason: "cannot be understood: remove it to start the search anew")
    }
    self.best = best
    evaluationsSince = history.count { $0.step > best.step }
  }

  /// Keeps the model if its selection metric is the lowest so far; a different metric starts again.
  /// - Parameter write: writes the model to the given path.
  /// - Returns: whether it is the best one.
  mutating func take(
    _ evaluation: TrainingEvaluation, write: (_ path: String) throws -> Void
  ) throws -> Bool {
    if let best, best.decides == evaluation.decides, !(evaluation.value < best.value) {
      evaluationsSince += 1
      return false
    }
    try write(modelFile)
    try AtomicFile.write(
      Data(try OrderedJSON.text(of: evaluation).utf8), to: recordFile)
    best = evaluation
    evaluationsSince = 0
    return true
  }

  /// Whether there was no improvement for the number of evaluations in the settings.
  func hasSettled(epoch: Double, _ settings: TrainingConfiguration.Evaluation) -> Bool {
    settings.patienceEvaluations > 0 && epoch >= Double(settings.minimumEpochs)
      && best != nil && evaluationsSince >= settings.patienceEvaluations
  }
}

extension SamplingGenerator {
  /// The maps for every evaluation of a run, always from the same latents.
  func mapsToJudge(_ trainer: Trainer) throws -> [[Float]] {
    let configuration = trainer.configuration
    var random = CounterRandom(configuration.seed, .judgedLatents)
    let latents = try Latents.draw(
      configuration.evaluation.samples, generator.latentSize, &random)
    let values = try sample(
      latents, device: trainer.device, batchSize: configuration.batchSize
    ).floats()
    let size = configuration.architecture.sizePixels
    return stride(from: 0, to: values.count, by: size * size).map {
      Array(values[$0..<$0 + size * size])
    }
  }
}
