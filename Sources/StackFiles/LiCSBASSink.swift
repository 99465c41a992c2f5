import DurableFiles
import Foundation
import InSARPhase
import Rasters

/// Writes `licsbas/GEOCml1/`, as LiCSBAS's step 02 leaves it: for each pair `.unw` (float32, rad) and
/// `.cc` (0 to 255), `baselines`, `EQA.dem_par`, `slc.mli.par` and `hgt`.
///
/// LiCSBAS works only in degrees: a grid in meters is converted to degrees at its position.
/// Source: LiCSBAS, Morishita et al., Remote Sensing 2020.
struct LiCSBASSink: StackSink {
  private let stack: StackDescription
  private let folder: String

  init(_ stack: StackDescription, folder: String) throws {
    self.stack = stack
    self.folder = "\(folder)/licsbas/GEOCml1"
    try AtomicFolder.makeFolders(self.folder)
    try writeText(demParameters(), to: "EQA.dem_par")
    try writeText(radarParameters(), to: "slc.mli.par")
    try writeText(baselines(), to: "baselines")
    let flat = [Float](repeating: 0, count: stack.geometry.count)
    try writeFloats(stack.dem ?? flat, to: "hgt")
  }

  mutating func add(_ interferogram: Interferogram) throws {
    let name = stack.network.name(stack.network.pairs[interferogram.index])
    try AtomicFolder.makeFolders("\(folder)/\(name)")
    // LiCSBAS takes NaN, and values of exactly 0, as no data.
    let phase = NoDataZero.withoutZeros(interferogram.unwrappedRadians)
    try writeFloats(phase, to: "\(name)/\(name).unw")
    let bytes = interferogram.coherence.map { $0.isNaN ? 0 : UInt8(($0 * 255).rounded()) }
    try write(Data(bytes), to: "\(name)/\(name).cc")
  }

  private func demParameters() -> String {
    let grid = GeographicGrid(stack)
    return """
      Gamma DIFF&GEO DEM/MAP parameter file
      title:\tganinsar
      DEM_projection:     EQA
      data_format:        REAL*4
      width:              \(stack.geometry.width)
      nlines:             \(stack.geometry.height)
      corner_lat:         \(grid.cornerLatitude)  decimal degrees
      corner_lon:         \(grid.cornerLongitude)  decimal degrees
      post_lat:           \(grid.latitudeStep)  decimal degrees
      post_lon:           \(grid.longitudeStep)  decimal degrees

      ellipsoid_name:     WGS 84
      ellipsoid_ra:       6378137.000   m
      ellipsoid_reciprocal_flattening:  298.2572236
      datum_name:         WGS 1984

      """
  }

  private func radarParameters() -> String {
    let radar = stack.geometry.radar
    return """
      Gamma Interferometric SAR Processor (ISP) - Image Parameter File

      title:     ganinsar
      sensor:    \(stack.sensor.rawValue)
      date:      \(stack.network.dates[0])
      center_time:              43200.0   s
      range_looks:              1
      azimuth_looks:            1
      range_samples:            \(stack.geometry.width)
      azimuth_lines:            \(stack.geometry.height)
      range_pixel_spacing:      \(stack.geometry.pixelSizeMeters)   m
      azimuth_pixel_spacing:    \(stack.geometry.pixelSizeMeters)   m
      center_range_slc:         \(radar.slantRangeMeters)   m
      heading:                  \(radar.headingDegrees)   degrees
      incidence_angle:          \(radar.incidenceDegrees)   degrees
      radar_frequency:          \(299_792_458 / radar.wavelengthMeters)   Hz

      """
  }

  /// Lines with first date, other date, perpendicular baseline in m, and days, including a line for
  /// the first date itself.
  private func baselines() -> String {
    let first = stack.network.acquisitions[0]
    return stack.network.acquisitions.map { other in
      let baseline = other.perpendicularBaselineMeters - first.perpendicularBaselineMeters
      return "\(first.date) \(other.date) \(baseline) \(first.date.days(to: other.date))\n"
    }.joined()
  }

  private func writeText(_ text: String, to name: String) throws {
    try write(Data(text.utf8), to: name)
  }
  private func writeFloats(_ values: [Float], to name: String) throws {
    var data = Data()
    data.append(littleEndian: values)
    try write(data, to: name)
  }
  private func write(_ data: Data, to name: String) throws {
    let file = try FileWriter(path: "\(folder)/\(name)")
    try file.write(data)
  }
}

/// A stack's grid in degrees; the corner is the center of the first pixel, as in GAMMA.
struct GeographicGrid {
  let cornerLatitude: Double
  let cornerLongitude: Double
  let latitudeStep: Double
  let longitudeStep: Double

  /// Without georeference the grid is at 0, 0. For grids in meters, the degrees are exact at the
  /// center.
  init(_ stack: StackDescription) {
    let (width, height) = (Double(stack.geometry.width), Double(stack.geometry.height))
    if let numbers = stack.georeference?.geographicGeotransform(width: width, height: height) {
      latitudeStep = numbers[5]
      longitudeStep = numbers[1]
      cornerLatitude = numbers[3] + latitudeStep / 2
      cornerLongitude = numbers[0] + longitudeStep / 2
    } else {
      latitudeStep = -stack.geometry.pixelSizeMeters / Georeference.metersPerDegree
      longitudeStep = -latitudeStep
      cornerLatitude = -latitudeStep * height / 2
      cornerLongitude = -longitudeStep * width / 2
    }
  }
}
