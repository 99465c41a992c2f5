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
    var configuration = PatchLoaderConfiguration()
    configuration.patchesPerEpoch = 0
    configuration.maximumNoDataShare = .nan
    configuration.maximumTriesPerPatch = 0
    configuration.filter = ConditionalFilter(quietRateCMPerYear: -1, theta: 30)
    configuration.offset.maximumCMPerYear = .infinity
    configuration.multiScale.mix = [
      MultiScale.Scale(factor: 0, weight: -1), MultiScale.Scale(factor: 0, weight: .nan),
    ]
    configuration.augmentation.minimumZoom = 0.1
    configuration.augmentation.signFlipProbability = 2
    configuration.augmentation.minimumGain = 0
    configuration.augmentation.maximumRotationDegrees = 90
    configuration.workerThreads = 0
    configuration.prefetchedBatches = 0
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
