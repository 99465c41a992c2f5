import Rasters

/// A raster as read from a file, with what the reader understood about it.
public struct RasterScene: Sendable, Equatable {
  public var raster: Raster
  public var description: RasterDescription

  public init(raster: Raster, description: RasterDescription) {
    self.raster = raster
    self.description = description
  }
}

/// Where a raster came from and where each fact about it was read.
public struct RasterDescription: Sendable, Equatable, Codable {
  public var path: String
  /// Such as `GeoTIFF`, `MintPy HDF5`, `LiCSBAS flat file`.
  public var format: String
  /// As stored in the file, such as `float32`.
  public var sampleType: String
  /// The dataset inside a container such as HDF5 or netCDF.
  public var dataset: String?
  /// Counted from 1.
  public var band: Int
  public var bandCount: Int
  /// Where the unit was read, or why there is none.
  public var unitSource: String
  /// Which values were taken as missing, and on whose word.
  public var noDataSource: String
  /// How many pixels are NaN, whatever the reason.
  public var noDataCount: Int
  /// 0 to 1.
  public var noDataShare: Double
  public var infiniteCount: Int
  /// Values that look like no data and were kept, because nothing says that they are.
  public var undeclaredFills: UndeclaredFills?
  /// Which way the values as read count; `nil` where nothing says.
  public var losConvention: LOSConvention?
  /// Where the sign was read, or why there is none.
  public var losSource: String
  /// Whether the file, or a manifest beside it, says so, and not a convention of its format.
  public var isLOSStated = false
  /// What the file's format would have said, where `--los-sign` says otherwise.
  public var losOverruled: String?
  public var processor: String?
  /// Such as `WGS 84 (EPSG:4326)`; `nil` when unknown.
  public var crsName: String?
  /// As the file states it, where that cannot be; the raster has no georeference then.
  public var disbelievedPixelSize: [Double]?
  /// Attributes of the file that describe the acquisition, as text.
  public var metadata: [String: String]
  /// Anything a user should know: assumptions made, warnings of the reading library.
  public var notes: [String]

  init(path: String, format: String, sampleType: String) {
    self.path = path
    self.format = format
    self.sampleType = sampleType
    band = 1
    bandCount = 1
    unitSource = "not stated in the file; give it with --unit"
    losSource = Self.unstatedSign
    noDataSource = "NaN"
    noDataCount = 0
    noDataShare = 0
    infiniteCount = 0
    metadata = [:]
    notes = []
  }

  static let unstatedSign = "not stated; give it with --los-sign"

  /// What makes the values as read positive toward the satellite: 1 or -1. Where nothing says which
  /// way they count, they are taken to do so.
  public var factorTowardSatellite: Double { losConvention?.factorTowardSatellite ?? 1 }

  /// Makes what comes from the file fit to be shown, one line a fact.
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

/// What a caller knows about a file that the file may not say.
public struct RasterReadOptions: Sendable, Equatable, Codable {
  /// Overrides what the file says.
  public var unit: RasterUnit?
  /// The sign of files that do not state it; it overrides the convention of a format.
  public var losConvention: LOSConvention?
  /// Columns of a headerless flat file.
  public var width: Int?
  /// Rows of a headerless flat file; otherwise they follow from its size.
  public var height: Int?
  /// How a headerless flat file stores its values; float32 unless its size says otherwise.
  public var sampleType: SampleType?
  /// Byte order of a headerless flat file; judged from the values when `nil`.
  public var byteOrder: ByteOrder?
  /// The dataset inside HDF5 or netCDF.
  public var dataset: String?
  /// Counted from 1: a band, or an item of the first axis of a three-dimensional dataset.
  public var band: Int?
  /// Values to read as missing, beside the one that the file declares. When set, it replaces the
  /// format's own convention (such as zeros in MintPy); infinity here makes infinite values missing.
  public var noData: [Double]?

  public init(
    unit: RasterUnit? = nil, width: Int? = nil, height: Int? = nil, sampleType: SampleType? = nil,
    byteOrder: ByteOrder? = nil, dataset: String? = nil, band: Int? = nil, noData: [Double]? = nil,
    losConvention: LOSConvention? = nil
  ) {
    self.unit = unit
    self.losConvention = losConvention
    self.width = width
    self.height = height
    self.sampleType = sampleType
    self.byteOrder = byteOrder
    self.dataset = dataset
    self.band = band
    self.noData = noData
  }
}
