import Rasters

@testable import RasterIO

#if GDAL
  import TestSupport
  import Testing

  @testable import RasterIO

  import Rasters

  /// Real files as processors wrote them, against what their README says.
  @Suite struct SharedScenesTests {
    struct Scene: Sendable, CustomTestStringConvertible {
      var file: String
      var shape: [Int]
      var unit: RasterUnit?
      var noDataPercent: ClosedRange<Double>
      var options = RasterReadOptions()
      var losConvention: LOSConvention?

      var testDescription: String { file }
    }

    static let scenes: [Scene] = [
      .init(
        file: "permissive/kirishima_alos2.tif", shape: [541, 541], unit: .centimetersPerYear,
        noDataPercent: 0.3...0.45),
      .init(
        file: "permissive/campi_flegrei.tif", shape: [121, 191], unit: .centimetersPerYear,
        noDataPercent: 9.5...10.5),
      .init(
        file: "permissive/bhutan_landslide.tif", shape: [300, 200], unit: .centimetersPerYear,
        noDataPercent: 16.5...17.5),
      .init(
        file: "measure-only/coso_d071.tif", shape: [541, 841], unit: .centimetersPerYear,
        noDataPercent: 0.4...0.6),
      .init(
        file: "measure-only/erta_ale_014A.tif", shape: [181, 185], unit: .centimetersPerYear,
        noDataPercent: 0.3...0.5),
      .init(
        file: "measure-only/anatolia_014A.tif", shape: [268, 354], unit: .centimetersPerYear,
        noDataPercent: 39...41),
      .init(
        file: "measure-only/greece_2021.tif", shape: [801, 801], unit: .centimeters,
        noDataPercent: 5.5...5.7),
      .init(
        file: "measure-only/afghanistan.tif", shape: [601, 601], unit: .centimeters,
        noDataPercent: 0.3...0.5),
      .init(
        file: "measure-only/argentina_lrr.tif", shape: [512, 512], unit: .centimeters,
        noDataPercent: 34...36),
      .init(
        file: "measure-only/calbuco_cov9.tif", shape: [420, 636], unit: .centimeters,
        noDataPercent: 44...46),
      .init(
        file: "measure-only/pamir_des5.tif", shape: [336, 378], unit: .centimeters,
        noDataPercent: 22...23.5),
      .init(
        file: "originals/kirishima_mintpy/velocity.h5", shape: [541, 541], unit: .metersPerYear,
        noDataPercent: 0.3...0.45, losConvention: .towardSatellite),
      .init(
        file: "originals/kirishima_mintpy/velocity.h5", shape: [541, 541], unit: .metersPerYear,
        noDataPercent: 0...2, options: .init(dataset: "velocityStd")),
      .init(
        file: "originals/kirishima_mintpy/temporalCoherence.h5", shape: [541, 541], unit: .one,
        noDataPercent: 0...0),
      .init(
        file: "originals/kirishima_mintpy/height.tif", shape: [541, 541], unit: nil,
        noDataPercent: 0...0.1),
      .init(
        file: "originals/coso_mintpy/velocity.h5", shape: [541, 841], unit: .metersPerYear,
        noDataPercent: 0.4...0.6, losConvention: .towardSatellite),
      .init(
        file: "originals/campi_licsbas/results/vel", shape: [121, 191], unit: .millimetersPerYear,
        noDataPercent: 9.5...10.5, losConvention: .towardSatellite),
      .init(
        file: "originals/campi_licsbas/results/vel.filt.mskd", shape: [121, 191],
        unit: .millimetersPerYear, noDataPercent: 32...33, losConvention: .towardSatellite),
      .init(
        file: "originals/campi_licsbas/results/hgt", shape: [121, 191], unit: .meters,
        noDataPercent: 32...33),
      .init(
        file: "originals/campi_licsbas/results/mask", shape: [121, 191], unit: nil,
        noDataPercent: 9.5...10.5),
      .init(
        file: "originals/anatolia_geotiff/014A_vel.geo.tif", shape: [268, 354],
        unit: .millimetersPerYear, noDataPercent: 39...41, losConvention: .towardSatellite),
      .init(
        file: "originals/greece_gamma/greece.unw", shape: [801, 801], unit: .meters,
        noDataPercent: 5.5...5.7, options: .flat(unit: .meters, width: 801)),
      .init(
        file: "originals/greece_gamma/greece.diff", shape: [801, 801], unit: .radians,
        noDataPercent: 4.8...5, options: .init(unit: .radians, noData: [0])),
      .init(
        file: "originals/pamir_gmt/des5.grd", shape: [336, 378], unit: nil,
        noDataPercent: 22...23.5),
      .init(
        file: "originals/sierra_negra_wrapped.tif", shape: [500, 500], unit: .radians,
        noDataPercent: 0...0, options: .init(unit: .radians)),
      .init(file: "dem/N33E131.hgt", shape: [1201, 1201], unit: .meters, noDataPercent: 0...0.01),
      .init(
        file: "dem/N40E014.hgt", shape: [1201, 1201], unit: .meters, noDataPercent: 0.05...0.06),
      .init(
        file: "dem/N41E014.hgt", shape: [1201, 1201], unit: .meters, noDataPercent: 0.01...0.02),
    ].filter { SharedData.has("data/\($0.file)") }

    @Test(.enabled(if: SharedData.has("data/originals"), "needs shared/data"), arguments: scenes)
    func shapeUnitAndNoData(scene: Scene) throws {
      let read = try RasterReader.read(
        SharedData.path("data/\(scene.file)"), options: scene.options)
      #expect([read.raster.height, read.raster.width] == scene.shape)
      #expect(read.raster.unit == scene.unit)
      #expect(scene.noDataPercent.contains(read.description.noDataShare * 100))
      #expect(read.description.infiniteCount == 0)
      #expect(read.description.losConvention == scene.losConvention)
    }

    /// The normalized copies hold the same measurements: two readers, one truth.
    @Test(
      .enabled(if: SharedData.has("data/originals"), "needs shared/data"),
      arguments: [
        ("originals/kirishima_mintpy/velocity.h5", "permissive/kirishima_alos2.tif", nil),
        ("originals/coso_mintpy/velocity.h5", "measure-only/coso_d071.tif", nil),
        ("originals/campi_licsbas/results/vel", "permissive/campi_flegrei.tif", nil),
        ("originals/anatolia_geotiff/014A_vel.geo.tif", "measure-only/anatolia_014A.tif", nil),
        ("originals/greece_gamma/greece.unw", "measure-only/greece_2021.tif", .meters),
        ("originals/pamir_gmt/des5.grd", "measure-only/pamir_des5.tif", .centimeters),
      ] as [(String, String, RasterUnit?)])
    func originalsEqualTheirNormalizedCopies(original: String, copy: String, unit: RasterUnit?)
      throws
    {
      let copy = try RasterReader.read(SharedData.path("data/\(copy)")).raster
      let read = try RasterReader.read(
        SharedData.path("data/\(original)"), options: .init(unit: unit))
      let converted = try read.raster.converted(to: #require(copy.unit))
      let differing = zip(converted.values, copy.values).count {
        !($0.isNaN && $1.isNaN) && !(abs($0 - $1) <= 1e-5 * abs($1))
      }
      // The copies of MintPy scenes dropped the reference pixel, which is 0 by definition.
      #expect(differing <= (original.hasSuffix(".h5") ? 1 : 0))
    }
  }
#endif
