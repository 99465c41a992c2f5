import Kernel
import RunSupport
import Settings
import TorchCore
import TorchNN
import TorchProcesses

/// What the schedule of a training needs of its optimizer's settings.
package protocol NetworkOptimizer {
  var warmUpIterations: Int { get }
  var decayFraction: Double { get }
  var averageDecay: Double { get }
}

/// What the settings of all such trainings have.
package protocol NetworkSettings: Sendable, Equatable, Codable, Validatable {
  associatedtype Optimizer: NetworkOptimizer
  /// Of checkpoints, so that those of another training are told apart.
  static var checkpointFormat: String { get }
  /// The last part of the run folder's name.
  var name: String { get }
  var iterations: Int { get set }
  var batchSize: Int { get }
  var optimizer: Optimizer { get }
  var output: NetworkOutput { get set }
  var execution: NetworkExecution { get set }
  /// The learning rate of an iteration, counted from 0, as the statistics state it.
  func learningRate(at iteration: Int) -> Double
}

extension NetworkSettings {
  package var schedule: NetworkSchedule {
    NetworkSchedule(
      iterations: iterations, warmUpIterations: optimizer.warmUpIterations,
      decayFraction: optimizer.decayFraction, averageDecay: optimizer.averageDecay)
  }

  package func checkRun(_ check: inout ParameterCheck) {
    check.inside("iterations", Double(iterations), 1...1_000_000_000)
    check.inside("batchSize", Double(batchSize), 1...65_536)
    check.require(
      name.utf8.count <= 200, "name has \(name.utf8.count) characters: use 200 or fewer")
  }
}

/// How learning rates and the moving average change during a training.
package struct NetworkSchedule: Sendable {
  let iterations: Int
  let warmUpIterations: Int
  /// The fraction of the run at whose end the rates fall to a fiftieth.
  let decayFraction: Double
  let averageDecay: Double

  /// A learning rate in an iteration, counted from 0.
  package func rate(_ full: Double, at iteration: Int) -> Double {
    let left = 1 - Double(iteration) / Double(iterations)
    let warm = Double(iteration + 1) / Double(max(1, warmUpIterations))
    let decay = decayFraction > 0 ? left / decayFraction : 1
    return full * min(1, warm) * max(0.02, min(1, decay))
  }

  /// Early on the average follows quickly.
  ///
  /// - Parameter iteration: how many iterations are done.
  package func averageDecay(after iteration: Int) -> Double {
    min(averageDecay, Double(iteration) / Double(iteration + 10))
  }
}

/// A line of `stats.jsonl`, as users see it while a training runs.
package protocol NetworkStatisticsLine: Sendable, Codable {
  var step: Int { get }
  /// The losses, for the progress line.
  var summary: String { get }
  /// What was measured on the validation samples, for the log; `nil` if nothing was.
  var validationSummary: String? { get }
}

/// The networks, optimizers and samples of a training, and one iteration of it: what
/// `NetworkTrainingRun` needs to train in a run folder.
package protocol NetworkTraining: AnyObject {
  associatedtype Settings: NetworkSettings
  associatedtype Samples
  /// Samples for the evaluation during training.
  associatedtype Batch
  associatedtype Line: NetworkStatisticsLine

  /// Finds the faults of settings, samples and device.
  init(_ configuration: Settings, samples: Samples, processes: TrainingProcesses) throws
  static func validation(_ samples: Samples, _ configuration: Settings) throws -> [Batch]
  /// In the run folder.
  static var networkFileName: String { get }
  /// Of samples: the same identity gives the same samples.
  static func identity(_ samples: Samples) -> String

  var configuration: Settings { get }
  var samples: Samples { get }
  var processes: TrainingProcesses { get }
  var iteration: Int { get }
  /// What has a state that training changes, by the name that checkpoints give it.
  var objects: KeyValuePairs<String, any Stateful> { get }
  /// The trained networks' parameters, which are alike in all processes.
  func parameters() throws -> [Tensor]

  /// One iteration.
  /// - Returns: the losses, detached, as many in each iteration.
  func step() throws -> [Tensor]
  /// Measures the network that is kept; `nil` without samples.
  func evaluate(_ batches: [Batch]) throws -> [Double]?
  /// - Parameters:
  ///   - means: of the losses of `step` since the last line.
  ///   - validation: what `evaluate` returned.
  func line(
    means: [Double], learningRate: Double, secondsPerIteration: Double, validation: [Double]?
  ) -> Line
  /// Puts the trainer where a checkpoint was: the next samples are those of a run without a stop.
  func restore(_ checkpoint: NetworkCheckpoint<Settings>) throws
  /// Writes the network that is kept.
  func writeNetwork(sources: [String], to path: String) throws
}

/// What processes must have in common.
private struct NetworkIntent<Settings: NetworkSettings>: Encodable {
  let configuration: Settings
  let samples: String
}

extension NetworkTraining {
  package static var networkFileName: String { "network.safetensors" }
  package var isFinished: Bool { iteration >= configuration.iterations }
  package func parameterCount() throws -> Int {
    try parameters().reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// Copies the state of process 0 to all processes.
  /// - Throws: `ProcessError.differ` if their settings, samples or iterations differ.
  func synchronizeState() throws {
    var settings = configuration
    settings.execution = .init()
    try processes.synchronize(
      objects, settings: NetworkIntent(configuration: settings, samples: Self.identity(samples)),
      iteration: iteration)
  }
}
