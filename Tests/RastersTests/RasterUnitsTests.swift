import Rasters
import Testing

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
      for to in RasterUnit.allCases where from.kind != to.kind {
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
      ("meters / year", .metersPerYear), ("m yr**-1", .metersPerYear), ("m y-1", .metersPerYear),
      ("mm year^-1", .millimetersPerYear), ("mm yr^{-1}", .millimetersPerYear),
      ("mm·yr⁻¹", .millimetersPerYear), ("mm a⁻¹", .millimetersPerYear),
      ("cm\u{2009}yr\u{2212}1", .centimetersPerYear), ("m.yr-1", .metersPerYear),
      ("mm\\,yr$^{-1}$", .millimetersPerYear), ("$\\mathrm{mm\\,a^{-1}}$", .millimetersPerYear),
      ("mm/yr LOS", .millimetersPerYear), ("cm/yr (line of sight)", .centimetersPerYear),
      ("mm/yr [line-of-sight]", .millimetersPerYear),
      ("millimeters per year", .millimetersPerYear), ("metre_per_year", .metersPerYear),
      ("mm per annum", .millimetersPerYear), ("m.a-1", .metersPerYear), ("RADIANS", .radians),
    ] as [(String, RasterUnit)])
  func spellings(text: String, unit: RasterUnit) { #expect(RasterUnit(parsing: text) == unit) }

  @Test func everyNameParsesToItself() {
    for unit in RasterUnit.allCases { #expect(RasterUnit(parsing: unit.rawValue) == unit) }
  }

  @Test(arguments: [
    "", "furlong", "m/s", "rad/yr", "radians / year", "1/yr", "degree", "km", "mm/day", "m2/yr",
    "mm yr", "mm/yr-1", "m s-1", "/yr", "yr-1", "per year", "-1", "LOS", "ma", "mm/yr2",
  ])
  func unknownUnitsAreNotGuessed(text: String) {
    #expect(throws: RasterError.unknownUnit(text)) { try RasterUnit.parse(text) }
  }
}
