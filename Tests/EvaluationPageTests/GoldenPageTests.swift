import Foundation
import HTMLReport
import Settings
import TestSupport
import Testing

@testable import Evaluation
@testable import EvaluationPage

/// The page and the record of a small evaluation, character by character. Numbers are compared to six
/// digits.
@Suite struct GoldenPageTests {
  private let evaluation: SyntheticEvaluation

  init() throws {
    var evaluation = try SyntheticEvaluation().withFeatures()
    // t-SNE multiplies differences between mathematical libraries: its result is put in by hand.
    var map = try #require(evaluation.result.record.featureMap)
    map.klDivergence = 0.5
    map.mixing = [[1, 0.75, 0], [0.75, 1, 0], [0, 0, 1]]
    map.positions = [0, 20, 40].map(Self.positions)
    map.outliers = [.init(set: 2, patch: 5, score: 31.25), .init(set: 1, patch: 0, score: 1.5)]
    evaluation.result.record.featureMap = map
    self.evaluation = evaluation
  }

  /// Places of 24 patches in a pattern, moved by `shift`.
  private static func positions(_ shift: Int) -> [Float] {
    var positions: [Float] = []
    for place in 0..<48 {
      let offset = place % 7 - 3
      positions.append(Float(offset + shift))
    }
    return positions
  }

  /// Without the temporary folder and the version of the program.
  private func comparable(_ text: String) -> String {
    rounded(
      numbersOf: text.replacing(evaluation.folder.path, with: "maps")
        .replacing(evaluation.folder.path.replacing("/", with: "\\/"), with: "maps"), digits: 6)
  }

  /// The page with the name of each file of Sources/HTMLReport/Page in place of its text, which the page
  /// must hold as it is: the golden file is not to be written again for a change of the style.
  private func withoutSources(_ page: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/HTMLReport/Page")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(page) {
      page, name in
      let source = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      #expect(page.contains(source), "\(name)")
      return page.replacing(source, with: "(\(name))")
    }
  }

  @Test func page() throws {
    let page = try #require(
      try EvaluationReport(
        evaluation.result, command: "ganinsar evaluate --real maps/real.npy",
        created: "2026-01-01T00:00:00Z"))
    try expectGolden(comparable(withoutSources(page.html())), "report.html")
  }

  @Test func record() throws {
    try expectGolden(comparable(OrderedJSON.text(of: evaluation.result.record)), "metrics.json")
  }

  @Test func tables() throws {
    let record = evaluation.result.record
    let named = MetricsTable(record, reference: "copies")
    try expectGolden(
      [record.table, named.features, named.physics].joined(separator: "\n\n") + "\n", "tables.md")
  }
}
