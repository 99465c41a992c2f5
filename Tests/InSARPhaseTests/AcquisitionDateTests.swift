import Foundation
import InSARPhase
import Testing

@Suite struct AcquisitionDateTests {
  @Test func knownDaysHaveTheirNumbers() throws {
    #expect(try AcquisitionDate("19700101").daysSince1970 == 0)
    #expect(try AcquisitionDate("20000301").daysSince1970 == 11_017)
    #expect(try AcquisitionDate("19691231").daysSince1970 == -1)
    #expect(try AcquisitionDate("20200131").days(to: AcquisitionDate("20210131")) == 366)
  }

  @Test func everyDayOfTwoCenturiesComesBack() throws {
    let first = try AcquisitionDate("19000101")
    var previous = ""
    for offset in 0..<75_000 {
      let date = try first.adding(days: offset)
      let text = date.description
      #expect(text > previous, "dates and texts are in one order")
      previous = text
      if offset % 37 == 0 { #expect(try AcquisitionDate(text) == date) }
    }
  }

  @Test(arguments: [
    "20210229", "20210431", "20211301", "20210100", "2021-1-1", "2021011", "202101011", "",
    "1٣210101", "18991231", "30000101", "2021 101", "+2021011",
  ])
  func whatIsNoDateIsAnError(text: String) {
    #expect(throws: InSARPhaseError.self) { try AcquisitionDate(text) }
  }

  @Test func timesOfDayAreReadWhereTheyAreAllowed() throws {
    let morning = try AcquisitionDate(withTime: "20200131T0630")
    let evening = try AcquisitionDate(withTime: "20200131T183045")
    let day = try AcquisitionDate(withTime: "20200131")
    #expect(
      [day, morning, evening].map(\.description) == [
        "20200131", "20200131T0630", "20200131T183045",
      ])
    #expect(day < morning && morning < evening)
    #expect(try day == AcquisitionDate("20200131"))
    #expect(abs(evening.exactDays(to: try AcquisitionDate("20200202")) - 1.2286458) < 1e-6)
    for text in [
      "20200131T", "20200131T6", "20200131T2460", "20200131T0630Z", "20200131T06 0", "T0630",
      "20200131T0630T",
    ] {
      #expect(throws: InSARPhaseError.self, "\(text)") { try AcquisitionDate(withTime: text) }
    }
    #expect(throws: InSARPhaseError.self) { try AcquisitionDate("20200131T0630") }
  }

  @Test func leapDaysFollowTheCenturyRule() throws {
    #expect(throws: InSARPhaseError.self) { try AcquisitionDate("19000229") }
    #expect(try AcquisitionDate("20000229").calendar == (2000, 2, 29))
  }

  @Test func theErrorNamesTheTextAndTheReason() {
    #expect(
      throws: InSARPhaseError.badDate(text: "20210229", reason: "month 2 of 2021 has days 1...28")
    ) { try AcquisitionDate("20210229") }
  }

  @Test func decodingChecks() throws {
    let dates = try JSONDecoder().decode([AcquisitionDate].self, from: Data(#"["20200229"]"#.utf8))
    #expect(dates[0].description == "20200229")
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode([AcquisitionDate].self, from: Data(#"["20210229"]"#.utf8))
    }
  }

  @Test func addingStaysInTheCalendar() throws {
    let date = try AcquisitionDate("20200101")
    #expect(throws: InSARPhaseError.self) { try date.adding(days: .max) }
    #expect(throws: InSARPhaseError.self) { try date.adding(days: -100_000) }
  }
}
