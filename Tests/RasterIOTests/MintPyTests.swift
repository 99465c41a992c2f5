import Rasters
import TestSupport

@testable import RasterIO

#if GDAL
  import Foundation
  import TestSupport
  import Testing

  @testable import RasterIO

  import Rasters

  @Suite struct MintPyTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func velocityRoundTrip() throws {
      let raster = sampleRaster(georeference: sampleGeoreference)
      let path = folder.file("velocity.h5")
      try RasterWriter.write(
        raster, to: path, format: .h5, options: .init(metadata: ["WAVELENGTH": "0.2384035"]))
      let scene = try RasterReader.read(path)
      #expect(scene.raster.unit == .metersPerYear && scene.description.dataset == "velocity")
      let back = try scene.raster.converted(to: .centimetersPerYear)
      #expect(sameValues(raster.values, back.values, tolerance: 2e-7))
      #expect(scene.raster.georeference?.geotransform == sampleGeoreference.geotransform)
      #expect(scene.description.losConvention == .towardSatellite)
      #expect(scene.description.metadata["WAVELENGTH"] == "0.2384035")
      #expect(scene.description.metadata["LENGTH"] == "21")
    }

    @Test func onlyRatesAndNorthUpGridsFitIn() throws {
      let path = folder.file("a.h5")
      #expect(throws: RasterError.self) {
        try RasterWriter.write(sampleRaster(unit: .centimeters), to: path, format: .h5)
      }
      let rotated = Georeference(geotransform: [0, 1, 0.5, 0, 0.5, -1], crsWKT: "")
      #expect(throws: RasterError.self) {
        try RasterWriter.write(sampleRaster(georeference: rotated), to: path, format: .h5)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func signIsTurnedTowardTheSatellite() throws {
      let path = folder.file("a.h5")
      let raster = sampleRaster(unit: .metersPerYear)
      try RasterWriter.write(
        raster, to: path, format: .h5, options: .init(losConvention: .awayFromSatellite))
      #expect(sameValues(try RasterReader.read(path).raster.values, raster.values.map { -$0 }))
    }

    @Test func zerosAreMissingUnlessTheFileDeclaresOtherwise() throws {
      let path = folder.file("a.h5")
      let raster = Raster(
        width: 3, height: 2, values: [0, 0, 1, 2, .nan, 0], unit: .metersPerYear)
      // An empty declaration is none: the file is then as MintPy writes it.
      try RasterWriter.write(
        raster, to: path, format: .h5,
        options: .init(metadata: ["NO_DATA_VALUE": "None", "REF_X": "1", "REF_Y": "0"]))
      let scene = try RasterReader.read(path)
      #expect(sameValues(scene.raster.values, [.nan, 0, 1, 2, .nan, .nan]))
      #expect(scene.description.noDataSource.contains("MintPy"))
      let kept = try RasterReader.read(path, options: .init(noData: [.nan]))
      #expect(sameValues(kept.raster.values, raster.values))
    }

    @Test func truncatedAndForeignFilesAreErrors() throws {
      let path = folder.file("velocity.h5")
      try RasterWriter.write(
        sampleRaster(width: 200, height: 200), to: path, format: .h5)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for count in [3, 100, whole.count / 2, whole.count - 1] {
        try write(whole.prefix(count), to: path)
        let error = #expect(throws: RasterError.self) { try RasterReader.read(path) }
        #expect(error?.description.contains(path) == true)
      }
      try write("This is a letter, not a file of data.", to: path)
      #expect(throws: RasterError.self) { try RasterReader.read(path) }
    }

    @Test func missingDatasetNamesThoseThere() throws {
      let path = folder.file("a.h5")
      try RasterWriter.write(sampleRaster(), to: path, format: .h5)
      let error = #expect(throws: RasterError.self) {
        try RasterReader.read(path, options: .init(dataset: "height"))
      }
      #expect(error?.description.contains("velocity") == true)
      #expect(error?.description.contains("'height'") == true)
    }

    static let hasH5py = NpyTests.run(["python3", "-c", "import h5py"]) == 0

    @Test(.enabled(if: hasH5py, "needs python3 with h5py"))
    func h5pyReadsTheAttributesThatMintPyNeeds() throws {
      let path = folder.file("velocity.h5")
      try RasterWriter.write(
        sampleRaster(georeference: sampleGeoreference), to: path, format: .h5)
      let program = """
        import h5py
        f = h5py.File("\(path)")
        v = f["velocity"]
        assert v.dtype == "<f4" and v.shape == (21, 37) and abs(v[1, 0] + .01) < 1e-9
        names = "LENGTH WIDTH WAVELENGTH REF_X REF_Y ALOOKS RLOOKS X_FIRST Y_FIRST X_STEP Y_STEP"
        for name in names.split():
            assert isinstance(f.attrs[name], str)
            float(f.attrs[name])
        assert f.attrs["UNIT"] == "m/year" and f.attrs["FILE_TYPE"] == "velocity"
        """
      #expect(NpyTests.run(["python3", "-c", program]) == 0)
    }

    @Test(.enabled(if: hasH5py, "needs python3 with h5py"))
    func timeSeriesAndOtherDatasets() throws {
      let path = folder.file("timeseries.h5")
      let program = """
        import h5py, numpy as np
        f = h5py.File("\(path)", "w")
        f.attrs["FILE_TYPE"] = "timeseries"; f.attrs["UNIT"] = "m"
        f.attrs["LENGTH"] = np.bytes_("2"); f.attrs["WIDTH"] = 3
        f["timeseries"] = np.arange(12, dtype="f8").reshape(2, 2, 3)
        f["bperp"] = np.zeros(2); f["date"] = np.array([b"20200101", b"20200113"])
        g = f.create_group("extra"); g["height"] = np.ones((2, 3), "i2")
        """
      #expect(NpyTests.run(["python3", "-c", program]) == 0)
      let scene = try RasterReader.read(path, options: .init(band: 2))
      #expect(scene.raster.values == [6, 7, 8, 9, 10, 11] && scene.raster.unit == .meters)
      #expect(scene.description.metadata["LENGTH"] == "2")
      #expect(scene.description.metadata["WIDTH"] == "3")
      let height = try RasterReader.read(path, options: .init(dataset: "extra/height"))
      #expect(height.raster.values == [1, 1, 1, 1, 1, 1] && height.raster.unit == nil)
      #expect(throws: RasterError.self) { try RasterReader.read(path, options: .init(band: 3)) }
    }
  }
#endif
