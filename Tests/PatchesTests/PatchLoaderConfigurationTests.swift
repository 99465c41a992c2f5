import Foundation
import Testing

@testable import Patches

@Suite struct PatchLoaderConfigurationTests {
  @Test func defaultsHaveNoFaultsAndAreThePapers() {
    let configuration = PatchLoaderConfiguration()
    #expect(configuration.faults().isEmpty)
    #expect(configuration.offset.maximumCMPerYear == 5)
    #expect(configuration.multiScale.mix.map(\.factor) == [1, 2])
    #expect(configuration.maximumNoDataShare == 0.1)
  }

  @Test func unsafeAugmentationIsOffUnlessAskedFor() {
    let augmentation = PatchLoaderConfiguration().augmentation
    #expect(augmentation.signFlipProbability == 0)
    #expect(augmentation.minimumGain == 1 && augmentation.maximumGain == 1)
    #expect(augmentation.maximumRotationDegrees == 0)
    #expect(!augmentation.resamples)
  }

  @Test func survivesJSON() throws {
    var configuration = PatchLoaderConfiguration()
    configuration.filter.keep = .atLeastTheta
    configuration.offset.mode = .realsAndFakes
    configuration.multiScale.epochs = EpochRange(from: 4, until: nil)
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(PatchLoaderConfiguration.self, from: data) == configuration)
  }

  @Test func allFaultsAreReportedAtOnceWithTheirKeys() {
    let configuration = PatchLoaderConfiguration(
      patchesPerEpoch: 0, maximumNoDataShare: .nan, maximumTriesPerPatch: 0,
      filter: ConditionalFilter(quietRateCMPerYear: -1, theta: 30),
      offset: RateOffset(maximumCMPerYear: .infinity),
      multiScale: MultiScale(mix: [
        MultiScale.Scale(factor: 0, weight: -1), MultiScale.Scale(factor: 0, weight: .nan),
      ]),
      augmentation: Augmentation(
        minimumZoom: 0.1, signFlipProbability: 2, minimumGain: 0, maximumRotationDegrees: 90),
      workerThreads: 0, prefetchedBatches: 0)
    let faults = configuration.faults(prefix: "data.")
    for key in [
      "patchesPerEpoch", "maximumNoDataShare", "maximumTriesPerPatch",
      "filter.quietRateCMPerYear", "filter.theta", "offset.maximumCMPerYear",
      "multiScale.mix[0].factor", "multiScale.mix[0].weight", "multiScale.mix[1].weight",
      "multiScale.mix has a factor", "multiScale.mix has no", "augmentation.minimumZoom",
      "augmentation.signFlipProbability", "augmentation.minimumGain",
      "augmentation.maximumRotationDegrees", "workerThreads", "prefetchedBatches",
    ] {
      #expect(faults.contains { $0.hasPrefix("data.\(key)") }, "no fault for \(key)")
    }
  }
}
