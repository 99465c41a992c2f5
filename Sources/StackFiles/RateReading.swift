import RasterIO
import Rasters

/// How the unit and the sign of rate maps were understood, as manifests record it.
public struct RateReading: Codable, Sendable, Equatable {
  /// After reading, whatever a file says.
  public var signConvention = "rates are in the line of sight, positive toward the satellite"
  /// What was given on the command line.
  public var unitGiven: RasterUnit?
  public var signGiven: LOSConvention?
  /// Values read as missing; as text, since NaN and infinity are among them.
  public var noDataGiven: [String]?
  /// Which way the file counts, and where that was read; `nil` for all maps of a job together.
  public var fileSign: LOSConvention?
  public var fileSignSource: String?

  package init(_ options: RasterReadOptions, _ description: RasterDescription? = nil) {
    unitGiven = options.unit
    signGiven = options.losConvention
    noDataGiven = options.noData.map { $0.map { "\($0)" } }
    fileSign = description?.losConvention
    fileSignSource = description?.losSource
  }
}
