import Rasters

/// A raster on its way into a dataset.
public struct SourceScene: Sendable {
  /// The file, or what made it.
  public var path: String
  public var name: String
  public var raster: Raster
  /// Where the unit was read.
  public var unitSource: String
  /// Which way its values count; `nil` where nothing says, and toward the satellite is assumed.
  public var losConvention: LOSConvention?
  public var losSource: String
  /// Of the file; `nil` when there is none.
  public var sha256: String?
  public var licence: String?
  public var isHeldOut: Bool

  public init(
    path: String, name: String, raster: Raster, unitSource: String,
    losConvention: LOSConvention? = nil, losSource: String = "not stated", sha256: String? = nil,
    licence: String? = nil, isHeldOut: Bool = false
  ) {
    self.path = path
    self.name = name
    self.raster = raster
    self.unitSource = unitSource
    self.losConvention = losConvention
    self.losSource = losSource
    self.sha256 = sha256
    self.licence = licence
    self.isHeldOut = isHeldOut
  }

  /// - Throws: `RasterError.noValidPixels`, `.infinite` or `.constant`: nothing to learn from.
  func checkValues() throws {
    var lowest = Float.infinity
    var highest = -Float.infinity
    var infinite = 0
    var valid = 0
    for value in raster.values where !value.isNaN {
      valid += 1
      if value.isInfinite { infinite += 1 }
      lowest = min(lowest, value)
      highest = max(highest, value)
    }
    if valid == 0 { throw RasterError.noValidPixels(path: path) }
    if infinite > 0 { throw RasterError.infinite(path: path, count: infinite) }
    if lowest == highest { throw RasterError.constant(path: path, value: lowest) }
  }
}

/// A scene in cm/yr and what is known of it.
public struct PreparedScene: Sendable, Equatable {
  public var scene: RateScene
  public var origin: DatasetManifest.Origin
  public var statistics: RateStatistics
}
