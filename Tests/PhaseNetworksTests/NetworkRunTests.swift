import DurableFiles
import Foundation
import InSARPhase
import Kernel
import NetworkRuns
import RunSupport
import TestSupport
import Testing
import TorchCore

@testable import PhaseNetworks

@Suite struct NetworkRunTests {
  /// Ramps of random slopes with noise.
  static func samples(size: Int = 16, identity: String = "ramps") -> PhaseSamples {
    PhaseSamples(size: size, identity: identity) { number in
      var random = CounterRandom(UInt64(number), .testInput)
      let (east, north) = (random.uniform(-0.8...0.8), random.uniform(-0.8...0.8))
      let clean = (0..<size * size).map {
        Float(Double($0 % size) * east + Double($0 / size) * north)
      }
      let noisy = clean.map { wrapped($0 + 0.7 * Float(random.normal())) }
      return PhaseSample([
        "wrapped": noisy, "clean": wrapped(clean), "coherence": clean.map { _ in 0.6 },
        "unwrapped": zip(clean, noisy).map { $0 + wrapped($1 - $0) },
      ])!
    }
  }

  static func configuration(_ iterations: Int) -> NetworkConfiguration {
    var configuration = NetworkConfiguration()
    configuration.iterations = iterations
    configuration.batchSize = 2
    (configuration.architecture.channels, configuration.architecture.levels) = (3, 2)
    configuration.output.statisticsEveryIterations = 2
    configuration.output.checkpointEveryIterations = 3
    configuration.output.validationSamples = 3
    configuration.execution.threads = 1
    return configuration
  }

  private static func start(
    _ folder: TemporaryFolder, _ configuration: NetworkConfiguration, root: String
  ) throws -> NetworkRun {
    try NetworkRun.start(
      configuration, samples: samples(), validation: samples(identity: "v"), sources: ["ramps"],
      root: folder.file(root))
  }

  @Test(arguments: PhaseArchitecture.Stages.allCases)
  func aResumedRunIsTheSameBitForBit(_ stages: PhaseArchitecture.Stages) throws {
    let folder = try TemporaryFolder()
    var configuration = Self.configuration(8)
    configuration.architecture.stages = stages
    let whole = try Self.start(folder, configuration, root: "whole")
    try whole.run { _ in true }

    let first = try Self.start(folder, configuration, root: "parts")
    try first.run { event in
      if case .iteration(4) = event { return false }
      return true
    }
    #expect(first.iteration == 4 && !first.isFinished)
    let second = try NetworkRun.resume(
      first.folder.path, samples: Self.samples(), validation: Self.samples(identity: "v"),
      sources: ["ramps"])
    try second.run { _ in true }
    #expect(second.isFinished)
    let files = [whole, second].map { FileManager.default.contents(atPath: $0.networkFile) }
    #expect(files[0] != nil && files[0] == files[1])
    let lines = try StatsLog.read(NetworkStatistics.self, from: second.folder.statsFile)
    #expect(lines.map(\.step) == [2, 3, 4, 6, 8])
    #expect(lines.last?.validationPhaseLoss?.isFinite == true)
  }

  @Test func otherSamplesOrSettingsAreRefused() throws {
    let folder = try TemporaryFolder()
    let run = try Self.start(folder, Self.configuration(3), root: "runs")
    try run.run { _ in true }
    #expect(throws: NetworkTrainingError.self) {
      try NetworkRun.resume(
        run.folder.path, samples: Self.samples(identity: "other"), validation: nil, sources: [])
    }
    #expect(throws: RunError.self) {
      try NetworkRun.resume(
        run.folder.path, samples: Self.samples(), validation: nil, sources: [],
        sets: ["optimizer.learningRate=1"])
    }
  }

  @Test func aSizeThatTheLevelsDoNotDivideLeavesNoFolder() throws {
    let folder = try TemporaryFolder()
    #expect(throws: PhaseNetworkError.self) {
      try NetworkRun.start(
        Self.configuration(3), samples: Self.samples(size: 15), validation: nil, sources: [],
        root: folder.file("runs"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
  }

  @Test func itLearns() throws {
    let folder = try TemporaryFolder()
    var configuration = Self.configuration(120)
    configuration.optimizer.warmUpIterations = 5
    configuration.optimizer.averageDecay = 0.9
    configuration.batchSize = 4
    configuration.output.checkpointEveryIterations = 120
    configuration.output.statisticsEveryIterations = 20
    let run = try Self.start(folder, configuration, root: "runs")
    try run.run { _ in true }
    let lines = try StatsLog.read(NetworkStatistics.self, from: run.folder.statsFile)
    // Uniform phases have log(2 pi) = 1.84 nats; noise of 0.7 rad has 1.06, unfiltered.
    #expect(lines.last!.phaseLoss < lines.first!.phaseLoss - 0.2, "\(lines)")

    let file = try NetworkFile.read(run.folder.path + "/network.safetensors")
    #expect(file.description.samplesSeen == 480 && file.description.sources == ["ramps"])
    let scoring = NetworkScoring(
      samples: Self.samples(), count: 4, processor: PhaseProcessor(file, windowPixels: 16))
    let scores = try scoring.run()
    #expect(scores.map(\.method) == ["network", "goldstein 0.8", "no filter"])
    #expect(scores[0].all.filteredRMSRadians < scores[2].all.filteredRMSRadians)
  }

  @Test func aDamagedOrForeignNetworkIsTold() throws {
    let folder = try TemporaryFolder()
    let run = try Self.start(folder, Self.configuration(1), root: "runs")
    try run.run { _ in true }
    var bytes = FileManager.default.contents(atPath: run.networkFile)!
    bytes[bytes.count - 5] ^= 1
    try bytes.write(to: URL(fileURLWithPath: folder.file("damaged.safetensors")))
    #expect(throws: TorchError.self) {
      try NetworkFile.read(folder.file("damaged.safetensors"))
    }
    #expect(throws: TorchError.self) { try NetworkFile.read(folder.file("missing.safetensors")) }
    let checkpoint = try CheckpointFiles(run.folder).all()[0]
    let error = #expect(throws: PhaseNetworkError.self) { try NetworkFile.read(checkpoint) }
    #expect(error?.description.contains("another kind") == true)
  }

  @Test func settingsOutOfRangeAreAllTold() {
    var configuration = NetworkConfiguration()
    configuration.iterations = 0
    configuration.architecture.levels = 99
    configuration.data.unknownCoherence = 2
    #expect(configuration.faults().count == 3)
    #expect(NetworkConfiguration().faults().isEmpty)
  }

  @Test func theLearningRateRisesAndFalls() {
    var configuration = NetworkConfiguration()
    configuration.iterations = 1000
    let rates = [0, 49, 599, 800, 999].map(configuration.learningRate)
    #expect(rates[0] < rates[1] && rates[1] == configuration.optimizer.learningRate)
    #expect(rates[2] == rates[1] && rates[3] < rates[2] && rates[4] < rates[3] && rates[4] > 0)
  }
}
