import DurableFiles
import Foundation
import RunSupport
import Settings

/// The best evaluation so far in `best.json`, and its model in `model-best.safetensors`.
struct BestModel {
  let recordFile: String
  let modelFile: String
  private(set) var best: TrainingEvaluation?
  /// Number of evaluations since the best one.
  private(set) var evaluationsSince = 0

  /// Reads what an earlier session of the run left.
  /// - Parameter history: the run's evaluations up to where it continues.
  /// - Throws: `TrainingError.checkpoint` for a `best.json` that cannot be decoded.
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
    let best: TrainingEvaluation
    do {
      best = try decoder.decode(TrainingEvaluation.self, from: data)
    } catch {
      throw TrainingError.checkpoint(
        path: recordFile,
        reason: "cannot be understood: delete it, and the search for the best "
          + "model starts anew")
    }
    self.best = best
    evaluationsSince = history.count { $0.step > best.step }
  }

  /// Keeps the model where its value is the lowest so far; another metric starts anew.
  /// - Parameter write: writes the model to the path that it is given.
  /// - Returns: whether it is the best.
  mutating func take(
    _ evaluation: TrainingEvaluation, write: (_ path: String) throws -> Void
  ) throws -> Bool {
    if let best, best.selectionMetric == evaluation.selectionMetric,
      !(evaluation.value < best.value)
    {
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

  /// Whether the metric has settled: no better for as many evaluations as the settings wait.
  func hasSettled(epoch: Double, _ settings: TrainingConfiguration.Evaluation) -> Bool {
    settings.patienceEvaluations > 0 && epoch >= Double(settings.minimumEpochs)
      && best != nil && evaluationsSince >= settings.patienceEvaluations
  }
}
