import Foundation
import RasterIO
import Rasters

/// Readers of rasters, in every format that docs/rasters.md lists.
enum RasterReaders {
  static var all: [FuzzReader] {
    var readers = [
      reader("npy") { folder in [try written(.npy, folder), npy(.float64), npy(.int16)] },
      reader("roi-pac") { _ in
        let header =
          "WIDTH 24\nFILE_LENGTH 16\nX_FIRST 12.5\nX_STEP 0.001\nY_FIRST 42\n"
          + "Y_STEP -0.001\nX_UNIT degrees\nPROCESSOR ROI_PAC\n"
        return [
          FuzzCase(["a.unw": bytes(2), "a.unw.rsc": Array(header.utf8)], main: "a.unw"),
          FuzzCase(["a.hgt": bytes(2), "a.hgt.rsc": Array(header.utf8)], main: "a.hgt"),
        ]
      },
      reader("gamma") { _ in
        let header =
          "title: x\nrange_samples: 24\nazimuth_lines: 16\ncorner_lat: 42.0 decimal "
          + "degrees\ncorner_lon: 12.5\npost_lat: -1.0e-3\npost_lon: 1.0e-3\n"
        return [FuzzCase(["a.diff": bytes(1), "a.diff.par": Array(header.utf8)], main: "a.diff")]
      },
      reader("licsbas") { _ in
        let grid =
          "width: 24\nnlines: 16\ncorner_lat: 42.0\ncorner_lon: 12.5\npost_lat: -0.001\n"
          + "post_lon: 0.001\n"
        let parameters = "range_samples: 24\nazimuth_lines: 16\nwavelength: 0.0554658\n"
        return [
          FuzzCase(
            ["results/vel": bytes(1), "info/EQA.dem_par": Array(grid.utf8)], main: "results/vel"),
          FuzzCase(
            ["results/vel": bytes(1), "info/13parameters.txt": Array(parameters.utf8)],
            main: "results/vel"),
        ]
      },
    ]
    #if GDAL
      readers += [
        reader("geotiff") { [try written(.tif, $0)] + GDALSeeds.tiffs(in: $0) },
        reader("vrt") { [try vrt($0)] },
        reader("netcdf-classic", dataset: "z") { _ in [netCDF(1), netCDF(2)] },
        reader("netcdf-4") { GDALSeeds.netCDF4(in: $0) },
        reader("isce") { [try isce($0)] },
        reader("mintpy-velocity") { [try written(.h5, $0)] },
        reader("hdf5", hdf5),
      ]
    #endif
    return readers
  }

  private static func reader(
    _ name: String, dataset: String? = nil,
    _ seeds: @escaping @Sendable (String) throws -> [FuzzCase]
  ) -> FuzzReader {
    FuzzReader(name: name, seeds: seeds, read: { try read($0, dataset) })
  }

  private static func read(_ path: String, _ dataset: String?) throws {
    let scene = try RasterReader.read(path, options: .init(dataset: dataset))
    guard scene.raster.values.count == scene.raster.width * scene.raster.height else {
      throw Finding("a raster with another number of values than its shape")
    }
    let shown = scene.description.notes + [scene.description.unitSource]
    for text in shown where text.unicodeScalars.contains(where: { $0.value < 32 }) {
      throw Finding("a control character in what is shown: \(text)")
    }
  }

  static let place = Georeference(
    geotransform: [12.5, 0.001, 0, 42, 0, -0.001], crsWKT: Georeference.wgs84WKT)

  static func raster(_ side: Int = 24, _ height: Int = 16) -> Raster {
    var values = (0..<side * height).map { sinf(Float($0) / 7) * 3 }
    values[5] = .nan
    return Raster(
      width: side, height: height, values: values, unit: .centimetersPerYear, georeference: place)
  }

  static func written(_ format: RasterFormat, _ folder: String) throws -> FuzzCase {
    let name = "a.\(format.rawValue)"
    try RasterWriter.write(raster(), to: "\(folder)/\(name)", format: format)
    return try FuzzCase(folder: folder, main: name)
  }

  /// `bands` planes of 24 x 16 float32.
  private static func bytes(_ bands: Int) -> [UInt8] {
    (0..<24 * 16 * bands).flatMap { index in
      withUnsafeBytes(of: (sinf(Float(index) / 9) + 0.1).bitPattern.littleEndian) { Array($0) }
    }
  }

  private static func npy(_ type: SampleType) -> FuzzCase {
    let code = type == .float64 ? "<f8" : ">i2"
    let header = "{'descr': '\(code)', 'fortran_order': True, 'shape': (12, 4), }\n"
    let count = UInt8(header.utf8.count)
    return FuzzCase(
      [
        "a.npy": [0x93] + Array("NUMPY".utf8) + [1, 0, count, 0] + Array(header.utf8)
          + [UInt8](repeating: 3, count: 48 * type.byteCount)
      ], main: "a.npy")
  }

  #if GDAL
    private static func vrt(_ folder: String) throws -> FuzzCase {
      try RasterWriter.write(raster(), to: "\(folder)/a.tif", format: .tif)
      let text = """
        <VRTDataset rasterXSize="24" rasterYSize="16">
          <SRS>EPSG:4326</SRS>
          <GeoTransform>12.5, 0.001, 0, 42, 0, -0.001</GeoTransform>
          <VRTRasterBand dataType="Float32" band="1">
            <NoDataValue>-9999</NoDataValue>
            <UnitType>cm/yr</UnitType>
            <ComplexSource>
              <SourceFilename relativeToVRT="1">a.tif</SourceFilename>
              <SourceBand>1</SourceBand>
              <SrcRect xOff="0" yOff="0" xSize="24" ySize="16"/>
              <DstRect xOff="0" yOff="0" xSize="24" ySize="16"/>
              <ScaleOffset>0</ScaleOffset><ScaleRatio>1</ScaleRatio>
            </ComplexSource>
          </VRTRasterBand>
          <VRTRasterBand dataType="Byte" band="2" subClass="VRTRawRasterBand">
            <SourceFilename relativeToVRT="1">a.tif</SourceFilename>
            <ImageOffset>8</ImageOffset><PixelOffset>1</PixelOffset><LineOffset>24</LineOffset>
          </VRTRasterBand>
        </VRTDataset>
        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/b.vrt"))
      return try FuzzCase(folder: folder, main: "b.vrt")
    }

    /// A grid `z`(y, x) as in GMT, and a record variable.
    private static func netCDF(_ version: UInt8) -> FuzzCase {
      func number(_ value: Int, _ count: Int = 4) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
      }
      func name(_ text: String) -> [UInt8] {
        number(text.utf8.count) + Array(text.utf8)
          + [UInt8](repeating: 0, count: (4 - text.utf8.count % 4) % 4)
      }
      func text(_ key: String, _ value: String) -> [UInt8] { name(key) + number(2) + name(value) }
      let offset = version == 1 ? 4 : 8
      let attributes = number(12) + number(2) + text("units", "cm/yr") + text("long_name", "z")
      var header = Array("CDF".utf8) + [version] + number(2)
      header += number(10) + number(3)
      header += name("y") + number(4) + name("x") + number(6) + name("time") + number(0)
      header += number(12) + number(1) + text("Conventions", "CF-1.7")
      header += number(11) + number(2)
      let fixed =
        name("z") + number(2) + number(0) + number(1) + attributes + number(5)
        + number(96)
      let record =
        name("r") + number(3) + number(2) + number(0) + number(1) + number(0, 8)
        + number(5) + number(96)
      let begin = header.count + fixed.count + record.count + 2 * offset
      header += fixed + number(begin, offset) + record + number(begin + 96, offset)
      return FuzzCase(
        ["a.nc": header + [UInt8](repeating: 0x40, count: 96 * 3)], main: "a.nc")
    }

    private static func isce(_ folder: String) throws -> FuzzCase {
      func property(_ name: String, _ value: String) -> String {
        "<property name=\"\(name)\"><value>\(value)</value></property>"
      }
      let xml =
        "<imageFile>" + property("width", "24") + property("length", "16")
        + property("number_bands", "2") + property("data_type", "FLOAT")
        + property("scheme", "BIL") + property("byte_order", "l") + "</imageFile>"
      return FuzzCase(
        ["a.unw": bytes(2), "a.unw.xml": Array(xml.utf8)], main: "a.unw")
    }

    @Sendable private static func hdf5(_ folder: String) throws -> [FuzzCase] {
      let values = (0..<96).map { Float($0) }
      let layout = HDF5Layout(
        attributes: ["UNIT": "m/year", "NO_DATA_VALUE": "0"],
        datasets: [
          .init(
            name: "velocity", shape: [8, 12], content: .floats(values),
            attributes: ["UNIT": "cm/yr"]),
          .init(name: "mask", shape: [8, 12], content: .booleans(values.map { $0 > 4 })),
          .init(name: "date", shape: [2], content: .texts(["20200101", "20200113"])),
        ])
      _ = try HDF5FileWriter(path: "\(folder)/a.h5", layout: layout)
      return [try FuzzCase(folder: folder, main: "a.h5")]
    }
  #endif
}
