import RasterIO
import Rasters

/// How the unit and the sign of rate maps were determined, for manifests.
public struct RateReading: Codable, Sendable, Equatable {
  /// The convention after reading.
  public var signConvention = "rates are in the line of sight, positive toward the satellite"
  /// The unit given on the command line.
  public var unitGiven: RasterUnit?
  public var signGiven: LOSConvention?
  /// Values read as missing; as text, because they may include NaN and infinity.
  public var noDataGiven: [String]?
  /// The sign convention of the file and its source; `nil` for all maps of a job together.
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
