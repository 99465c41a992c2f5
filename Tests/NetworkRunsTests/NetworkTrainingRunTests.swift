import DurableFiles
import Foundation
import Kernel
import RunSupport
import TestSupport
import Testing
import TorchCore
import TorchNN
import TorchProcesses

@testable import NetworkRuns

/// Settings of a training of one number.
private struct SlopeSettings: NetworkSettings {
  static let checkpointFormat = "slope-checkpoint-1"
  struct Optimizer: NetworkOptimizer, Sendable, Equatable, Codable {
    var warmUpIterations = 0
    var decayFraction = 0.0
    var averageDecay = 0.9
  }

  var name = "slope"
  var iterations = 6
  var batchSize = 1
  var optimizer = Optimizer()
  var output = NetworkOutput()
  var execution = NetworkExecution()
  /// The iteration from which on losses are not finite.
  var breaksAt = Int.max

  func learningRate(at iteration: Int) -> Double { schedule.rate(0.1, at: iteration) }
  func faults() -> [String] {
    var check = ParameterCheck()
    checkRun(&check)
    output.check(&check)
    return check.faults
  }
}

private struct SlopeLine: NetworkStatisticsLine {
  var step: Int
  var loss: Double
  var summary: String { "loss \(loss)" }
  var validationSummary: String? { nil }
}

private final class SlopeModel: Module {
  let slope: Parameter
  init() throws { slope = try Parameter(.zeros([1])) }
}

/// Learns the number that its samples are.
private final class SlopeTraining: NetworkTraining {
  static func validation(_ samples: Double, _ configuration: SlopeSettings) throws -> [Double] {
    [samples]
  }
  static func identity(_ samples: Double) -> String { "\(samples)" }

  let configuration: SlopeSettings
  let samples: Double
  let processes: TrainingProcesses
  private(set) var iteration = 0
  let model: SlopeModel

  init(_ configuration: SlopeSettings, samples: Double, processes: TrainingProcesses) throws {
    (self.configuration, self.samples, self.processes) = (configuration, samples, processes)
    model = try SlopeModel()
  }

  var objects: KeyValuePairs<String, any Stateful> { ["model": model] }
  func parameters() throws -> [Tensor] { try model.parameters() }

  func step() throws -> [Tensor] {
    let slope = model.slope.tensor
    try withoutGradients {
      try slope.copy(
        from: slope.lerp(.full([1], samples), configuration.learningRate(at: iteration)))
    }
    iteration += 1
    let isBroken = iteration >= configuration.breaksAt
    return [try .full([], isBroken ? .nan : abs(slope.item() - samples))]
  }

  func evaluate(_ batches: [Double]) throws -> [Double]? { nil }
  func line(
    means: [Double], learningRate: Double, secondsPerIteration: Double, validation: [Double]?
  ) -> SlopeLine { SlopeLine(step: iteration, loss: means[0]) }
  func restore(_ checkpoint: NetworkCheckpoint<SlopeSettings>) throws {
    try checkpoint.load(objects)
    iteration = checkpoint.iteration
  }
  func writeNetwork(sources: [String], to path: String) throws {
    try Safetensors.write(["slope": model.slope.tensor.detached()], to: path)
  }
}

@Suite struct NetworkTrainingRunTests {
  private typealias Run = NetworkTrainingRun<SlopeTraining>
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func settings(breaksAt: Int = .max) -> SlopeSettings {
    var settings = SlopeSettings()
    settings.output.statisticsEveryIterations = 1
    settings.output.checkpointEveryIterations = 2
    settings.breaksAt = breaksAt
    return settings
  }

  private func start(_ settings: SlopeSettings, samples: Double = 3) throws -> Run {
    try .start(
      settings, samples: samples, validation: nil, sources: [], root: folder.file("runs"))
  }

  private func resume(_ run: Run, samples: Double = 3, sets: [String] = []) throws -> Run {
    try .resume(run.folder.path, samples: samples, validation: nil, sources: [], sets: sets)
  }

  private func slope(_ run: Run) throws -> Double {
    try Safetensors(path: run.networkFile).tensor("slope").item()
  }

  @Test func aRunLearnsAndSaysHow() throws {
    let run = try start(settings())
    var lines: [SlopeLine] = []
    try run.run { event in
      if case .statistics(let line) = event { lines.append(line) }
      return true
    }
    #expect(run.isFinished && run.iteration == 6)
    #expect(lines.map(\.step) == Array(1...6))
    #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.loss > $1.loss })
    #expect(try abs(slope(run) - 3 * (1 - pow(0.9, 6))) < 1e-5)
    #expect(try CheckpointFiles(run.folder).all().count == 2)
  }

  /// The state of a loss that is not finite is not kept, and the error names what is.
  @Test func aLossThatIsNotFiniteLeavesTheLastGoodCheckpoint() throws {
    let run = try start(settings(breaksAt: 5))
    let error = #expect(throws: NetworkTrainingError.self) { try run.run { _ in true } }
    let checkpoints = try CheckpointFiles(run.folder).all()
    let last = try #require(checkpoints.last)
    #expect(error == .lossNotFinite(iteration: 5, lastCheckpoint: last))
    #expect("\(try #require(error))".contains(last))
    #expect(try resume(run).iteration == 4)
    #expect(try abs(slope(run) - 3 * (1 - pow(0.9, 4))) < 1e-5)

    let early = try start(settings(breaksAt: 1))
    let first = #expect(throws: NetworkTrainingError.self) { try early.run { _ in true } }
    #expect(first == .lossNotFinite(iteration: 1, lastCheckpoint: nil))
  }

  @Test func aRunThatWasStoppedGoesOn() throws {
    let whole = try start(settings())
    try whole.run { _ in true }
    let parts = try start(settings())
    try parts.run { event in
      if case .iteration(3) = event { return false }
      return true
    }
    #expect(parts.iteration == 3 && !parts.isFinished)
    let rest = try resume(parts)
    try rest.run { _ in true }
    #expect(try slope(rest) == slope(whole))
    let more = try resume(rest, sets: ["iterations=8"])
    try more.run { _ in true }
    #expect(more.iteration == 8)
  }

  @Test func whatARunCannotContinueFromIsTold() throws {
    let run = try start(settings())
    try run.run { _ in true }
    let other = #expect(throws: NetworkTrainingError.self) { try resume(run, samples: 4) }
    #expect("\(try #require(other))".contains("other samples"))
    #expect(throws: RunError.self) { try resume(run, sets: ["batchSize=2"]) }
    #expect(throws: RunError.self) { try resume(run, sets: ["iterations=5"]) }
    for path in try CheckpointFiles(run.folder).all() {
      try Data("nothing".utf8).write(to: URL(filePath: path))
    }
    let damaged = #expect(throws: NetworkTrainingError.self) { try resume(run) }
    #expect("\(try #require(damaged))".contains("no usable checkpoint"))
  }
}
