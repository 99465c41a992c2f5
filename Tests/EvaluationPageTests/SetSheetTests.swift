import InSARPhase
import Patches
import Testing

@testable import EvaluationPage

@Suite struct SetSheetTests {
  private func set(_ name: String, _ count: Int) -> EvaluationSet {
    EvaluationSet(
      name: name, path: name, kind: .stack, size: 8,
      patches: (0..<count).map { [Float](repeating: Float($0), count: 64) },
      origins: (0..<count).map { PatchOrigin(label: "item \($0)") })
  }

  @Test("maps are spread over the set; sheets show no more than there are")
  func spread() throws {
    let few = try SetSheet([set("a", 4)], count: 2).rates(columns: 2)
    // Maps 0 and 2 of four.
    let picked = EvaluationSet(
      name: "a", path: "a", kind: .stack, size: 8, patches: [0, 2].map { set("a", 4).patches[$0] },
      origins: [0, 2].map { set("a", 4).origins[$0] })
    #expect(try SetSheet([picked], count: 9).rates(columns: 2) == few)
  }

  @Test("phase wraps: rates that differ by whole cycles look alike")
  func wrapped() throws {
    let cycle = Float(
      2 * Double.pi / (DeformationPhase(.sentinel1).radiansPerCMPerYearDay * 60))
    func sheet(_ rate: Float) throws -> SetSheet {
      SetSheet(
        [
          EvaluationSet(
            name: "a", path: "a", kind: .stack, size: 8,
            patches: [[Float](repeating: rate, count: 64)], origins: [PatchOrigin(label: "item 0")])
        ], count: 1)
    }
    let (one, other) = try (sheet(0.25 * cycle), sheet(1.25 * cycle))
    #expect(
      try one.wrapped(columns: 1, sensor: .sentinel1, days: 60)
        == other.wrapped(columns: 1, sensor: .sentinel1, days: 60))
    #expect(try one.rates(columns: 1) != other.rates(columns: 1))
  }
}
