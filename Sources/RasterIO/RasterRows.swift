import DurableFiles
import Rasters

/// A raster that is read row by row, because it may be larger than the memory.
public struct RasterRows {
  public var width: Int
  public var height: Int
  public var unit: RasterUnit?
  public var georeference: Georeference?
  /// Number of rows that are read at once; a multiple of 256 is best for GeoTIFF.
  public var bandHeight: Int
  /// The values of some rows, row-major; called from top to bottom for bands of `bandHeight`.
  public var read: (Range<Int>) throws -> [Float]

  public init(
    width: Int, height: Int, unit: RasterUnit? = nil, georeference: Georeference? = nil,
    bandHeight: Int = 512, read: @escaping (Range<Int>) throws -> [Float]
  ) {
    self.width = width
    self.height = height
    self.unit = unit
    self.georeference = georeference
    self.bandHeight = bandHeight
    self.read = read
  }

  init(_ raster: Raster) {
    self.init(
      width: raster.width, height: raster.height, unit: raster.unit,
      georeference: raster.georeference, bandHeight: raster.height
    ) { _ in raster.values }
  }

  func forEachBand(_ body: (Range<Int>, [Float]) throws -> Void) throws {
    for start in stride(from: 0, to: height, by: max(1, bandHeight)) {
      let rows = start..<min(start + max(1, bandHeight), height)
      let values = try read(rows)
      precondition(values.count == rows.count * width, "a band holds all pixels of its rows")
      try body(rows, values)
    }
  }
}

extension RasterWriter {
  /// The formats that can be written row by row.
  public static let formatsInRows: Set<RasterFormat> = [.tif, .npy]

  /// Writes a raster of any size with the memory of a few bands.
  /// - Throws: as `write(_:to:format:options:)`, and the errors of `rows.read`.
  ///   `RunError.cannotWrite` for a format that is not in `formatsInRows`.
  public static func write(
    _ rows: RasterRows, to path: String, format: RasterFormat, options: RasterWriteOptions = .init()
  ) throws {
    guard rows.width > 0, rows.height > 0 else {
      throw RunError.cannotWrite(path: path, reason: "the raster has no pixel")
    }
    switch format {
    case .npy:
      try AtomicFile.write(to: path) { temporary in
        let file = try FileWriter(path: temporary, named: path)
        try NpyArray.header(shape: [rows.height, rows.width]).withUnsafeBytes { try file.write($0) }
        try rows.forEachBand { _, values in
          if ByteOrder.native == .little {
            try values.withUnsafeBytes { try file.write($0) }
          } else {
            try values.map(\.bitPattern.littleEndian).withUnsafeBytes { try file.write($0) }
          }
        }
      }
    case .tif:
      #if GDAL
        try writeGeoTIFF(rows, to: path, options: options)
      #else
        throw RasterError.needsGDAL(path: path)
      #endif
    case .h5, .png:
      throw RunError.cannotWrite(
        path: path, reason: "\(format.rawValue) files are not written row by row")
    }
  }
}
