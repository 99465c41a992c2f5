import DurableFiles
import Foundation
import Pictures
import Rasters

/// File formats that rasters are written in.
public enum RasterFormat: String, Sendable, Codable, CaseIterable {
  /// GeoTIFF: float32, tiled, compressed, with unit, no-data value and georeference.
  case tif
  /// NumPy array [rows, columns], without unit and georeference.
  case npy
  /// MintPy `velocity.h5`, in m/year.
  case h5
  /// An image with a color bar.
  case png

  /// Whether this build can write the format.
  public var isAvailable: Bool {
    #if GDAL
      true
    #else
      self == .npy || self == .png
    #endif
  }
}

/// Metadata of a file to write.
public struct RasterWriteOptions: Sendable, Equatable {
  /// What the values measure; `nil`: rates, or not stated.
  public var quantity: Quantity?
  public var losConvention: LOSConvention?
  /// GeoTIFF metadata items, or MintPy root attributes (which override the defaults).
  public var metadata: [String: String]
  /// Title of an image.
  public var title: String?
  /// The value at the ends of the color scale of an image; derived from the values if `nil`.
  public var colorLimit: Float?
  /// What a GeoTIFF stores for NaN, and declares as no data; NaN if `nil`.
  public var noDataValue: Float?

  public init(
    quantity: Quantity? = nil, losConvention: LOSConvention? = nil,
    metadata: [String: String] = [:], title: String? = nil, colorLimit: Float? = nil,
    noDataValue: Float? = nil
  ) {
    self.quantity = quantity
    self.losConvention = losConvention
    self.metadata = metadata
    self.title = title
    self.colorLimit = colorLimit
    self.noDataValue = noDataValue
  }
}

/// Writes rasters atomically.
public enum RasterWriter {
  /// The metadata item of GeoTIFF files that names the quantity.
  static let quantityKey = "QUANTITY"

  /// - Throws: `RunError.cannotWrite` (unwritable folder, full disk); `RasterError.needsGDAL` for
  ///   `tif` and `h5` in a build without it; `RasterError.cannotConvert` for an `h5` of anything
  ///   but a rate.
  public static func write(
    _ raster: Raster, to path: String, format: RasterFormat, options: RasterWriteOptions = .init()
  ) throws {
    guard raster.width > 0, raster.height > 0 else {
      throw RunError.cannotWrite(path: path, reason: "the raster has no pixel")
    }
    switch format {
    case .npy:
      try NpyArray(shape: [raster.height, raster.width], values: raster.values).write(to: path)
    case .png:
      try RatePicture.render(
        raster, limit: options.colorLimit, quantity: options.quantity ?? .rate,
        title: options.title
      ).write(to: path)
    case .tif, .h5:
      #if GDAL
        if format == .tif {
          try writeGeoTIFF(RasterRows(raster), to: path, options: options)
        } else {
          try writeMintPy(raster, to: path, options: options)
        }
      #else
        throw RasterError.needsGDAL(path: path)
      #endif
    }
  }
}
