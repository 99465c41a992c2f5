import Foundation
import Rasters
import TestSupport
import Testing

@testable import RasterIO

@Suite struct OrientationTests {
  /// 0 to 5 in 2 rows and 3 columns, on the grid of `geotransform`.
  func raster(_ geotransform: [Double]) -> Raster {
    Raster(
      width: 3, height: 2, values: [0, 1, 2, 3, 4, 5],
      georeference: Georeference(geotransform: geotransform, crsWKT: Georeference.wgs84WKT))
  }

  @Test(
    arguments: [
      ([10, 0.5, 0, 45, 0, -0.5], [0, 1, 2, 3, 4, 5], nil),
      ([10, 0.5, 0, 44, 0, 0.5], [3, 4, 5, 0, 1, 2], "south to north"),
      ([11.5, -0.5, 0, 45, 0, -0.5], [2, 1, 0, 5, 4, 3], "east to west"),
      ([11.5, -0.5, 0, 44, 0, 0.5], [5, 4, 3, 2, 1, 0], "and columns"),
    ] as [([Double], [Float], String?)])
  func rowsRunFromNorthToSouth(geotransform: [Double], values: [Float], words: String?) {
    var raster = raster(geotransform)
    let turned = raster.orientNorthUp()
    #expect(raster.values == values && raster.width == 3)
    #expect(raster.georeference?.geotransform == [10, 0.5, 0, 45, 0, -0.5])
    #expect(words == nil ? turned == nil : turned?.contains(words!) == true)
    #expect(raster.orientNorthUp() == nil)
  }

  @Test func aQuarterTurnIsTurnedBack() {
    // x grows with the row, y with the column.
    var raster = raster([10, 0, 0.5, 44, 0.25, 0])
    raster.orientNorthUp()
    #expect(raster.width == 2 && raster.height == 3)
    #expect(raster.values == [2, 5, 1, 4, 0, 3])
    #expect(raster.georeference?.geotransform == [10, 0.5, 0, 44.75, 0, -0.25])
  }

  @Test func rotatedGridsAndThoseWithoutAPlaceStay() {
    var rotated = raster([10, 0.5, 0.1, 45, 0.1, 0.5])
    let before = rotated
    rotated.orientNorthUp()
    #expect(rotated == before)
    var bare = sampleRaster()
    bare.values[0] = 7
    let same = bare.values
    bare.orientNorthUp()
    #expect(sameValues(bare.values, same))
  }
}

@Suite struct BelievablePlaceTests {
  static let utm = """
    PROJCS["UTM",GEOGCS["WGS 84",UNIT["degree",0.0174532925199433]],\
    PROJECTION["Transverse_Mercator"],UNIT["metre",1],AXIS["Easting",EAST]]
    """
  static let feet = utm.replacingOccurrences(
    of: "UNIT[\"metre\",1]", with: "UNIT[\"US survey foot\",0.304800609601219]")
  static let kilometres = """
    PROJCRS["UTM",BASEGEOGCRS["WGS 84",PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.01745329]]],\
    CONVERSION["x",PARAMETER["False easting",0,LENGTHUNIT["metre",1]]],CS[Cartesian,2],\
    AXIS["(E)",east,ORDER[1],LENGTHUNIT["kilometre",1000]]]
    """
  static let heights = """
    COMPD_CS["WGS 84 + EGM96",\(Georeference.wgs84WKT),VERT_CS["EGM96",UNIT["metre",1]]]
    """

  static let mercator = """
    PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84"],PROJECTION["Mercator_1SP"],UNIT["metre",1]]
    """

  func settled(_ geotransform: [Double], _ wkt: String) -> RasterScene {
    var scene = RasterScene(
      raster: sampleRaster(
        georeference: Georeference(geotransform: geotransform, crsWKT: wkt)),
      description: RasterDescription(path: "a.tif", format: "GeoTIFF", sampleType: "float32"))
    RasterReader.settlePlace(&scene)
    return scene
  }

  @Test(
    arguments: [
      ([10, 0.001, 0, 45, 0, -0.001], Georeference.wgs84WKT, 111.195),
      ([10, 0.001, 0, 45, 0, -0.001], heights, 111.195), ([5e5, 90, 0, 4e6, 0, -90], utm, 90),
      ([5e5, 90, 0, 4e6, 0, -90], "", 90), ([5e5, 90, 0, 4e6, 0, -90], feet, 27.432),
      ([500, 0.09, 0, 4000, 0, -0.09], kilometres, 90), ([0, 0.5, 0, 9, 0, -0.5], utm, 0.5),
      ([0, 90, 0, 5_621_521.486, 0, -90], mercator, 63.64),
    ] as [([Double], String, Double)])
  func pixelsAreInMeters(geotransform: [Double], wkt: String, meters: Double) throws {
    let place = try #require(settled(geotransform, wkt).raster.georeference)
    #expect(place.geotransform == geotransform)
    #expect(abs(place.pixelSizeMeters[1] / meters - 1) < 1e-4)
  }

  @Test(
    arguments: [
      // Degrees taken for meters, meters for degrees, and sizes that no pixel has.
      ([10, 0.00083, 0, 45, 0, -0.00083], "", "-a_srs EPSG:4326"),
      ([10, 0.00083, 0, 45, 0, -0.00083], utm, "-a_srs EPSG:4326"),
      ([5e5, 80, 0, 4e6, 0, -80], Georeference.wgs84WKT, "no degrees"),
      ([50, 0.001, 0, 400, 0, -0.001], Georeference.wgs84WKT, "no degrees"),
      ([5e5, 2e5, 0, 4e6, 0, -90], utm, "geotransform"),
      ([5e5, 90, 0, 4e6, 0, -.infinity], utm, "geotransform"),
    ] as [([Double], String, String)])
  func whatCannotBeIsLeftOutAndTold(geotransform: [Double], wkt: String, remedy: String) {
    let scene = settled(geotransform, wkt)
    #expect(scene.raster.georeference == nil && scene.description.crsName == nil)
    #expect(scene.description.notes.contains { $0.contains(remedy) })
  }

  @Test func rowsAndColumnsAreNoPlace() {
    for dy in [1.0, -1] {
      let scene = settled([0, 1, 0, 0, 0, dy], "")
      #expect(scene.raster.georeference == nil && scene.description.notes.isEmpty)
      #expect(sameValues(scene.raster.values, sampleRaster().values))
    }
  }

  @Test func longitudesBeyond180AreTurned() {
    let scene = settled([243, 0.001, 0, 35, 0, -0.001], Georeference.wgs84WKT)
    #expect(scene.raster.georeference?.geotransform[0] == -117)
    // A grid across the date line stays in one piece.
    let across = settled([179.99, 0.001, 0, 35, 0, -0.001], Georeference.wgs84WKT)
    #expect(across.raster.georeference?.geotransform[0] == 179.99)
  }
}

#if GDAL
  @Suite struct NetCDFPlaceTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// Row 0 in the north, column 0 in the west.
    static let north: [Double] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    static let south: [Double] = [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]
    static let degreesEast: [(String, ClassicNetCDF.Attribute)] = [("units", .text("degrees_east"))]
    static let degreesNorth: [(String, ClassicNetCDF.Attribute)] = [
      ("units", .text("degrees_north"))
    ]

    func read(_ file: ClassicNetCDF, _ options: RasterReadOptions = .init()) throws -> RasterScene {
      try write(file.bytes, to: folder.file("a.nc"))
      return try RasterReader.read(folder.file("a.nc"), options: options)
    }

    func expect(
      _ scene: RasterScene, _ geotransform: [Double], isGeographic: Bool,
      _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(
        scene.raster.values == Self.north.map { Float($0) } && scene.raster.width == 4,
        sourceLocation: location)
      let place = scene.raster.georeference
      #expect(place?.isGeographic == isGeographic, sourceLocation: location)
      let found = place?.geotransform ?? [0, 0, 0, 0, 0, 0]
      #expect(
        zip(found, geotransform).allSatisfy { abs($0 - $1) < 1e-6 * max(1, abs($1)) },
        "\(found)", sourceLocation: location)
    }

    @Test func degreesWithoutACRSAreWGS84() throws {
      let lon = [243.0005, 243.0015, 243.0025, 243.0035]
      let lat = [34.9995, 34.9985, 34.9975]
      let expected = [-117, 0.001, 0, 35, 0, -0.001]
      // By the axes' names alone, by their units alone, north first and south first.
      for (names, east, north) in [
        (("lat", "lon"), [], []), (("latitude", "longitude"), [], []),
        (("y", "x"), Self.degreesEast, Self.degreesNorth),
        (("b", "a"), [("units", .text("degreesE"))], [("units", .text("degreesN"))]),
        (("y", "x"), [("long_name", .text("longitude"))], [("long_name", .text("latitude"))]),
      ]
        as [(
          (String, String), [(String, ClassicNetCDF.Attribute)], [(String, ClassicNetCDF.Attribute)]
        )]
      {
        for isSouthFirst in [false, true] {
          let scene = try read(
            .grid(
              rows: (names.0, isSouthFirst ? lat.reversed() : lat), columns: (names.1, lon),
              values: isSouthFirst ? Self.south : Self.north, rowAttributes: north,
              columnAttributes: east))
          expect(scene, expected, isGeographic: true)
          #expect(scene.description.crsName == "WGS 84 (EPSG:4326)")
        }
      }
    }

    @Test func coordinatesOrderTheRowsWithoutAnyAttribute() throws {
      let x = [500_045.0, 500_135, 500_225, 500_315]
      let y = [3_999_955.0, 3_999_865, 3_999_775]
      let expected = [5e5, 90, 0, 4e6, 0, -90.0]
      for names in [("y", "x"), ("northing", "easting"), ("rows", "columns")] {
        let north = try read(.grid(rows: (names.0, y), columns: (names.1, x), values: Self.north))
        expect(north, expected, isGeographic: false)
        let south = try read(
          .grid(rows: (names.0, y.reversed()), columns: (names.1, x), values: Self.south))
        expect(south, expected, isGeographic: false)
      }
      // The only variable may be named, and another is an error.
      _ = try read(
        .grid(rows: ("y", y), columns: ("x", x), values: Self.north), .init(dataset: "z"))
      #expect(throws: RasterError.self) {
        try read(.grid(rows: ("y", y), columns: ("x", x), values: Self.north), .init(dataset: "q"))
      }
      let eastFirst = try read(
        .grid(
          rows: ("y", y), columns: ("x", x.reversed()),
          values: [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]))
      expect(eastFirst, expected, isGeographic: false)
      let transposed = try read(
        .grid(
          rows: ("x", x), columns: ("y", y), values: [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]))
      expect(transposed, expected, isGeographic: false)
    }

    @Test func kilometersAreNoMetersAndCountsNoPlace() throws {
      let kilometres: [(String, ClassicNetCDF.Attribute)] = [("units", .text("km"))]
      let scene = try read(
        .grid(
          rows: ("y", [3999.955, 3999.865, 3999.775]),
          columns: ("x", [500.045, 500.135, 500.225, 500.315]), values: Self.north,
          rowAttributes: kilometres, columnAttributes: kilometres))
      expect(scene, [5e5, 90, 0, 4e6, 0, -90], isGeographic: false)
      let counts = try read(
        .grid(rows: ("y", [0, 1, 2]), columns: ("x", [0, 1, 2, 3]), values: Self.south))
      #expect(counts.raster.georeference == nil)
      #expect(counts.raster.values == Self.north.map { Float($0) })
    }

    @Test func coordinatesOfEveryPixel() throws {
      let lat: [Double] = [44, 44, 44, 44, 44.5, 44.5, 44.5, 44.5, 45, 45, 45, 45]
      let lon: [Double] = [10, 10.5, 11, 11.5, 10, 10.5, 11, 11.5, 10, 10.5, 11, 11.5]
      let file = ClassicNetCDF(
        dimensions: [("y", 3), ("x", 4)],
        variables: [
          .init(
            name: "z", dimensions: [0, 1], attributes: [("coordinates", .text("lat lon"))],
            values: Self.south, isFloat: true),
          .init(name: "lat", dimensions: [0, 1], attributes: Self.degreesNorth, values: lat),
          .init(name: "lon", dimensions: [0, 1], attributes: Self.degreesEast, values: lon),
        ])
      expect(
        try read(file, .init(dataset: "z")), [9.75, 0.5, 0, 45.25, 0, -0.5], isGeographic: true)
    }

    @Test func unevenAxesAreToldAndNoOrderIsTold() throws {
      let uneven = try read(
        .grid(rows: ("lat", [44, 44.6, 45]), columns: ("lon", [1, 2, 3, 4]), values: Self.south))
      #expect(uneven.raster.values == Self.north.map { Float($0) })
      #expect(uneven.description.notes.contains { $0.contains("not evenly spaced") })
      // Coordinates that turn back are none: the rows stay as they lie.
      let confused = try read(
        .grid(rows: ("y", [1, 3, 2]), columns: ("x", [1, 2, 3, 4]), values: Self.north))
      #expect(confused.raster.values.sorted() == Self.north.map { Float($0) })
    }

    @Test func fillsUnitsAndRangesThatAVariableDeclaresCount() throws {
      let scene = try read(
        .grid(
          rows: ("lat", [3, 2, 1]), columns: ("lon", [1, 2, 3, 4]),
          values: [-9999, -8888, 2, 300] + Self.north.dropFirst(4),
          attributes: [
            ("_FillValue", .floats([-9999])), ("missing_value", .doubles([-8888])),
            ("valid_range", .floats([0, 100])), ("Units", .text("mm yr-1")),
            ("scale_factor", .doubles([2])),
          ]))
      #expect(
        sameValues(
          scene.raster.values, [.nan, .nan, 4, .nan, 8, 10, 12, 14, 16, 18, 20, 22]))
      #expect(scene.raster.unit == .millimetersPerYear)
      for word in ["-9999", "-8888", "0 to 100"] {
        #expect(scene.description.noDataSource.contains(word))
      }
    }
  }
#endif
