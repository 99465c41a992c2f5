import TestSupport
import Testing

@testable import Datasets
@testable import Patches

@Suite struct PatchSamplerTests {
  private let scenes = [
    RateScene(name: "a", grid: syntheticGrid(width: 90, height: 70, seed: 1, holeShare: 0.03)),
    RateScene(name: "b", grid: syntheticGrid(width: 60, height: 61, seed: 2)),
    RateScene(name: "small", grid: syntheticGrid(width: 40, height: 40, seed: 3)),
  ]

  private func configuration() -> PatchLoaderConfiguration {
    var configuration = PatchLoaderConfiguration()
    configuration.patchesPerEpoch = 10
    configuration.filter = ConditionalFilter(theta: 0.6, epochs: EpochRange(from: 0, until: 4))
    configuration.offset.epochs = EpochRange(from: 0, until: 2)
    return configuration
  }

  private func scene(_ name: String) throws -> RateScene {
    try #require(scenes.first { $0.name == name })
  }

  @Test func aPatchIsTheWindowThatItSaysItIs() throws {
    let sampler = try PatchSampler(
      scenes: scenes, configuration: configuration(), patchSize: 24, seed: 7)
    var factors: Set<Int> = []
    for index in 0..<60 {
      let patch = try sampler.patch(at: index)
      factors.insert(patch.factor)
      #expect(patch.epoch == index / 10)
      let source = try scene(patch.scene)
      #expect(patch.windowSide == 24 * patch.factor)
      var expected = BoxMean.window(
        of: source.grid, column: patch.column, row: patch.row, side: 24, factor: patch.factor)
      let (quiet, valid) = sampler.configuration.filter.count(expected)
      #expect(patch.noDataShare == Double(576 - valid) / 576)
      #expect(patch.noDataShare <= 0.1)
      if patch.epoch < 4 { #expect(Double(quiet) / Double(valid) <= 0.6) }
      try HoleFilling.fillFromRim(&expected, width: 24, height: 24)
      let turned = patch.symmetry(expected, side: 24).map { $0 + patch.offsetCMPerYear }
      #expect(sameBits(patch.values, turned))
      #expect((patch.offsetCMPerYear != 0) == (patch.epoch < 2))
      #expect(patch.rejections.accepted == 1)
      #expect(!patch.values.contains { $0.isNaN })
    }
    #expect(factors == [1, 2])
  }

  @Test func theFilterRejectsOnlyWhileItIsOn() throws {
    let sampler = try PatchSampler(
      scenes: scenes, configuration: configuration(), patchSize: 24, seed: 7)
    var on = 0
    for index in 0..<40 { on += try sampler.patch(at: index).rejections.filter }
    var off = 0
    for index in 40..<80 { off += try sampler.patch(at: index).rejections.filter }
    #expect(on > 0 && off == 0)
  }

  @Test func patchesDependOnSeedAndIndexAlone() throws {
    let first = try PatchSampler(
      scenes: scenes, configuration: configuration(), patchSize: 16, seed: 1)
    let again = try PatchSampler(
      scenes: scenes, configuration: configuration(), patchSize: 16, seed: 1)
    let other = try PatchSampler(
      scenes: scenes, configuration: configuration(), patchSize: 16, seed: 2)
    #expect(try first.patch(at: 33) == again.patch(at: 33))
    _ = try again.patch(at: 4)
    #expect(try first.patch(at: 33) == again.patch(at: 33))
    #expect(try first.patch(at: 33).values != first.patch(at: 34).values)
    #expect(try first.patch(at: 33).values != other.patch(at: 33).values)
  }

  @Test func windowsAreSpreadEvenlyOverAllPlaces() throws {
    var plain = plainConfiguration()
    let sampler = try PatchSampler(scenes: scenes, configuration: plain, patchSize: 32, seed: 3)
    let places = scenes.map { Double(($0.grid.width - 31) * ($0.grid.height - 31)) }
    let draws = 6000
    var counts: [String: Int] = [:]
    var columns = 0.0
    for index in 0..<draws {
      let patch = try sampler.patch(at: index)
      counts[patch.scene, default: 0] += 1
      if patch.scene == "a" { columns += Double(patch.column) }
    }
    for (scene, count) in zip(scenes, places) {
      let expected = Double(draws) * count / places.reduce(0, +)
      // Five standard errors.
      #expect(abs(Double(counts[scene.name] ?? 0) - expected) < 5 * expected.squareRoot())
    }
    #expect(abs(columns / Double(counts["a"] ?? 1) - 29) < 1.5)  // columns 0...58

    plain.sceneWeighting = .equal
    let equal = try PatchSampler(scenes: scenes, configuration: plain, patchSize: 32, seed: 3)
    var small = 0
    for index in 0..<3000 where try equal.patch(at: index).scene == "small" { small += 1 }
    #expect(abs(small - 1000) < 150)
  }

  @Test func equalWeightsHoldAfterTheRules() throws {
    // One loud scene, and one in which few windows pass the filter.
    var mostlyQuiet = syntheticGrid(width: 90, height: 90, amplitude: 0.5)
    for row in 40..<60 {
      for column in 40..<60 { mostlyQuiet.values[row * 90 + column] += 8 }
    }
    var configuration = plainConfiguration()
    configuration.filter.epochs = .always
    let loud = RateGrid(width: 90, height: 90, values: (0..<8100).map { Float($0 % 90) + 4 })
    let pair = [RateScene(name: "loud", grid: loud), RateScene(name: "quiet", grid: mostlyQuiet)]
    func quietShare(_ weighting: PatchLoaderConfiguration.SceneWeighting) throws -> Double {
      configuration.sceneWeighting = weighting
      let sampler = try PatchSampler(
        scenes: pair, configuration: configuration, patchSize: 20, seed: 3)
      let names = try (0..<1000).map { try sampler.patch(at: $0).scene }
      return Double(names.count { $0 == "quiet" }) / 1000
    }
    #expect(try quietShare(.area) < 0.1)
    #expect(abs(try quietShare(.equal) - 0.5) < 0.08)
  }

  @Test func theMixOfScalesIsKeptWhateverTheFilterRejects() throws {
    var configuration = configuration()
    configuration.multiScale.mix = [
      MultiScale.Scale(factor: 1, weight: 3), MultiScale.Scale(factor: 2, weight: 1),
    ]
    let sampler = try PatchSampler(
      scenes: scenes, configuration: configuration, patchSize: 24, seed: 5)
    var doubled = 0
    for index in 0..<2000 where try sampler.patch(at: index, epoch: 0).factor == 2 { doubled += 1 }
    #expect(abs(doubled - 500) < 100)
  }

  @Test func scenesTooSmallForAScaleAreLeftOutOfItsDraw() throws {
    var configuration = plainConfiguration()
    configuration.multiScale = MultiScale()
    let sampler = try PatchSampler(
      scenes: scenes, configuration: configuration, patchSize: 28, seed: 5)
    for index in 0..<300 {
      let patch = try sampler.patch(at: index)
      #expect(patch.factor == 1 || patch.scene != "small")
    }
    #expect(sampler.warnings.contains { $0.contains("small (40x40) is left out at scale 2") })
    let larger = try PatchSampler(
      scenes: scenes, configuration: configuration, patchSize: 38, seed: 5)
    #expect(try (0..<50).allSatisfy { try larger.patch(at: $0).factor == 1 })
    #expect(larger.warnings.contains { $0.hasPrefix("scale 2 is left out: no scene") })
  }

  @Test func multiScaleHasItsOwnSchedule() throws {
    var configuration = plainConfiguration()
    configuration.multiScale = MultiScale(
      mix: [MultiScale.Scale(factor: 2, weight: 1)], epochs: EpochRange(from: 1, until: 2))
    let sampler = try PatchSampler(
      scenes: scenes, configuration: configuration, patchSize: 16, seed: 5)
    #expect(try (0..<3).map { try sampler.patch(at: 9, epoch: $0).factor } == [1, 2, 1])
  }

  @Test func zoomedAndTurnedPatchesObeyTheRulesToo() throws {
    var configuration = configuration()
    configuration.augmentation.minimumZoom = 0.8
    configuration.augmentation.maximumZoom = 2
    configuration.augmentation.maximumRotationDegrees = 20
    let sampler = try PatchSampler(
      scenes: scenes, configuration: configuration, patchSize: 24, seed: 7)
    var sides: Set<Int> = []
    for index in 0..<60 {
      let patch = try sampler.patch(at: index, epoch: 3)
      sides.insert(patch.windowSide / patch.factor)
      #expect(patch.noDataShare <= 0.1 && !patch.values.contains { !$0.isFinite })
      if patch.noDataShare == 0 {
        let (quiet, valid) = configuration.filter.count(patch.values)
        #expect(configuration.filter.keeps(quiet: quiet, valid: valid))
      }
    }
    #expect(sides.count > 10)
  }

  @Test func unsafeChangesComeOnlyWhenAskedFor() throws {
    var configuration = plainConfiguration()
    let before = try PatchSampler(
      scenes: scenes, configuration: configuration, patchSize: 16, seed: 1)
    configuration.augmentation.signFlipProbability = 1
    configuration.augmentation.minimumGain = 2
    configuration.augmentation.maximumGain = 2
    let after = try PatchSampler(
      scenes: scenes, configuration: configuration, patchSize: 16, seed: 1)
    let plain = try before.patch(at: 0).values
    #expect(try after.patch(at: 0).values == plain.map { -2 * $0 })
  }
}
