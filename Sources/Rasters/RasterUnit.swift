/// Units of deformation rasters. The project computes in cm/yr.
public enum RasterUnit: String, Sendable, Codable, CaseIterable {
  case metersPerYear = "m/yr"
  case centimetersPerYear = "cm/yr"
  case millimetersPerYear = "mm/yr"
  case meters = "m"
  case centimeters = "cm"
  case millimeters = "mm"
  case radians = "rad"

  /// Decodes any spelling that `init(parsing:)` knows: earlier versions stored a user's own.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let unit = RasterUnit(parsing: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not a unit of deformation")
    }
    self = unit
  }
}
