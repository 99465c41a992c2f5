import Kernel
import Rasters

/// A raster read from a file, with a description of how it was interpreted.
public struct RasterScene: Sendable, Equatable {
  public var raster: Raster
  public var description: RasterDescription

  public init(raster: Raster, description: RasterDescription) {
    self.raster = raster
    self.description = description
  }
}

/// The origin of a raster, and the source of each fact about it.
public struct RasterDescription: Sendable, Equatable, Codable {
  public var path: String
  /// For example `GeoTIFF`, `MintPy HDF5`, `LiCSBAS flat file`.
  public var format: String
  /// As stored in the file, such as `float32`.
  public var sampleType: String
  /// The dataset inside a container such as HDF5 or netCDF.
  public var dataset: String?
  /// Counted from 1.
  public var band: Int
  public var bandCount: Int
  /// The source of the unit, or why there is none.
  public var unitSource: String
  /// The values that were treated as missing, and why.
  public var noDataSource: String
  /// The number of NaN pixels, for any reason.
  public var noDataCount: Int
  /// 0 to 1.
  public var noDataShare: Double
  public var infiniteCount: Int
  /// Undeclared values that look like no data and were kept.
  public var undeclaredFills: UndeclaredFills?
  /// The sign convention of the values as read; `nil` if unknown.
  public var losConvention: LOSConvention?
  /// The source of the sign, or why there is none.
  public var losSource: String
  /// Whether the file or a manifest beside it states the sign, rather than a convention of its
  /// format.
  public var isLOSStated = false
  /// The convention of the file's format, if `--los-sign` overrides it.
  public var losOverruled: String?
  public var processor: String?
  /// What the values measure, where the file or a manifest beside it states it.
  public var quantity: Quantity?
  /// For example `WGS 84 (EPSG:4326)`; `nil` if unknown.
  public var crsName: String?
  /// The pixel size in the file, if it is implausible; the raster then has no georeference.
  public var disbelievedPixelSize: [Double]?
  /// Attributes of the file that describe the acquisition, as text.
  public var metadata: [String: String]
  /// Notes for the user: assumptions, and warnings of libraries.
  public var notes: [String]

  init(path: String, format: String, sampleType: String) {
    self.path = path
    self.format = format
    self.sampleType = sampleType
    band = 1
    bandCount = 1
    unitSource = "not stated in the file; give it with \(OptionName.unit)"
    losSource = Self.unstatedSign
    noDataSource = "NaN"
    noDataCount = 0
    noDataShare = 0
    infiniteCount = 0
    metadata = [:]
    notes = []
  }

  static let unstatedSign = "not stated; give it with \(OptionName.losSign)"

  /// The factor that makes the values positive toward the satellite: 1 or -1. If the sign
  /// convention is unknown, it is assumed to be 1.
  public var factorTowardSatellite: Double { losConvention?.factorTowardSatellite ?? 1 }

  /// Makes texts from the file safe to show, each on one line.
  mutating func makePrintable() {
    dataset = dataset?.printableFact
    unitSource = unitSource.printableFact
    noDataSource = noDataSource.printableFact
    losSource = losSource.printableFact
    losOverruled = losOverruled?.printableFact
    processor = processor?.printableFact
    crsName = crsName?.printableFact
    sampleType = sampleType.printableFact
    metadata = Dictionary(
      metadata.map { ($0.key.printable, $0.value.printable) },
      uniquingKeysWith: { first, _ in first })
    notes = notes.map(\.printableFact)
  }
}

/// Facts that the caller knows about a file, which the file may not state.
public struct RasterReadOptions: Sendable, Equatable, Codable {
  /// Overrides the unit of the file.
  public var unit: RasterUnit?
  /// The sign of files that do not state it; it overrides the convention of a format.
  public var losConvention: LOSConvention?
  /// Columns of a flat file without header.
  public var width: Int?
  /// Rows of a flat file without header; otherwise computed from its size.
  public var height: Int?
  /// The type of the values of a flat file without header; float32 unless its size indicates
  /// otherwise.
  public var sampleType: SampleType?
  /// Byte order of a flat file without header; detected from the values if `nil`.
  public var byteOrder: ByteOrder?
  /// The dataset inside HDF5 or netCDF.
  public var dataset: String?
  /// Counted from 1: a band, or an item of the first axis of a three-dimensional dataset.
  public var band: Int?
  /// Further values to treat as missing, in addition to those that the file declares. If set, it
  /// replaces the convention of the format (such as zeros in MintPy); infinity makes infinite
  /// values missing.
  public var noData: [Double]?
  /// Reads the lengths of complex numbers, which have no unit, in place of their phases.
  package var readsLengths = false

  /// Without `readsLengths`, which no file of settings holds.
  private enum CodingKeys: String, CodingKey {
    case unit, losConvention, width, height, sampleType, byteOrder, dataset, band, noData
  }

  public init(
    unit: RasterUnit? = nil, dataset: String? = nil, band: Int? = nil, noData: [Double]? = nil,
    losConvention: LOSConvention? = nil
  ) {
    self.unit = unit
    self.losConvention = losConvention
    self.dataset = dataset
    self.band = band
    self.noData = noData
  }
}
