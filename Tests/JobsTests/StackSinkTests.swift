import Foundation
import InSARPhase
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import StackFiles

#if GDAL
  /// Each format's files, read back by the raster readers, hold what the stack's own files hold.
  struct StackSinkTests {
    private func compose(_ formats: [StackFormat]) throws -> (
      folder: TemporaryFolder, stack: String
    ) {
      var fixture = try StackFixture()
      try fixture.useGeoTIFF()
      let output = fixture.folder.file("stack")
      try fixture.composition().run(output: output, formats: formats)
      return (fixture.folder, output)
    }

    private func layer(_ name: String, of stack: String, pair: Int = 1) throws -> (
      pair: String, values: [Float]
    ) {
      let pair = try StackSource.readManifest(stack).pairs[pair].name
      return (pair, try NpyArray.read("\(stack)/\(pair)/\(name).npy").values)
    }

    private func expectEqual(_ found: [Float], _ expected: [Float], tolerance: Float = 0) {
      #expect(found.count == expected.count)
      let wrong = zip(found, expected).count { a, b in
        a.isNaN != b.isNaN || (!a.isNaN && abs(a - b) > tolerance)
      }
      #expect(wrong == 0)
    }

    @Test func roipacPhasesComeBackWithUnitAndPlace() throws {
      let (folder, stack) = try compose([.roipac])
      defer { withExtendedLifetime(folder) {} }
      let (pair, expected) = try layer("unwrapped", of: stack)
      let scene = try RasterReader.read("\(stack)/roipac/\(pair).unw")
      #expect(scene.raster.unit == .radians)
      #expect(scene.description.metadata["P_BASELINE_TOP_HDR"] != nil)
      #expect(scene.raster.georeference?.geotransform == StackFixture.place.geotransform)
      expectEqual(scene.raster.values, expected)
      let wrapped = try RasterReader.read("\(stack)/roipac/\(pair).int").raster.values
      expectEqual(wrapped, try layer("wrapped", of: stack).values, tolerance: 1e-5)
      let coherence = try RasterReader.read("\(stack)/roipac/\(pair).cor").raster.values
      expectEqual(coherence, try layer("coherence", of: stack).values)
    }

    @Test func licsbasPhasesComeBackOnTheirGrid() throws {
      let (folder, stack) = try compose([.licsbas])
      defer { withExtendedLifetime(folder) {} }
      let (pair, expected) = try layer("unwrapped", of: stack)
      let grid = "\(stack)/licsbas/GEOCml1"
      let scene = try RasterReader.read("\(grid)/\(pair)/\(pair).unw")
      expectEqual(scene.raster.values, expected)
      for (a, b) in zip(
        try #require(scene.raster.georeference).geotransform, StackFixture.place.geotransform)
      { #expect(abs(a - b) < 1e-9) }
      let bytes = try RasterReader.read("\(grid)/\(pair)/\(pair).cc").raster.values
      let coherence = try layer("coherence", of: stack).values
      expectEqual(bytes.map { $0 / 255 }, coherence, tolerance: 0.5 / 255 + 1e-6)
      let baselines = try String(contentsOfFile: "\(grid)/baselines", encoding: .utf8)
        .split(separator: "\n").map { $0.split(separator: " ") }
      let network = try StackSource.readManifest(stack).network
      #expect(baselines.count == network.dates.count)
      #expect(baselines.last?[1] == "\(network.dates.last!)")
      #expect(baselines.last?[3] == "\(network.dates[0].days(to: network.dates.last!))")
    }

    @Test func isceAndGeoTIFFPhasesComeBack() throws {
      let (folder, stack) = try compose([.isce, .geotiff])
      defer { withExtendedLifetime(folder) {} }
      let (pair, expected) = try layer("unwrapped", of: stack)
      let isce = try RasterReader.read(
        "\(stack)/isce/\(pair)/filt_fine.unw", options: .init(band: 2))
      expectEqual(isce.raster.values, expected)
      let wrapped = try RasterReader.read("\(stack)/isce/\(pair)/filt_fine.int.vrt").raster.values
      expectEqual(wrapped, try layer("wrapped", of: stack).values, tolerance: 1e-5)

      let tif = try RasterReader.read("\(stack)/geotiff/\(pair)/unwrapped.tif")
      #expect(tif.raster.unit == .radians)
      #expect(tif.raster.georeference?.geotransform == StackFixture.place.geotransform)
      expectEqual(tif.raster.values, expected)
      let rate = try RasterReader.read("\(stack)/geotiff/rate.tif")
      #expect(rate.raster.unit == .centimetersPerYear)
      #expect(rate.description.losConvention == .towardSatellite)
    }

    /// MintPy and LiCSBAS take a phase of exactly 0 as no data.
    @Test func phasesOfExactlyZeroStayData() throws {
      let fixture = try StackFixture()
      var still = StackFixture.rate().map { $0 * 0 }  // no motion, and NaN in the corner
      still[100] = 1
      try NpyArray(shape: [StackFixture.height, StackFixture.width], values: still)
        .write(to: fixture.rates[0])
      var configuration = StackFixture.configuration()
      configuration.model.components = [.deformation]
      let output = fixture.folder.file("still")
      try fixture.composition(configuration)
        .run(output: output, formats: [.mintpy, .licsbas, .roipac])
      let (pair, expected) = try layer("unwrapped", of: output)
      #expect(expected.contains(0))
      let stack = try StackSource.open("\(output)/mintpy/inputs/ifgramStack.h5")
      let rows = 0..<StackFixture.height
      expectEqual(try stack.plane(.unwrapped, 1, rows: rows), expected, tolerance: 1e-8)
      let files = ["licsbas/GEOCml1/\(pair)/\(pair).unw", "roipac/\(pair).unw"]
      for file in files {
        let values = try RasterReader.read("\(output)/\(file)").raster.values
        expectEqual(values, expected, tolerance: 1e-8)
        #expect(!values.contains(0))
      }
    }

    @Test func aGridInMetersGetsTheDegreesOfItsCenter() throws {
      // A pixel of 30 m at 60 degrees north, 15 degrees east: the central meridian of zone 33.
      let georeference = Georeference(
        geotransform: [500_000 - 300, 30, 0, 6_651_411 + 150, 0, -30],
        crsWKT: """
          PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",\
          SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],\
          UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],\
          PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],\
          PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],\
          PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32633"]]
          """)
      let numbers = try #require(georeference.geographicGeotransform(width: 20, height: 10))
      #expect(abs(numbers[0] + 10 * numbers[1] - 15) < 1e-6)
      #expect(abs(numbers[3] + 5 * numbers[5] - 60) < 1e-4)
      #expect(abs(numbers[5] + 30 / 111_195.0) < 1e-9)
      #expect(abs(numbers[1] / -numbers[5] - 2) < 1e-3)
    }
  }
#endif
