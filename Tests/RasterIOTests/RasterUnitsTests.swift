import Testing

@testable import RasterIO

@Suite struct RasterUnitsTests {
  func raster(_ unit: RasterUnit?) -> Raster {
    Raster(width: 2, height: 1, values: [1.5, .nan], unit: unit)
  }

  @Test(
    arguments: [
      (.metersPerYear, .centimetersPerYear, 150), (.millimetersPerYear, .metersPerYear, 0.0015),
      (.centimetersPerYear, .millimetersPerYear, 15), (.meters, .millimeters, 1500),
      (.centimeters, .meters, 0.015), (.radians, .radians, 1.5),
    ] as [(RasterUnit, RasterUnit, Float)])
  func convertsWithinAKind(from: RasterUnit, to: RasterUnit, expected: Float) throws {
    let result = try raster(from).converted(to: to)
    #expect(result.unit == to && result.values[0] == expected && result.values[1].isNaN)
  }

  @Test func mixingKindsIsAnError() {
    for from in RasterUnit.allCases {
      for to in RasterUnit.allCases where from.quantity != to.quantity {
        #expect(throws: RasterError.cannotConvert(from: from.rawValue, to: to)) {
          try raster(from).converted(to: to)
        }
      }
      #expect(throws: RasterError.self) { try raster(nil).converted(to: from) }
    }
  }

  @Test(
    arguments: [
      ("mm/yr", .millimetersPerYear), ("m/year", .metersPerYear), ("cm yr-1", .centimetersPerYear),
      ("mm/a", .millimetersPerYear), ("[cm]", .centimeters), ("Metre", .meters),
      ("radian", .radians), ("mm/y", .millimetersPerYear),
      ("MM/YEAR", .millimetersPerYear), ("m", .meters), ("mm", .millimeters),
    ] as [(String, RasterUnit)])
  func spellings(text: String, unit: RasterUnit) { #expect(RasterUnit(parsing: text) == unit) }

  @Test func everyNameParsesToItself() {
    for unit in RasterUnit.allCases { #expect(RasterUnit(parsing: unit.rawValue) == unit) }
  }

  @Test(arguments: ["", "furlong", "m/s", "rad/yr", "1", "degree", "km", "mm/day"])
  func unknownUnitsAreNotGuessed(text: String) {
    #expect(throws: RasterError.unknownUnit(text)) { try RasterUnit.parse(text) }
  }
}
