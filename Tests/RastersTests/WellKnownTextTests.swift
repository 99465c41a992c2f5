import Testing

@testable import Rasters

struct WellKnownTextTests {
  static let geographic = """
    GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.25]],UNIT["degree",0.0174532925]]
    """
  static let projected = """
    PROJCS["UTM [zone] 33N (feet)",\(geographic),PROJECTION["Transverse_Mercator"],\
    PARAMETER["false_easting",500000],UNIT["US survey foot", 0.3048006096],AXIS["X",EAST]]
    """
  static let second = """
    PROJCRS["UTM",BASEGEOGCRS["WGS 84",DATUM["WGS",ELLIPSOID["WGS 84",6378137,298,LENGTHUNIT["metre",1]]]],\
    CONVERSION["UTM",PARAMETER["False easting",500,LENGTHUNIT["metre",1]]],CS[Cartesian,2],\
    AXIS["(E)",east,LENGTHUNIT["kilometre",1000]],AXIS["(N)",north]]
    """

  @Test func theOutermostSystemDecides() {
    #expect(WellKnownText.isGeographic(Self.geographic))
    #expect(
      WellKnownText.isGeographic("COMPD_CS[\"with heights\",\(Self.geographic),VERT_CS[\"m\"]]"))
    #expect(WellKnownText.isGeographic("GEODCRS[\"WGS 84\"]"))
    #expect(!WellKnownText.isGeographic(Self.projected))
    #expect(!WellKnownText.isGeographic(Self.second))
    #expect(!WellKnownText.isGeographic("LOCAL_CS[\"mine\",UNIT[\"m\",1]]"))
    #expect(!WellKnownText.isGeographic("PROJC"))
    #expect(!WellKnownText.isGeographic(""))
  }

  /// Names in quotes hold brackets; units of datum, angles and parameters are not the system's.
  @Test(arguments: [
    (projected, 0.3048006096), (second, 1000.0), (geographic, 1.0), ("", 1.0),
    ("LOCAL_CS[\"mine\",UNIT[\"kilometer\",1e3]]", 1000.0),
    ("PROJCS(\"mine\",UNIT[\"m\",-1])", 1.0),
    ("PROJCS[\"unfinished\",UNIT[\"m\",", 1.0),
    ("PROJCS[\"unfinished\",UNIT[\"m", 1.0),
  ])
  func unitsAreThoseOfTheSystem(_ text: String, meters: Double) {
    #expect(WellKnownText.metersPerUnit(text) == meters)
  }
}
