import Datasets
import DurableFiles
import Foundation
import Jobs
import Kernel
import NetworkRuns
import Patches
import RasterIO
import RunSupport
import TestSupport
import Testing
import TorchCore

@testable import FieldTraining
@testable import GANModel

@Suite struct FieldTrainerTests {
  private typealias Run = NetworkTrainingRun<FieldTrainer>
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two scenes of waves, one loud and one quiet.
  private func dataset(side: Int = 160) throws -> RateDataset {
    func waves(_ size: Float) -> [Float] {
      (0..<side * side).map { place in
        let (row, column) = (Float(place / side), Float(place % side))
        return size * sinf(row / 17) * cosf(column / 23) + 0.2 * sinf(row * 1.9 + column * 0.7)
      }
    }
    return try dataset(["loud": waves(12), "quiet": waves(0.5)], side: side)
  }

  private func dataset(_ scenes: KeyValuePairs<String, [Float]>, side: Int) throws -> RateDataset {
    let files = scenes.map { folder.file("\($0.key).npy") }
    for (file, scene) in zip(files, scenes) {
      try NpyArray(shape: [side, side], values: scene.value).write(to: file)
    }
    var reading = RasterReadOptions()
    reading.unit = .centimetersPerYear
    let output = folder.file("dataset-\(side)")
    _ = try DatasetPreparation(reading: reading).run(files: files, output: output)
    return try RateDataset.open(output)
  }

  private func configuration(_ iterations: Int) -> FieldConfiguration {
    var configuration = FieldConfiguration()
    configuration.iterations = iterations
    configuration.batchSize = 2
    configuration.architecture = .init(channels: 1, discriminatorChannels: 1, noisePlanes: 1)
    configuration.features.weight = 0
    configuration.average.calibrationBatches = 2
    configuration.output.statisticsEveryIterations = 2
    configuration.output.checkpointEveryIterations = 2
    configuration.execution.device = .cpu
    configuration.execution.threads = 1
    return configuration
  }

  private func start(
    _ configuration: FieldConfiguration, _ samples: FieldSamples, root: String
  ) throws -> Run {
    try .start(
      configuration, samples: samples, validation: nil, sources: ["waves"],
      root: folder.file(root))
  }

  private func sameFiles(_ a: String, _ b: String) -> Bool {
    let files = [a, b].map { FileManager.default.contents(atPath: $0) }
    return files[0] != nil && files[0] == files[1]
  }

  /// A run without a stop, and one that was stopped after three iterations and goes on.
  private func wholeAndResumed(
    _ configuration: FieldConfiguration, _ samples: FieldSamples
  ) throws -> (whole: Run, resumed: Run) {
    let whole = try start(configuration, samples, root: "whole")
    try whole.run { _ in true }
    let first = try start(configuration, samples, root: "parts")
    try first.run { event in
      if case .iteration(3) = event { return false }
      return true
    }
    #expect(first.iteration == 3 && !first.isFinished)
    #expect(NetworkCheckpoint<FieldConfiguration>.isNewest(of: first.folder.path))
    let second = try Run.resume(
      first.folder.path, samples: samples, validation: nil, sources: ["waves"])
    try second.run { _ in true }
    #expect(second.isFinished)
    return (whole, second)
  }

  @Test func aResumedRunIsTheSameBitForBit() throws {
    let samples = try FieldSamples(dataset: dataset())
    var configuration = configuration(5)
    configuration.optimizer.holdIterations = 1
    let (whole, second) = try wholeAndResumed(configuration, samples)
    #expect(sameFiles(whole.networkFile, second.networkFile))
    let lines = try StatsLog.read(FieldStatistics.self, from: second.folder.statsFile)
    #expect(lines.map(\.step) == [2, 3, 4, 5])
    #expect(lines.allSatisfy { $0.discriminatorLoss.isFinite && $0.generatorLoss.isFinite })
  }

  /// The model has the labels of its scenes, and its maps their statistics.
  @Test func theModelDrawsMaps() throws {
    let run = try start(configuration(2), FieldSamples(dataset: dataset()), root: "runs")
    try run.run { _ in true }
    let model = try FieldModel.read(run.networkFile)
    #expect(model.description.scenes == ["loud", "quiet"])
    #expect(model.description.iterations == 2)
    let bounds = model.labelBounds
    #expect(bounds.spread.lowerBound < 1 && bounds.spread.upperBound > 5)
    #expect(try #require(bounds.quietFraction).upperBound == 1)
    let greatest = try #require(model.description.greatestRateCMPerYear)
    #expect(abs(greatest - 1.5 * 12.2) < 0.5)
    var draw = FieldDraw(seed: 1, map: 0)
    let spreads = try ["loud", "quiet"].map { style in
      draw.choice.style = [style: 1]
      let map = try model.map(draw, width: 64, height: 64)
      let mean = map.reduce(0, +) / Float(map.count)
      return (map.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(map.count)).squareRoot()
    }
    #expect(spreads[0] > 3 * spreads[1], "\(spreads)")
  }

  /// Rough from north to south, smooth from east to west.
  private func roughFromNorthToSouth(side: Int) throws -> RateDataset {
    var random = CounterRandom(3, .testInput)
    var values: [Float] = []
    for _ in 0..<side {
      var value = random.normal()
      for _ in 0..<side {
        value = 0.9 * value + 0.44 * random.normal()
        values.append(Float(4 * value))
      }
    }
    return try dataset(["rough": values], side: side)
  }

  /// It learns: of ground that is rough from north to south and smooth from east to west, generated
  /// maps get the direction.
  @Test(.tags(.slow)) func aDirectionIsLearned() throws {
    var settings = configuration(80)
    settings.batchSize = 8
    settings.architecture = .init(channels: 2, discriminatorChannels: 2, noisePlanes: 1)
    settings.reorientedShare = 0
    let samples = try FieldSamples(dataset: roughFromNorthToSouth(side: 200))
    let trainer = try FieldTrainer(settings, samples: samples)
    let real = try withoutGradients {
      let sampler = try PatchSampler(
        scenes: samples.dataset.trainingScenes, configuration: settings.data, patchSize: 64,
        seed: 3, stream: .testInput)
      let patches = try (0..<32).flatMap { try sampler.patch(at: $0).values }
      return try Self.direction(
        FieldNormalization.seen(Tensor(patches, shape: [32, 1, 64, 64])).images)
    }
    func drawn() throws -> Double {
      var random = CounterRandom(4, .testInput)
      return try withoutGradients {
        try Self.direction(
          trainer.generator.seen(
            trainer.generator.latents(32, &random),
            labels: Tensor.zeros([32, FieldNormalization.labelCount])))
      }
    }
    let before = try drawn()
    while !trainer.isFinished { _ = try trainer.step() }
    let after = try drawn()
    #expect(real > 1.5 && abs(before) < 0.3 * real, "\(before), real \(real)")
    #expect(after > 0.5 * real && after < 1.5 * real, "\(before) -> \(after), real \(real)")
  }

  /// The logarithm of the mean square of steps between rows over that of steps between columns.
  private static func direction(_ maps: Tensor) throws -> Double {
    func steps(_ axis: Int) throws -> Double {
      let length = maps.shape[axis] - 1
      return try
        (maps.narrow(axis, from: 1, length: length) - maps.narrow(axis, from: 0, length: length))
        .square().mean().item()
    }
    return log(try steps(2) / steps(3))
  }

  @Test func trainingBeginsWithAModel() throws {
    let samples = try FieldSamples(dataset: dataset())
    let run = try start(configuration(4), samples, root: "first")
    try run.run { _ in true }
    let model = try FieldModel.read(run.networkFile)
    let more = try FieldSamples(
      dataset: dataset(side: 150), initial: .base(model, path: run.networkFile))
    let trainer = try FieldTrainer(configuration(1), samples: more)
    let task = try #require(trainer.task as? BaseTask)
    // The same network, asked for the same map through another table, draws the same.
    var random = CounterRandom(7, .testInput)
    let latents = try trainer.generator.latents(1, &random)
    let raw = try Tensor([0.4, 1.1, -0.2, -0.9, 0.05] as [Float], shape: [1, 5])
    try withoutGradients {
      try trainer.generator.setTraining(false)
      let here = try trainer.generator.seen(latents, labels: task.table.normalized(raw))
      func row(_ values: [Float]) throws -> Tensor { try Tensor(values, shape: [1, 5]) }
      let there = try model.base.seen(
        latents, labels: (raw - row(model.labelMeans)) / row(model.labelDeviations))
      let difference = try (here - there).abs().max().item()
      #expect(difference < 2e-3, "\(difference)")
    }
    let settings = FieldConfiguration(
      beginningWith: .base(model, path: run.networkFile))
    #expect(settings.architecture.channels == 1 && settings.architecture.noisePlanes == 1)
    #expect(settings.level == .native && settings.optimizer.holdIterations > 0)
    var wide = configuration(1)
    wide.architecture.channels = 2
    let error = #expect(throws: FieldError.self) { try FieldTrainer(wide, samples: more) }
    #expect("\(try #require(error))".contains("architecture.channels=1"))
  }

  @Test func theCoarseLevelTakesDetail() throws {
    var settings = configuration(1)
    settings.level = .coarse
    let data = try dataset(side: 300)
    let error = #expect(throws: FieldTrainingError.self) {
      try FieldTrainer(settings, samples: FieldSamples(dataset: data))
    }
    #expect("\(try #require(error))".contains("adds the detail"))
    let detail = try DetailModel.read(shippedModelPath("detail"))
    let run = try start(settings, FieldSamples(dataset: data, detail: detail), root: "coarse")
    try run.run { _ in true }
    let model = try FieldModel.read(run.networkFile)
    #expect(model.description.sizePixels == 256)
    let map = try model.map(FieldDraw(seed: 1, map: 0), width: 256, height: 256)
    #expect(map.count == 65_536 && map.allSatisfy(\.isFinite))
    for (level, remedy) in [(FieldConfiguration.Level.native, "level=coarse"), (.detail, "from")] {
      settings.level = level
      let error = #expect(throws: FieldTrainingError.self) {
        try FieldTrainer(settings, samples: FieldSamples(dataset: data, detail: detail))
      }
      #expect("\(try #require(error))".contains(remedy))
    }
  }

  private func detailConfiguration(_ iterations: Int) -> FieldConfiguration {
    var settings = configuration(iterations)
    settings.level = .detail
    settings.optimizer.gradientPenalty = 0
    return settings
  }

  @Test func aNetworkForDetailIsTrainedAndUsed() throws {
    let samples = try FieldSamples(dataset: dataset(side: 300))
    let (whole, second) = try wholeAndResumed(detailConfiguration(4), samples)
    #expect(sameFiles(whole.networkFile, second.networkFile))

    let detail = try DetailModel.read(whole.networkFile)
    #expect(detail.scenes == ["loud", "quiet"])
    let coarse: [Float] = (0..<64).map { 3 * sinf(Float($0)) }
    let map = try detail.refined(
      coarse, width: 8, height: 8, FieldDraw(seed: 1, map: 0), strength: 1, floor: 0.05)
    #expect(map.count == 1024 && map.allSatisfy(\.isFinite))

    // Another training goes on from it, and a coarse level takes its detail.
    let beginning = FieldBeginning.detail(detail, path: whole.networkFile)
    let settings = FieldConfiguration(beginningWith: beginning)
    #expect(settings.level == .detail && settings.architecture.channels == 1)
    #expect(settings.optimizer.gradientPenalty == 0 && settings.optimizer.holdIterations > 0)
    let more = try FieldTrainer(
      detailConfiguration(1), samples: FieldSamples(dataset: samples.dataset, initial: beginning))
    #expect(try more.step().allSatisfy { try $0.isAllFinite() })
    var level = configuration(1)
    level.level = .coarse
    let run = try start(
      level, FieldSamples(dataset: samples.dataset, detail: detail), root: "coarse")
    try run.run { _ in true }
    #expect(try FieldModel.read(run.networkFile).description.detailChannels == 1)
  }

  /// It learns: ground that is rough from north to south gets such detail.
  @Test(.tags(.slow)) func aDirectionOfDetailIsLearned() throws {
    var settings = detailConfiguration(60)
    settings.batchSize = 4
    settings.architecture = .init(channels: 2, discriminatorChannels: 2, noisePlanes: 1)
    settings.reorientedShare = 0
    let samples = try FieldSamples(dataset: roughFromNorthToSouth(side: 300))
    let trainer = try FieldTrainer(settings, samples: samples)
    let windows = try withoutGradients {
      let sampler = try PatchSampler.apart(settings, samples)
      let patches = try (0..<16).flatMap { try sampler.patch(at: $0).values }
      return try DetailWindow(
        Tensor(patches, shape: [16, 1, 128, 128]), floors: .full([16, 1, 1, 1], 0.05))
    }
    func drawn() throws -> Double {
      var random = CounterRandom(4, .testInput)
      return try withoutGradients {
        try Self.direction(
          trainer.generator.seen(trainer.generator.latents(16, &random), windows)
            .narrow(1, from: 0, length: 1))
      }
    }
    let real = try withoutGradients {
      try Self.direction(windows.seen().narrow(1, from: 0, length: 1))
    }
    let before = try drawn()
    while !trainer.isFinished { _ = try trainer.step() }
    let after = try drawn()
    #expect(real > 1 && abs(before) < 0.3 * real, "\(before), real \(real)")
    #expect(after > 0.25 * real && after < 1.5 * real, "\(before) -> \(after), real \(real)")
  }

  /// The discriminator on learned features learns beside the other one, and a resumed run goes on with
  /// it bit for bit.
  @Test func mapsAreJudgedByLearnedFeatures() throws {
    let trunk = shippedModelPath("features")
    let samples = try FieldSamples(dataset: dataset(), trunk: trunk)
    var settings = configuration(4)
    settings.features.weight = 1
    let (whole, second) = try wholeAndResumed(settings, samples)
    #expect(sameFiles(whole.networkFile, second.networkFile))
    let lines = try StatsLog.read(FieldStatistics.self, from: second.folder.statsFile)
    #expect(lines.allSatisfy { ($0.featureLoss ?? .nan).isFinite && $0.featureGap != nil })
    // What it says reaches the generator.
    let plain = try start(
      configuration(4), FieldSamples(dataset: samples.dataset), root: "plain")
    try plain.run { _ in true }
    #expect(!sameFiles(whole.networkFile, plain.networkFile))

    for (weight, trunk) in [(1.0, nil), (0, trunk)] {
      settings.features.weight = weight
      let error = #expect(throws: FieldTrainingError.self) {
        try FieldTrainer(settings, samples: FieldSamples(dataset: samples.dataset, trunk: trunk))
      }
      #expect("\(try #require(error))".contains("features.weight"))
    }
    var detail = detailConfiguration(1)
    detail.features.weight = 0.5
    let large = try FieldSamples(dataset: dataset(side: 300), trunk: trunk)
    #expect(
      try FieldTrainer(detail, samples: large).step().map { try $0.isAllFinite() }
        == Array(repeating: true, count: 5))
  }

  /// The heads learn to tell real pictures from generated ones.
  @Test(.tags(.slow)) func learnedFeaturesTellMapsApart() throws {
    var settings = configuration(30)
    settings.batchSize = 8
    settings.features.weight = 1
    settings.optimizer.holdIterations = 30
    let trainer = try FieldTrainer(
      settings, samples: FieldSamples(dataset: dataset(), trunk: shippedModelPath("features")))
    let losses = try (0..<30).map { _ in try trainer.step().map { try $0.item() } }
    let (first, last) = (losses[0], losses[29])
    #expect(abs(first[4]) < 0.5 && last[4] > 1, "\(first) \(last)")
    #expect(last[3] < 0.7 * first[3], "\(first) \(last)")
  }

  /// A run whose model still improves goes on.
  @Test func aResumedRunMayGetMoreIterations() throws {
    let samples = try FieldSamples(dataset: dataset())
    let short = try start(configuration(2), samples, root: "short")
    try short.run { _ in true }
    func resumed(_ change: String) throws -> Run {
      try Run.resume(
        short.folder.path, samples: samples, validation: nil, sources: ["waves"], sets: [change])
    }
    let error = #expect(throws: RunError.self) { try resumed("iterations=1") }
    #expect("\(try #require(error))".contains("raise iterations"))
    #expect(throws: RunError.self) { try resumed("batchSize=3") }
    let longer = try resumed("iterations=4")
    #expect(!longer.isFinished)
    try longer.run { _ in true }
    #expect(longer.iteration == 4 && longer.isFinished)
    #expect(try Run.configuration(ofRun: short.folder.path).iterations == 4)
  }

  @Test func settingsAreChecked() {
    var settings = configuration(1)
    settings.batchSize = 1
    settings.architecture.channels = 0
    settings.architecture.noisePlanes = 9
    settings.optimizer.gradientPenalty = -1
    settings.average.calibrationBatches = 0
    settings.data.workerThreads = 0
    let faults = settings.faults()
    for key in [
      "batchSize", "architecture.channels", "architecture.noisePlanes",
      "optimizer.gradientPenalty", "average.calibrationBatches", "data.workerThreads",
    ] { #expect(faults.contains { $0.hasPrefix(key) }, "\(key) in \(faults)") }
    for level in FieldConfiguration.Level.allCases {
      #expect(FieldConfiguration(level: level).faults() == [])
    }
    #expect(FieldConfiguration(level: .coarse).optimizer.gradientPenalty == 40)
  }
}
