import HTMLReport
import Testing

@testable import Evaluation
@testable import EvaluationPage

@Suite struct ReportRowsTests {
  private let record: EvaluationRecord

  init() throws { record = try SyntheticEvaluation().withFeatures().result.record }

  private func row(_ name: String) throws -> ReportMetric {
    try #require(ReportRows(record).metrics.first { $0.name == name })
  }

  @Test("a row holds each set's own number, none for real, and the control")
  func features() throws {
    let fid = try row("FID")
    #expect(fid.values.count == 3 && fid.values[0] == nil && fid.goal == .lower)
    #expect(fid.values[1]?.value == record.sets[0].features?.fid.value)
    #expect(fid.values[2]?.value == record.sets[1].features?.fid.value)
    #expect(fid.values[2]!.value > fid.values[1]!.value)
    #expect(fid.control?.value == record.control?.features?.fid.value)
    let coverage = try row("Coverage")
    #expect(coverage.values[1]?.value == record.sets[0].features?.coverage.value)
    #expect(coverage.goal == .higher)
  }

  @Test("KID is a thousand times itself, its interval and its standard error too")
  func kid() throws {
    let kid = try #require(record.sets[0].features?.kid)
    let shown = try #require(try row("KID x 1000").values[1])
    #expect(shown.value == kid.value * 1000)
    #expect(shown.low == kid.low! * 1000 && shown.high == kid.high! * 1000)
    #expect(
      try row("KID x 1000, standard error").values[1]?.value == kid.standardError! * 1000)
  }

  @Test("FID infinity is left out of small sets")
  func infinity() throws {
    #expect(try row("FID infinity").values == [nil, nil, nil])
  }

  @Test("what maps look like has a number for real too, and says its thresholds")
  func statistics() throws {
    let quiet = try row("Quiet share")
    #expect(quiet.values[0]?.value == record.real.deformation?.statistics.quietShare?.value)
    #expect(quiet.values[2]?.value == record.sets[1].deformation?.statistics.quietShare?.value)
    #expect(quiet.goal == .nearReference && quiet.explanation.contains("3 cm/yr"))
    #expect(try row("Blobs").explanation.contains("of 16 pixels"))
    #expect(try row("Residues").explanation.contains("365 days of sentinel-1"))
    #expect(try row("Steps beyond half a fringe").values.count == 3)
    // Constant maps have no spectrum.
    #expect(try row("Spectral slope").values[2] == nil)
    #expect(try row("Spectra, log distance").values[2] == nil)
    #expect(
      try row("Rates, Wasserstein-1").values[1]?.value
        == record.sets[0].deformation?.comparison?.rateWassersteinCMPerYear.value)
  }

  @Test("without a network there are no rows of features")
  func noNetwork() throws {
    var record = record
    record.network = nil
    let groups = Set(ReportRows(record).metrics.map(\.group))
    #expect(!groups.contains("Inception features") && groups.count == 3)
  }

  @Test("curves: one a set, none where there is no power, histograms with one edge more")
  func curves() throws {
    let plots = ReportCurves(record).plots
    #expect(plots.map(\.title) == ["Radial power spectrum", "Variogram", "Rates", "Gradients"])
    #expect(plots.map { $0.series.map(\.set) } == [[0, 1], [0, 1], [0, 1, 2], [0, 1, 2]])
    let spectrum = try #require(record.sets[0].deformation?.statistics.spectrum)
    #expect(plots[0].series[1].y == spectrum.power.map(\.value))
    #expect(plots[0].series[1].x == spectrum.cyclesPerPixel)
    #expect(plots[0].series[1].low.count == spectrum.power.count)
    for series in plots[2].series { #expect(series.x.count == series.y.count + 1) }
    #expect(plots[2].series[0].x.first == -25 && plots[2].series[0].x.last == 25)
    // Every constant map has one rate, all within -2 to 2 cm/yr.
    let flat = zip(plots[2].series[2].x, plots[2].series[2].y).filter { $1 > 0 }.map(\.0)
    #expect(flat.allSatisfy { (-2.5...2).contains($0) } && !flat.isEmpty)
  }

  @Test("patches that pairs need are added once, after the first")
  func shownPatches() {
    let shown = ShownPatches(first: 3, of: 10, needed: [7, 1, 7, 5, 12])
    #expect(shown.indices == [0, 1, 2, 5, 7])
    #expect(shown.place(of: 7) == 4 && shown.place(of: 1) == 1 && shown.place(of: 6) == nil)
  }
}
