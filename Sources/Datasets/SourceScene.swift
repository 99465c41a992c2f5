import Rasters

/// A raster to be added to a dataset.
public struct SourceScene: Sendable {
  /// The file, or a description of its origin.
  public var path: String
  public var name: String
  public var raster: Raster
  /// The source of the unit.
  public var unitSource: String
  /// The sign convention of the values; if `nil`, toward the satellite is assumed.
  public var losConvention: LOSConvention?
  public var losSource = "not stated"
  /// SHA-256 of the file; `nil` if there is no file.
  public var sha256: String?
  public var licence: String?
  public var isHeldOut = false

  public init(
    path: String, name: String, raster: Raster, unitSource: String
  ) {
    self.path = path
    self.name = name
    self.raster = raster
    self.unitSource = unitSource
  }

  /// - Throws: `RasterError.noValidPixels`, `.infinite` or `.constant`, if the values cannot be
  ///   used for training.
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

/// A further quantity of a scene, on the scene's grid.
public struct CompanionSource: Sendable {
  public var quantity: Quantity
  public var source: SourceScene

  public init(_ quantity: Quantity, _ source: SourceScene) {
    self.quantity = quantity
    self.source = source
  }
}

/// A scene in the unit of its quantity and its description.
public struct PreparedScene: Sendable, Equatable {
  public var scene: RateScene
  public var origin: DatasetManifest.Origin
  public var statistics: RateStatistics
  /// Of the scene's companions.
  public var companions: [Companion] = []
  /// What was noticed about the values, one sentence each.
  public var notes: [String] = []

  /// The description of a further quantity.
  public struct Companion: Sendable, Equatable {
    public var quantity: Quantity
    public var origin: DatasetManifest.Origin
    public var statistics: RateStatistics
  }
}
