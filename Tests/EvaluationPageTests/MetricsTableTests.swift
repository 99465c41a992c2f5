import Foundation
import Testing

@testable import Evaluation
@testable import EvaluationPage

@Suite struct MetricsTableTests {
  private let record: EvaluationRecord

  init() throws { record = try SyntheticEvaluation().withFeatures().result.record }

  private func cells(_ line: Substring) -> [String] {
    line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test("the control comes first, each set has its own FID, and the ratio is to the named set")
  func features() throws {
    let lines = MetricsTable(record, reference: "copies").features.split(separator: "\n")
    #expect(lines.count == 5)
    let (control, copies, flat) = (cells(lines[2]), cells(lines[3]), cells(lines[4]))
    #expect(control[0] == "real against real" && copies[0] == "copies" && flat[0] == "flat")
    let fids = record.sets.map { $0.features!.fid }
    #expect(copies[1].hasPrefix(RateText.fixed(fids[0].value, 2) + " ("))
    #expect(copies[2] == "1.00" && flat[2] == RateText.fixed(fids[1].value / fids[0].value, 2))
    #expect(!MetricsTable(record, reference: "nobody").features.contains("FID over"))
  }

  @Test("what is not measured is a dash")
  func physics() throws {
    let lines = MetricsTable(record).physics.split(separator: "\n")
    let flat = cells(lines[4])
    #expect(flat[3] == "-")  // constant maps have no spectrum
    let distance = record.sets[1].deformation?.comparison?.rateWassersteinCMPerYear.value
    #expect(flat[1] == RateText.fixed(try #require(distance), 2))
    var without = record
    without.sets[0].features = nil
    #expect(cells(MetricsTable(without).features.split(separator: "\n")[3])[1] == "-")
  }

  @Test("without a network there is no column of features")
  func physicsOnly() throws {
    func lines(_ record: EvaluationRecord) -> [Substring] {
      MetricsTable(record).physics.split(separator: "\n")
    }
    let without = lines(record)
    #expect(!without[0].contains("nearest, features"))
    var measured = record
    measured.sets[0].deformation?.memorisation?.featureRatio = 1.25
    let with = lines(measured)
    let isColumnThere = with[0].contains("nearest, features")
    #expect(isColumnThere && with[3].hasSuffix("| 1.25 |") && with[4].hasSuffix("| - |"))
  }
}
