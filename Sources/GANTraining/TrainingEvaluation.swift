import DurableFiles
import Foundation
import GANModel
import Kernel
import Pictures
import RunSupport
import Settings

/// What a judge says of samples in the course of a run.
public struct TrainingVerdict: Sendable {
  /// The name of the value that decides which model is best; lower is better.
  public var decides: String
  /// Every number by its name.
  public var values: [String: Double]
  /// Real patches and samples in one plane; `nil` where there are too few.
  public var picture: PNGImage?

  public init(decides: String, values: [String: Double], picture: PNGImage? = nil) {
    self.decides = decides
    self.values = values
    self.picture = picture
  }
}

/// Judges maps of [S * S] values in cm/yr. The command supplies it: evaluation lies above training.
public typealias TrainingJudge = (_ maps: [[Float]]) throws -> TrainingVerdict

/// A verdict with its place in the run, as `stats.jsonl` and `best.json` hold it.
public struct TrainingEvaluation: Sendable, Equatable, Codable {
  public var step: Int
  public var epoch: Double
  public var decides: String
  public var values: [String: Double]

  /// Lower is better; not finite where the samples could not be measured.
  public var value: Double { values[decides] ?? .infinity }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Values in the order of their names, so that the same run gives the same bytes.
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

/// The best evaluation so far: `best.json`, and its model in `model-best.safetensors`.
struct BestModel {
  let recordFile: String
  let modelFile: String
  private(set) var best: TrainingEvaluation?
  /// Evaluations since the best one that were no better.
  private(set) var evaluationsSince = 0

  /// What an earlier session of the run left.
  /// - Parameter history: the run's evaluations up to where it goes on.
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

  /// Keeps the model where its value is the lowest so far; another measure starts anew.
  /// - Parameter write: writes the model to the path that it is given.
  /// - Returns: whether it is the best.
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

  /// Whether the figures have settled: no better for as many evaluations as the settings wait.
  func hasSettled(epoch: Double, _ settings: TrainingConfiguration.Evaluation) -> Bool {
    settings.patienceEvaluations > 0 && epoch >= Double(settings.minimumEpochs)
      && best != nil && evaluationsSince >= settings.patienceEvaluations
  }
}

extension SamplingGenerator {
  /// The maps that every evaluation of a run looks at: always the same latents.
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
