import Foundation
import Kernel
import NetworkRuns
import RasterIO
import RunSupport
import TestSupport
import Testing
import TorchCore

@testable import PhaseNetworks

@Suite struct AtmosphereRunTests {
  /// Bowls, and waves of random direction as atmosphere.
  static func samples(size: Int = 64, identity: String = "bowls", count: Int? = nil)
    -> AtmosphereSamples
  {
    AtmosphereSamples(size: size, identity: identity, count: count) { number in
      var random = CounterRandom(UInt64(number), .testInput)
      let center = (random.uniform(0.3...0.7), random.uniform(0.3...0.7))
      let depth = random.uniform(-4...4)
      let (east, north) = (random.uniform(-0.5...0.5), random.uniform(-0.5...0.5))
      let start = random.uniform(0...6)
      func map(_ value: (Double, Double) -> Double) -> [Float] {
        (0..<size * size).map { Float(value(Double($0 % size), Double($0 / size))) }
      }
      let side = Double(size)
      return AtmosphereSample(
        size: size,
        deformationCM: map { x, y in
          let distance = hypot(x / side - center.0, y / side - center.1)
          return depth * exp(-distance * distance * 20)
        },
        atmosphereCM: map { x, y in 0.8 * sin(east * x + north * y + start) })
    }
  }

  static func configuration(_ iterations: Int) -> AtmosphereConfiguration {
    var configuration = AtmosphereNetworkTests.configuration
    configuration.iterations = iterations
    configuration.output.statisticsEveryIterations = 2
    configuration.output.checkpointEveryIterations = 2
    configuration.output.validationSamples = 3
    return configuration
  }

  private typealias Run = NetworkTrainingRun<AtmosphereTrainer>

  private static func start(
    _ folder: TemporaryFolder, _ configuration: AtmosphereConfiguration, root: String,
    samples: AtmosphereSamples = samples()
  ) throws -> Run {
    try Run.start(
      configuration, samples: samples, validation: Self.samples(identity: "v", count: 3),
      sources: ["bowls"], root: folder.file(root))
  }

  @Test(arguments: AtmosphereConfiguration.Method.allCases)
  func aResumedRunIsTheSameBitForBit(_ method: AtmosphereConfiguration.Method) throws {
    let folder = try TemporaryFolder()
    var configuration = Self.configuration(5)
    configuration.method = method
    let whole = try Self.start(folder, configuration, root: "whole")
    try whole.run { _ in true }

    let first = try Self.start(folder, configuration, root: "parts")
    try first.run { event in
      if case .iteration(3) = event { return false }
      return true
    }
    #expect(first.iteration == 3 && !first.isFinished)
    let second = try Run.resume(
      first.folder.path, samples: Self.samples(),
      validation: Self.samples(identity: "v", count: 3), sources: ["bowls"])
    try second.run { _ in true }
    #expect(second.isFinished)
    let files = [whole, second].map { FileManager.default.contents(atPath: $0.networkFile) }
    #expect(files[0] != nil && files[0] == files[1])
    let lines = try StatsLog.read(AtmosphereStatistics.self, from: second.folder.statsFile)
    #expect(lines.map(\.step) == [2, 3, 4, 5])
    #expect(lines.last?.validationErrorCM?.isFinite == true)
    // Checkpoints hold the discriminators too, which the network's file does not.
    let states = try [whole, second].map {
      try Data(
        contentsOf: URL(
          fileURLWithPath: CheckpointFiles($0.folder).all().last!))
    }
    #expect(states[0] == states[1])
  }

  @Test func theSupervisedNetworkLearnsAndIsScored() throws {
    let folder = try TemporaryFolder()
    var configuration = Self.configuration(80)
    configuration.method = .supervised
    configuration.batchSize = 4
    configuration.architecture.channels = 4
    configuration.optimizer.generatorLearningRate = 5e-3
    configuration.optimizer.averageDecay = 0.9
    configuration.output.checkpointEveryIterations = 80
    let samples = Self.samples(size: 32)
    let run = try Self.start(folder, configuration, root: "runs", samples: samples)
    try run.run { _ in true }
    let file = try AtmosphereFile.read(run.folder.path + "/network.safetensors")
    #expect(file.description.samplesSeen == 320 && file.description.method == .supervised)
    let scores = try AtmosphereScoring(
      samples: Self.samples(size: 32, identity: "test"), count: 6,
      networks: [("network", AtmosphereProcessor(file, windowPixels: 32))]
    ).run()
    #expect(scores.map(\.method) == ["network", "no correction", "plane removed", "high-pass"])
    #expect(scores[0].all.errorRMSCM < 0.8 * scores[1].all.errorRMSCM, "\(scores.map(\.all))")
    #expect(scores[1].all.takenRMSCM == 0 && scores[1].all.improved == 0)
    #expect(abs(scores[1].all.errorRMSCM - scores[1].all.atmosphereRMSCM) < 1e-5)
    // Each map is in one group of each kind.
    for kind in ["atmosphere", "deformation"] {
      #expect(scores[0].groups.filter { $0.by == kind }.reduce(0) { $0 + $1.maps } == 6)
    }
  }

  @Test func otherKindsOfFilesAreTold() throws {
    let folder = try TemporaryFolder()
    let run = try Self.start(folder, Self.configuration(1), root: "runs")
    try run.run { _ in true }
    #expect(AtmosphereFile.isOne(run.networkFile))
    let error = #expect(throws: PhaseNetworkError.self) { try NetworkFile.read(run.networkFile) }
    #expect(error?.description.contains("another kind") == true)
    let unwrapping = try NetworkRun.start(
      NetworkRunTests.configuration(1), samples: NetworkRunTests.samples(), validation: nil,
      sources: [], root: folder.file("phase"))
    try unwrapping.run { _ in true }
    let other = #expect(throws: PhaseNetworkError.self) {
      try AtmosphereFile.read(unwrapping.networkFile)
    }
    #expect(other?.description.contains("\(OptionName.task("atmosphere"))") == true)
    let resumed = #expect(throws: NetworkTrainingError.self) {
      try NetworkRun.resume(
        run.folder.path, samples: NetworkRunTests.samples(), validation: nil, sources: [])
    }
    #expect(resumed?.description.contains("another kind of training") == true)
  }

  @Test func samplesThatDoNotFitLeaveNoFolder() throws {
    let folder = try TemporaryFolder()
    func message(_ configuration: AtmosphereConfiguration, _ samples: AtmosphereSamples) -> String {
      do {
        _ = try Self.start(folder, configuration, root: "runs", samples: samples)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message(Self.configuration(1), Self.samples(size: 48)).contains("64, 128, 256, 512"))
    #expect(message(Self.configuration(1), Self.samples(size: 63)).contains("multiple of 2"))
    var supervised = Self.configuration(1)
    supervised.method = .supervised
    let measured = AtmosphereSamples(
      size: 64, identity: "m", withCount: nil, with: { _ in [] }, withoutCount: nil,
      without: { _ in [] })
    #expect(message(supervised, measured).contains("not known"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
  }

  @Test func ofNoSampleBothMapsAreUsed() throws {
    let samples = Self.samples(size: 4, count: 5)
    #expect(samples.withCount == 3 && samples.withoutCount == 2)
    let known = try #require(samples.known)
    let with = try (0..<3).map(samples.with)
    let without = try (0..<2).map(samples.without)
    #expect(try with == [0, 2, 4].map { try known($0).withAtmosphereCM })
    #expect(try without == [1, 3].map { try known($0).deformationCM })
    let endless = Self.samples(size: 4)
    #expect(try endless.without(0) != known(0).deformationCM)
  }

  @Test func settingsOutOfRangeAreAllTold() {
    var configuration = AtmosphereConfiguration()
    configuration.optimizer.beta1 = 1
    configuration.architecture.discriminatorChannels = 0
    configuration.data.scaleCM = 0
    configuration.output.validationSamples = -1
    #expect(configuration.faults().count == 4)
    #expect(AtmosphereConfiguration().faults().isEmpty)
  }
}
