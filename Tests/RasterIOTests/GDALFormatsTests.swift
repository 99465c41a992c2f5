import DurableFiles
import Rasters
import TestSupport

@testable import RasterIO

#if GDAL
  import CGDAL
  import Foundation
  import DurableFiles
  import TestSupport
  import Testing

  @testable import RasterIO

  import Rasters

  @Suite struct GDALFormatsTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func geoTIFFRoundTrip() throws {
      let raster = sampleRaster(georeference: sampleGeoreference)
      let path = folder.file("a.tif")
      try RasterWriter.write(
        raster, to: path, format: .tif,
        options: .init(losConvention: .towardSatellite, metadata: ["SEED": "7"]))
      let scene = try RasterReader.read(path)
      #expect(sameValues(scene.raster.values, raster.values))
      #expect(scene.raster.width == 37 && scene.raster.unit == .centimetersPerYear)
      #expect(scene.raster.georeference?.geotransform == sampleGeoreference.geotransform)
      #expect(scene.description.crsName == "WGS 84 (EPSG:4326)")
      #expect(scene.description.losConvention == .towardSatellite)
      #expect(scene.description.metadata["SEED"] == "7")
      #expect(scene.description.noDataCount == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.tif"])
    }

    static let hasGDALInfo = NpyTests.run(["sh", "-c", "command -v gdalinfo"]) == 0

    @Test(.enabled(if: hasGDALInfo, "needs gdalinfo"))
    func geoTIFFIsCompressedAndTiled() throws {
      let path = folder.file("a.tif")
      let raster = Raster(
        width: 600, height: 300, values: (0..<180_000).map { Float($0 % 600) },
        unit: .centimetersPerYear)
      try RasterWriter.write(raster, to: path, format: .tif)
      for text in [
        "COMPRESSION=DEFLATE", "Block=256x256", "NoData Value=nan",
        "Unit Type: cm/yr", "Type=Float32",
      ] {
        let status = NpyTests.run(["sh", "-c", "gdalinfo '\(path)' | grep -qF '\(text)'"])
        #expect(status == 0, "\(text)")
      }
      let size = try #require(
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
      #expect(size < 180_000)
    }

    @Test func writingNowhereLeavesNothing() throws {
      let raster = sampleRaster()
      for format in RasterFormat.allCases {
        let path = folder.file("none/a.\(format.rawValue)")
        let error = #expect(throws: RunError.self) {
          try RasterWriter.write(raster, to: path, format: format)
        }
        #expect(error?.description.contains(path) == true)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func truncatedTIFFIsAnError() throws {
      let path = folder.file("a.tif")
      try RasterWriter.write(
        Raster(width: 300, height: 300, values: (0..<90_000).map { sin(Float($0)) }), to: path,
        format: .tif)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for count in [4, 9, 200, whole.count / 2, whole.count - 100] {
        try write(whole.prefix(count), to: path)
        let error = #expect(throws: RasterError.self) { try RasterReader.read(path) }
        #expect(error?.description.contains(path) == true)
      }
    }

    /// A classic netCDF grid `z` of 2 x 2 float32, as GMT writes them: dimensions, no attributes.
    static func netCDF(version: UInt8) -> [UInt8] {
      func number(_ value: Int, _ count: Int = 4) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
      }
      func name(_ text: String) -> [UInt8] { number(1) + Array(text.utf8) + [0, 0, 0] }
      let offset = version == 1 ? 4 : 8
      var bytes = Array("CDF".utf8) + [version] + number(0)
      bytes += number(10) + number(2) + name("y") + number(2) + name("x") + number(2)
      bytes += number(0, 8)
      bytes += number(11) + number(1) + name("z") + number(2) + number(0) + number(1)
      bytes += number(0, 8) + number(5) + number(16)
      let begin = bytes.count + offset
      bytes += number(begin, offset)
      return bytes + floatBytes([1, 2, 3, 4], order: .big)
    }

    @Test(arguments: [1, 2] as [UInt8])
    func truncatedNetCDFIsAnError(version: UInt8) throws {
      let path = folder.file("a.nc")
      let whole = Self.netCDF(version: version)
      try write(whole, to: path)
      #expect(try RasterReader.read(path).raster.values.sorted() == [1, 2, 3, 4])
      for count in 5..<whole.count {
        try write(whole.prefix(count), to: path)
        let error = #expect(throws: RasterError.self) { try RasterReader.read(path) }
        #expect(error?.description.contains(path) == true)
      }
      // Any one byte of the header wrong: an error or a raster, never a trap.
      for index in 4..<whole.count - 16 {
        for byte in [0, 0x7f, 0xff] as [UInt8] {
          var bytes = whole
          bytes[index] = byte
          try write(bytes, to: path)
          if let scene = try? RasterReader.read(path) {
            #expect(scene.raster.values.count == scene.raster.width * scene.raster.height)
          }
        }
      }
    }

    @Test func truncatedSRTMTileIsAnError() throws {
      let path = folder.file("N41E014.hgt")
      try write([UInt8](repeating: 1, count: 2_884_000), to: path)
      let error = #expect(throws: RasterError.self) { try RasterReader.read(path) }
      #expect(error?.description.contains("2884802") == true)
    }

    @Test func declaredNoDataScaleAndMetadataUnit() throws {
      // A GDAL VRT over a flat file declares what a GeoTIFF could.
      try write([1, 2, 255, 4] as [UInt8], to: folder.file("raw"))
      try write(
        """
        <VRTDataset rasterXSize="2" rasterYSize="2"><Metadata><MDI key="UNITS">mm/year</MDI></Metadata>
        <VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">
        <NoDataValue>255</NoDataValue><Scale>2</Scale><Offset>1</Offset>
        <SourceFilename relativeToVRT="1">raw</SourceFilename>
        </VRTRasterBand></VRTDataset>
        """, to: folder.file("a.vrt"))
      let scene = try RasterReader.read(folder.file("a.vrt"))
      #expect(sameValues(scene.raster.values, [3, 5, .nan, 9]))
      #expect(scene.raster.unit == .millimetersPerYear)
      #expect(scene.description.noDataSource.contains("255"))
    }

    @Test func iscePhaseIsTheSecondBand() throws {
      try write(floatBytes([10, 20, 1, 0, 30, 40, 3, 4]), to: folder.file("a.unw"))
      func property(_ name: String, _ value: String) -> String {
        "<property name=\"\(name)\"><value>\(value)</value></property>"
      }
      try write(
        "<imageFile>"
          + property("width", "2") + property("length", "2") + property("number_bands", "2")
          + property("data_type", "FLOAT") + property("scheme", "BIL") + property("byte_order", "l")
          + "</imageFile>", to: folder.file("a.unw.xml"))
      for name in ["a.unw", "a.unw.xml"] {
        let scene = try RasterReader.read(folder.file(name))
        #expect(sameValues(scene.raster.values, [1, .nan, 3, 4]))
        #expect(scene.raster.unit == .radians && scene.description.band == 2)
      }
      try write(floatBytes([10, 20, 1, 0, 30]), to: folder.file("a.unw"))
      let error = #expect(throws: RasterError.self) { try RasterReader.read(folder.file("a.unw")) }
      #expect(error?.description.contains("32 bytes") == true)
    }

    @Test func productNamesGiveAUnitAndSaySo() throws {
      let raster = sampleRaster(unit: nil)
      for (name, unit) in [
        ("014A_vel.geo.tif", RasterUnit.millimetersPerYear),
        ("x.vel.mskd.geo.tif", .millimetersPerYear),
        ("20200101_20200113.geo.unw.tif", .radians), ("level.tif", nil), ("velvet.geo.tif", nil),
        ("vel.tif", nil),
      ] as [(String, RasterUnit?)] {
        try RasterWriter.write(raster, to: folder.file(name), format: .tif)
        let scene = try RasterReader.read(folder.file(name))
        #expect(scene.raster.unit == unit, "\(name)")
        #expect(scene.description.unitSource.contains("'unit'"))
      }
    }

    @Test func unreadableBandsAndDatasetsAreNamed() throws {
      let path = folder.file("a.tif")
      try RasterWriter.write(sampleRaster(), to: path, format: .tif)
      for options in [RasterReadOptions(band: 2), .init(band: 0), .init(dataset: "z")] {
        let error = #expect(throws: RasterError.self) {
          try RasterReader.read(path, options: options)
        }
        #expect(error?.description.contains(path) == true)
      }
    }

    @Test func wgs84IsGDALs() throws {
      let ours = try #require(OSRNewSpatialReference(Georeference.wgs84WKT))
      let theirs = try #require(OSRNewSpatialReference(nil))
      defer {
        OSRDestroySpatialReference(ours)
        OSRDestroySpatialReference(theirs)
      }
      #expect(OSRImportFromEPSG(theirs, 4326) == OGRERR_NONE)
      #expect(OSRIsSame(ours, theirs) == 1)
    }

    /// What cannot be trained with is refused by `prepare`, not here.
    @Test func allNaNAndConstantAreRead() throws {
      for value in [Float.nan, 5, .infinity] {
        let path = folder.file("a.tif")
        try RasterWriter.write(
          Raster(width: 4, height: 4, values: .init(repeating: value, count: 16)), to: path,
          format: .tif)
        let values = try RasterReader.read(path).raster.values
        #expect(values.allSatisfy { $0.isNaN ? value.isNaN : $0 == value })
      }
    }
  }
#endif
