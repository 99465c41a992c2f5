import Foundation
import InSARPhase
import Rasters
import TestSupport
import Testing

@testable import Evaluation

struct EvaluationSettingsTests {
  @Test("all faults are named at once")
  func faults() {
    var settings = EvaluationSettings()
    #expect(settings.faults().isEmpty)
    settings.count = 1
    settings.patchSize = 7
    settings.days = 0
    settings.neighbors = 0
    settings.resamples = 1
    settings.image.limitCMPerYear = 0
    #expect(settings.faults().count == 6)
    settings.days = .nan
    #expect(settings.faults().contains { $0.contains("nan") })
  }

  @Test("the phase is that of the sensor over the days")
  func statistics() throws {
    var settings = EvaluationSettings()
    settings.sensor = .terraSARX
    settings.days = 11
    let perDay = DeformationPhase(.terraSARX).radiansPerCMPerYearDay
    #expect(try settings.statistics.radiansPerCMPerYear == perDay * 11)
    #expect(try settings.statistics.bootstrap.resamples == 40)
  }

  @Test("records of earlier versions are read: units in a user's own spelling")
  func unit() throws {
    var settings = EvaluationSettings()
    settings.unit = .millimetersPerYear
    let json = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
      .replacing("\\/", with: "/")
    #expect(json.contains("\"unit\":\"mm/yr\"") && json.contains("\"sensor\":\"sentinel-1\""))
    for text in ["mm/yr", "mm/year", "mm a-1"] {
      let data = Data(json.replacing("mm/yr", with: text).utf8)
      #expect(try JSONDecoder().decode(EvaluationSettings.self, from: data) == settings)
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        EvaluationSettings.self, from: Data(json.replacing("mm/yr", with: "furlong").utf8))
    }
  }
}
