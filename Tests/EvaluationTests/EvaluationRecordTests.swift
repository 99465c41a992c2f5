import Foundation
import Kernel
import Settings
import TestSupport
import Testing

@testable import Evaluation
@testable import FeatureMetrics

struct EvaluationRecordTests {
  private static let scores = FeatureScores(
    realCount: 8, count: 8, fid: Estimate(value: 12.5, low: 10, high: 15.5), fidInfinity: nil,
    kid: Estimate(value: 0.001_25, standardError: 0.000_2), precision: Estimate(value: 0.5),
    recall: Estimate(value: 0.25), density: Estimate(value: 1.5), coverage: Estimate(value: 1))

  private static func set(_ name: String, _ scores: FeatureScores?) -> EvaluationRecord.SetRecord {
    .init(
      name: name, path: "maps/\(name)", kind: "folder", count: 8, sizePixels: 64,
      patchesSHA256: "aa", imagesSHA256: "bb", clipShare: 0, notes: [], features: scores)
  }

  private let record = EvaluationRecord(
    program: "ganinsar test", libTorch: "none", settings: EvaluationSettings(),
    real: set("real", nil),
    control: .init(description: "other real ones", count: 4), sets: [set("a|b", scores)],
    missing: ["t-SNE"], warnings: [])

  @Test("the table has a row per set, intervals, standard errors, and what is missing")
  func table() {
    let lines = record.table.split(separator: "\n")
    #expect(lines.count == 5)
    #expect(
      lines[2]
        == "| a\\|b | 8 | 12.50 (10.00 to 15.50) | - | 1.250 ± 0.200 | 0.500 | 0.250 | 1.500 | 1.000 | - | - |"
    )
    #expect(lines[3] == "| control | 4 | - | - | - | - | - | - | - | - | - |")
    #expect(lines[4] == "missing: t-SNE")
  }

  @Test("a file comes back as it was written; another one is named")
  func read() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("metrics.json")
    try Data(OrderedJSON.text(of: record).utf8).write(to: URL(fileURLWithPath: path))
    #expect(try EvaluationRecord.read(path) == record)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
    let text = message { _ = try EvaluationRecord.read(path) }
    #expect(text.contains("metrics.json") && text.contains("ganinsar evaluate"))
  }
}
