/// Units of deformation rasters. The project computes in cm/yr.
public enum RasterUnit: String, Sendable, Codable, CaseIterable {
  case metersPerYear = "m/yr"
  case centimetersPerYear = "cm/yr"
  case millimetersPerYear = "mm/yr"
  case meters = "m"
  case centimeters = "cm"
  case millimeters = "mm"
  case radians = "rad"
}
