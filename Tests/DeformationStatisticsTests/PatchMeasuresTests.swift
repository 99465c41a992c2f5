import Testing

@testable import DeformationStatistics

/// One patch, held against NumPy and SciPy.
@Suite struct PatchMeasuresTests {
  private let bootstrap: Bootstrap

  init() throws { bootstrap = try Bootstrap(resamples: 10) }

  private func set(_ patch: StatisticsFixture.Case) throws -> RatePatches {
    try RatePatches(name: "fixture", size: patch.size, patches: [patch.patch])
  }

  @Test func spectraAgreeWithNumPy() throws {
    for item in try StatisticsFixture.load().cases {
      let spectrum = try RadialSpectrum(set(item), bootstrap: bootstrap)
      #expect(spectrum.power.count == item.rings.count)
      for (ours, theirs) in zip(spectrum.power, item.rings) {
        #expect(abs(ours.value - theirs) < 1e-6 * theirs)
      }
      #expect(spectrum.cyclesPerPixel[0] == 1 / Double(item.size))
    }
  }

  @Test func variogramsAgreeWithNumPy() throws {
    for item in try StatisticsFixture.load().cases {
      let variogram = try Variogram(set(item), bootstrap: bootstrap)
      #expect(variogram.lagsPixels == item.lags)
      for (ours, theirs) in zip(variogram.semivariance, item.variogram) {
        #expect(abs(ours.value - theirs) < 1e-5 * theirs)
      }
    }
  }

  @Test func blobsAgreeWithSciPy() throws {
    for item in try StatisticsFixture.load().cases {
      let blobs = try Blobs(
        item.patch, size: item.size, thresholdCMPerYear: item.threshold,
        minimumAreaPixels: item.minimumArea
      ).blobs
      #expect(item.components.count > 2)
      let ours = blobs.map { [Double($0.areaPixels), Double($0.peakCMPerYear)] }
        .sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
      #expect(ours == item.components)
    }
  }

  @Test func phaseAgreesWithNumPy() throws {
    for item in try StatisticsFixture.load().cases {
      let phase = PhaseDensity(
        item.patch, size: item.size, radiansPerCMPerYear: item.radiansPerCMPerYear)
      let loops = Double((item.size - 1) * (item.size - 1))
      #expect(item.residues > 0)
      #expect((phase.residuesPerLoop * loops).rounded() == Double(item.residues))
      #expect(abs(phase.fringesPerPixel - item.fringes) < 1e-5 * item.fringes)
    }
  }

  @Test func aPlaneHasOneFringeRateAndNoResidue() {
    // 0.5 cm/yr a pixel along rows at 2 rad: 1 / 2 pi fringes a pixel.
    let plane = (0..<256).map { Float($0 % 16) * 0.5 }
    let phase = PhaseDensity(plane, size: 16, radiansPerCMPerYear: 2)
    #expect(abs(phase.fringesPerPixel - 1 / (2 * Double.pi)) < 1e-9)
    #expect(phase.residuesPerLoop == 0 && phase.aliasedStepShare == 0)
    let steep = PhaseDensity(plane, size: 16, radiansPerCMPerYear: 8)
    #expect(steep.aliasedStepShare == 0.5)  // steps along rows, and none along columns
  }

  @Test func quietShareAndGradientAgreeWithNumPy() throws {
    for item in try StatisticsFixture.load().cases {
      var settings = settings
      settings.thresholdCMPerYear = Double(item.threshold)
      let statistics = try SetStatistics(set(item), settings)
      #expect(abs(statistics.measures["quietShare"]!.value - item.quietShare) < 1e-9)
      #expect(
        abs(statistics.measures["meanGradientCMPerYearPixel"]!.value - item.meanGradient)
          < 1e-5 * item.meanGradient)
    }
  }

  @Test func thresholdsThatMakeNoSenseAreRefused() {
    let patch = [Float](repeating: 0, count: 64)
    #expect(throws: DeformationStatisticsError.self) {
      try Blobs(patch, size: 8, thresholdCMPerYear: 0, minimumAreaPixels: 1)
    }
    #expect(throws: DeformationStatisticsError.self) {
      try Blobs(patch, size: 8, thresholdCMPerYear: 1, minimumAreaPixels: 0)
    }
  }
}
