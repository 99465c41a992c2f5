/// Units of rasters. Rates are computed in cm/yr; `Quantity` says what other quantities are stored in.
public enum RasterUnit: String, Sendable, Codable, CaseIterable {
  case metersPerYear = "m/yr"
  case centimetersPerYear = "cm/yr"
  case millimetersPerYear = "mm/yr"
  case meters = "m"
  case centimeters = "cm"
  case millimeters = "mm"
  case radians = "rad"
  /// Numbers without a unit, such as coherence.
  case one = "1"

  /// Decodes any spelling that `init(parsing:)` knows: earlier versions stored a user's own.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let unit = RasterUnit(parsing: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not a unit known here")
    }
    self = unit
  }
}
