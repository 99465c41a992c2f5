import TestSupport
import Testing

@testable import Datasets
@testable import Patches

@Suite struct PatchSamplerErrorTests {
  private func sampler(
    _ grid: RateGrid, _ configuration: PatchLoaderConfiguration = PatchLoaderConfiguration(),
    patchSize: Int = 16
  ) throws -> PatchSampler {
    try PatchSampler(
      scenes: [RateScene(name: "only", grid: grid)], configuration: configuration,
      patchSize: patchSize, seed: 1)
  }

  private var quiet: RateGrid {
    RateGrid(width: 64, height: 64, values: (0..<4096).map { Float($0 % 7) * 0.1 })
  }

  @Test func whenTheFilterRejectsAllTheErrorNamesItAndTheSetting() {
    let text = message { _ = try sampler(quiet) }
    #expect(text.contains("every patch is rejected"))
    #expect(text.contains("data.filter.theta (now 0.3)") && text.contains("'harmonize'"))
    var loud = PatchLoaderConfiguration()
    loud.filter.keep = .atLeastTheta
    loud.filter.quietRateCMPerYear = 0.01
    #expect(message { _ = try sampler(quiet, loud) }.contains("Lower data.filter.theta"))
  }

  @Test func whenNoDataRejectsAllTheErrorNamesItAndTheSetting() {
    let grid = syntheticGrid(width: 64, height: 64, holeShare: 0.9)
    let text = message {
      _ = try sampler(grid, plainConfiguration())
    }
    #expect(text.contains("data.maximumNoDataShare (now 0.1)"))
  }

  @Test func aFilterThatNeverRunsNeedNotPass() throws {
    #expect(try sampler(quiet, plainConfiguration()).patch(at: 0).rejections.tried == 1)
  }

  @Test func aFilterThatPassesNothingAtOneScaleLeavesThatScaleOut() throws {
    // Stripes two pixels wide: loud as they are, quiet once averaged over 4.
    let stripes = RateGrid(
      width: 80, height: 80, values: (0..<6400).map { $0 % 80 % 4 < 2 ? 9 : -9 })
    var configuration = PatchLoaderConfiguration()
    configuration.multiScale.mix = [
      MultiScale.Scale(factor: 1, weight: 1), MultiScale.Scale(factor: 4, weight: 1),
    ]
    let mixed = try sampler(stripes, configuration)
    #expect(try (0..<20).allSatisfy { try mixed.patch(at: $0, epoch: 0).factor == 1 })
    #expect(mixed.warnings.contains { $0.hasPrefix("scale 4 is left out while the filter is on") })
    // With the filter off, the scale is back.
    #expect(try (0..<20).contains { try mixed.patch(at: $0, epoch: 80).factor == 4 })
  }

  @Test func sceneSmallerThanThePatch() {
    let text = message { _ = try sampler(quiet, patchSize: 65) }
    #expect(text.contains("65x65") && text.contains("only with 64x64"))
    #expect(text.contains("minimumSize: 65"))
    var zoomed = plainConfiguration()
    zoomed.augmentation.maximumZoom = 1.01
    #expect(message { _ = try sampler(quiet, zoomed, patchSize: 80) }.contains("no scene is large"))
  }

  @Test func triesAreLimitedWhereTheRulesCannotBeCheckedBefore() throws {
    var configuration = PatchLoaderConfiguration()
    configuration.maximumTriesPerPatch = 50
    configuration.augmentation.maximumZoom = 2
    let zoomed = try sampler(quiet, configuration)
    let text = message { _ = try zoomed.patch(at: 3) }
    #expect(text.contains("patch 3, epoch 0") && text.contains("of 50 windows"))
    #expect(text.contains("filter.theta"))
  }

  @Test func nothingToDrawFromAndFaultsTogether() {
    var configuration = PatchLoaderConfiguration()
    configuration.patchesPerEpoch = 0
    let text = message {
      _ = try PatchSampler(scenes: [], configuration: configuration, patchSize: 0, seed: 1)
    }
    #expect(text.contains("patchesPerEpoch is 0") && text.contains("no scene to draw from"))
    #expect(text.contains("patch size is 0"))
  }
}
