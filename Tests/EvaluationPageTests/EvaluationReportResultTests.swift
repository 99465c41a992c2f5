import Foundation
import HTMLReport
import TestSupport
import Testing

@testable import Evaluation
@testable import EvaluationPage

@Suite struct EvaluationReportResultTests {
  private let evaluation: SyntheticEvaluation
  private let page: EvaluationReport

  init() throws {
    evaluation = try SyntheticEvaluation().withFeatures()
    page = try Self.page(evaluation.result)
  }

  private static func page(_ result: EvaluationResult) throws -> EvaluationReport {
    try #require(
      try EvaluationReport(result, command: "ganinsar evaluate", created: "2026-01-01T00:00:00Z"))
  }

  /// The bytes of one patch's picture.
  private func picture(_ set: Int, _ patch: Int, of page: EvaluationReport) throws -> [UInt8] {
    let bytes = try #require(Data(base64Encoded: page.sets[set].patches.pixels))
    let size = page.sets[set].patches.side * page.sets[set].patches.side
    return Array(bytes[patch * size..<(patch + 1) * size])
  }

  @Test("everything fits together, constant maps included")
  func whole() throws {
    #expect(throws: Never.self) { try page.html() }
    #expect(page.sets.map(\.name) == ["real", "copies", "flat"])
    #expect(page.sets.map(\.patches.count) == [24, 24, 24])
    #expect(page.warnings.contains { $0.contains("24 of 24 samples of flat are constant") })
    #expect(page.summary.contains("24 patches of 16x16 pixels") && page.summary.contains("N = 24"))
  }

  @Test("the page read back makes the same page")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    try page.writeJSON(to: folder.file("report.json"))
    #expect(try EvaluationReport.read(folder.file("report.json")) == page)
  }

  @Test("a copy is shown beside its original, the turn told")
  func copies() throws {
    let pixels = page.nearestPairs.filter { $0.set == 1 && $0.measure.contains("pixels") }
    let first = try #require(pixels.first)
    #expect(first.patch == 5 && first.reference == 3)
    #expect(first.caption == "0.00 cm/yr RMS after a flip or a turn")
    let shown = try picture(1, 5, of: page).sorted()
    #expect(try shown == picture(0, 3, of: page).sorted())
  }

  @Test("pairs beyond the patches of the map are shown too")
  func pairsBeyondTheMap() throws {
    var result = evaluation.result
    result.record.featureMap?.patchesPerSet = 2
    result.record.featureMap?.positions = [[0, 0, 1, 1], [0, 1, 1, 0], [5, 5, 6, 6]]
    result.record.featureMap?.outliers = []
    let small = try Self.page(result)
    #expect(throws: Never.self) { try small.html() }
    #expect(small.nearestPairs.count == page.nearestPairs.count)
    let pair = try #require(small.nearestPairs.first { $0.set == 1 })
    #expect(small.sets[1].patches.labels[pair.patch] == "item 5")
    #expect(small.sets[0].patches.labels[pair.reference] == "item 3")
    #expect(try picture(1, pair.patch, of: small) == picture(1, 5, of: page))
    #expect(small.embedding?.sets.map(\.patch) == [[0, 1], [0, 1], [0, 1]])
  }

  @Test("points of the map carry their own patch and place")
  func map() throws {
    let map = try #require(evaluation.result.record.featureMap)
    let embedding = try #require(page.embedding)
    #expect(embedding.sets.map(\.x.count) == [24, 24, 24])
    #expect(embedding.sets[2].x[7] == Double(map.positions[2][14]))
    #expect(embedding.sets[2].y[7] == Double(map.positions[2][15]))
    #expect(embedding.sets[2].patch[7] == 7)
    #expect(embedding.overlap == map.mixing && embedding.method.contains("KL divergence"))
    // `flat` has features of its own.
    #expect(embedding.overlap[0][2] < 0.2 && embedding.overlap[0][1] > 0.5)
  }

  @Test("outliers are those of the record, the far set's with the largest scores")
  func outliers() throws {
    let far = page.outliers.filter { $0.set == 2 }
    let near = page.outliers.filter { $0.set == 1 }
    #expect(!far.isEmpty && !near.isEmpty)
    #expect(far.map(\.score).min()! > near.map(\.score).max()!)
    #expect(far[0].score == far.map(\.score).max())
    #expect(far[0].reason.hasPrefix(String(format: "%.1f times", far[0].score)))
  }

  @Test("settings and checksums say what was measured")
  func methods() throws {
    let record = evaluation.result.record
    let sums = page.checksums.map(\.sha256)
    #expect(sums == [record.real, record.sets[0], record.sets[1]].map(\.patchesSHA256!) + ["00ff"])
    func value(_ name: String) -> String? { page.settings.first { $0.name == name }?.value }
    #expect(value("range")?.contains("-15.0 to 15.0 cm/yr in 256 levels") == true)
    #expect(value("clipped, flat") == "0.00 %" && value("clipped, real") != nil)
    #expect(value("sensor and span") == "sentinel-1, 365.0 days")
    #expect(value("scenes of datasets") == "for training")
  }

  @Test("without weights there is a page of what needs none")
  func withoutWeights() throws {
    let page = try Self.page(SyntheticEvaluation().result)
    #expect(throws: Never.self) { try page.html() }
    #expect(page.embedding == nil && page.outliers.isEmpty && !page.plots.isEmpty)
    #expect(page.nearestPairs.allSatisfy { $0.measure.contains("pixels") })
    #expect(page.warnings.contains { $0.contains("no network") })
  }

  @Test("pictures have no page")
  func pictures() throws {
    let result = EvaluationResult(record: evaluation.result.record, inputs: nil)
    #expect(try EvaluationReport(result, command: "", created: "") == nil)
  }
}
