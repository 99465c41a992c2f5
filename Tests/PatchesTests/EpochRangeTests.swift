import Foundation
import Testing

@testable import Patches

@Suite struct EpochRangeTests {
  @Test func theLastEpochIsTheOneBeforeUntil() {
    let range = EpochRange(from: 2, until: 5)
    #expect((0..<7).filter(range.contains) == [2, 3, 4])
    #expect(EpochRange.always.contains(1_000_000))
    #expect(!EpochRange.never.contains(0))
  }

  @Test func openEndSurvivesJSONAndIsWrittenOut() throws {
    let text = String(decoding: try JSONEncoder().encode(EpochRange.always), as: UTF8.self)
    #expect(text.contains("null"))
    for range in [EpochRange.always, .never, EpochRange(from: 3, until: 9)] {
      let copy = try JSONDecoder().decode(EpochRange.self, from: JSONEncoder().encode(range))
      #expect(copy == range)
    }
  }

  @Test func faultsNameTheKey() {
    #expect(EpochRange(from: -1, until: -2).faults("filter.epochs").count == 2)
    #expect(EpochRange(from: -1).faults("filter.epochs")[0].hasPrefix("filter.epochs.from is -1"))
  }
}
