@testable import RasterIO

#if GDAL
  import CHDF5
  import TestSupport
  import Testing

  @testable import RasterIO

  import Rasters

  /// HDF5 of neither MintPy nor netCDF: NISAR's products and people's own files.
  @Suite struct HDF5GridTests {
    let folder: TemporaryFolder
    let path: String
    init() throws {
      folder = try TemporaryFolder()
      path = folder.file("a.h5")
    }

    static let values: [Float] = [0, 1, 2, 3, -8, 5]

    func write(
      x: (name: String, values: [Float]), y: (name: String, values: [Float]),
      values: [Float] = Self.values, shape: [Int] = [2, 3], attributes: [String: String] = [:],
      root: [String: String] = [:], others: [HDF5Layout.Dataset] = []
    ) throws {
      func axis(_ axis: (name: String, values: [Float])) -> HDF5Layout.Dataset {
        .init(name: axis.name, shape: [axis.values.count], content: .floats(axis.values))
      }
      let layout = HDF5Layout(
        attributes: root,
        datasets: [
          .init(name: "rate", shape: shape, content: .floats(values), attributes: attributes),
          axis(x), axis(y),
        ] + others)
      _ = try HDF5FileWriter(path: path, layout: layout)
    }

    @Test func coordinatesFillsUnitsAndScale() throws {
      try write(
        x: ("xCoordinates", [500_040, 500_120, 500_200]),
        y: ("yCoordinates", [3_999_880, 3_999_960]),
        attributes: [
          "_FillValue": "-8", "units": "cm/year", "add_offset": "1", "grid_mapping": "projection",
        ],
        others: [.init(name: "projection", shape: [1], content: .floats([32611]))])
      let scene = try RasterReader.read(path)
      #expect(sameValues(scene.raster.values, [4, .nan, 6, 1, 2, 3]))
      #expect(scene.raster.unit == .centimetersPerYear)
      #expect(scene.raster.georeference?.geotransform == [5e5, 80, 0, 4e6, 0, -80])
      #expect(scene.description.crsName?.contains("EPSG:32611") == true)
      #expect(scene.description.noDataSource.contains("-8 (declared"))
    }

    @Test func degreesAndTurnedAxes() throws {
      // [longitude][latitude], as column-major programs leave them.
      try write(
        x: ("longitude", [10, 10.5]), y: ("latitude", [44, 44.5, 45]),
        attributes: ["Units": "mm/yr", "missing_value": "5"])
      let scene = try RasterReader.read(path)
      #expect(sameValues(scene.raster.values, [2, .nan, 1, -8, 0, 3]))
      #expect(scene.raster.width == 2 && scene.raster.unit == .millimetersPerYear)
      #expect(scene.raster.georeference?.geotransform == [9.75, 0.5, 0, 45.25, 0, -0.5])
      #expect(scene.description.crsName == "WGS 84 (EPSG:4326)")
    }

    @Test func coordinatesOfEveryPixel() throws {
      try write(
        x: ("p", [0]), y: ("q", [0]),
        others: [
          .init(name: "lon", shape: [2, 3], content: .floats([10, 10.5, 11, 10, 10.5, 11])),
          .init(name: "lat", shape: [2, 3], content: .floats([44, 44, 44, 44.5, 44.5, 44.5])),
        ])
      let scene = try RasterReader.read(path, options: .init(dataset: "rate"))
      #expect(sameValues(scene.raster.values, [3, -8, 5, 0, 1, 2]))
      #expect(scene.raster.georeference?.geotransform == [9.75, 0.5, 0, 44.75, 0, -0.5])
      // Radar coordinates are no grid.
      try write(
        x: ("p", [0]), y: ("q", [0]),
        others: [
          .init(name: "lon", shape: [2, 3], content: .floats([10, 10.5, 11, 10.2, 10.7, 11.2])),
          .init(name: "lat", shape: [2, 3], content: .floats([44, 44.1, 44.2, 44.5, 44.6, 44.7])),
        ])
      let radar = try RasterReader.read(path, options: .init(dataset: "rate"))
      #expect(radar.raster.georeference == nil && sameValues(radar.raster.values, Self.values))
    }

    @Test func aDatasetIsFoundByTheEndOfItsPath() throws {
      #expect(DatasetName.index(of: "/b", in: ["a/b", "b"]) == 1)
      #expect(DatasetName.index(of: "b/c", in: ["a/b/c", "a/d/c"]) == 0)
      #expect(DatasetName.index(of: "c", in: ["a/b/c", "a/d/c"]) == nil)
      #expect(DatasetName.index(of: "c", in: ["abc"]) == nil)
    }

    @Test func numericAttributesKeepDoublePrecision() throws {
      try write(
        x: ("p", [1, 2, 3]), y: ("q", [1, 2]),
        root: ["Y_FIRST": "45", "X_STEP": "0.5", "Y_STEP": "-0.5", "FILE_TYPE": "rate"])
      let file = H5Fopen(path, ch5_read_write(), ch5_default_properties())
      #expect(write(130.123456789, named: "X_FIRST", on: file))
      #expect(H5Fclose(file) >= 0)
      let scene = try RasterReader.read(path)
      #expect(scene.raster.georeference?.geotransform[0] == 130.123456789)
      #expect(scene.description.metadata["X_FIRST"] == "130.123456789")
    }

    private func write(_ number: Double, named name: String, on object: hid_t) -> Bool {
      let space = H5Screate(H5S_SCALAR)
      let attribute = H5Acreate2(
        object, name, ch5_native_double(), space, ch5_default_properties(),
        ch5_default_properties())
      defer {
        H5Aclose(attribute)
        H5Sclose(space)
      }
      var number = number
      return H5Awrite(attribute, ch5_native_double(), &number) >= 0
    }
  }
#endif
