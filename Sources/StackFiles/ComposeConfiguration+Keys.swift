import Kernel

extension ComposeConfiguration: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "sensor": "Satellite: wavelength, repeat interval, geometry and bandwidth.",
    "seed": "Seed of all random numbers, 0 to 2^64 - 1; the same seed gives the same stack.",
    "network": "Dates, and the pairs of them that become interferograms.",
    "geometry": "Numbers that replace the sensor's own; null keeps the sensor's.",
    "model": "Components of the phase.",
    "heights": "The fractal surface that stratification takes without \(OptionName.dem).",
    "rates": "Changes of the rate map before it is composed.",
    "reference": "The pixel to which phases are referenced.",
    "mask": "Where measured rasters have no data, as in products.",
  ]
}

extension ComposeConfiguration.Network: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "dates":
      "The dates themselves, [YYYYMMDD, ...], instead of start, count and everyDays; null: not given.",
    "perpendicularBaselinesMeters": "Perpendicular baseline of each date in m; null: drawn.",
    "start": "First date, YYYYMMDD.",
    "count": "Number of dates, 2 or more.",
    "startOffsetDays": "The first date is this number of days after start.",
    "everyDays":
      "Days between dates, 1 or more; null: everyRepeats times the sensor's repeat interval.",
    "everyRepeats": "Repeat intervals of the sensor between dates, 1 or more.",
    "baselineStandardDeviationMeters":
      "Standard deviation of the perpendicular baselines that are drawn in m, 0 or more.",
    "maximumDays": "Longest time span of a pair in days; null: no limit.",
    "maximumPerpendicularBaselineMeters":
      "Longest perpendicular baseline of a pair in m; null: no limit.",
    "maximumConnections":
      "Maximum number of later dates that each date is paired with, 1 or more; null: no limit.",
  ]
}

extension ComposeConfiguration.Geometry: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "wavelengthMeters": "Wavelength in m, above 0.",
    "incidenceDegrees": "Incidence angle in degrees, above 0, below 90.",
    "slantRangeMeters": "Distance to the ground in m, above 0.",
    "headingDegrees":
      "Flight direction, degrees clockwise from north: about -12 ascending, -168 descending.",
    "pixelSizeMeters": "Edge of a pixel in m; null: the rate map's georeference, 30 without one.",
  ]
}
