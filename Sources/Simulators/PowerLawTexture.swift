import Foundation
import InSARPhase
import Kernel

/// A rough, isotropic random field, such as the residual atmosphere and noise in a rate map.
///
/// Convention: `spectralSlope` is beta of the **two-dimensional** power spectrum, P(k) proportional
/// to (k^2 + k0^2)^(-beta / 2), k in cycles per meter, k0 = 1 / outerScaleMeters. A profile through
/// the field has a slope one less (Hanssen's one-dimensional 5/3 is 8/3 here). White noise is
/// filtered in the frequency domain on twice the grid's size, so that opposite edges of a scene are
/// uncorrelated; its mean is zero over many scenes, not in each.
/// Source: spectral synthesis, Saupe in The Science of Fractal Images, 1988; Hanssen, Radar
/// Interferometry, 2001, section 4.7.
public struct PowerLawTexture: Sendable, Equatable, Codable {
  public let seed: UInt64
  public let spectralSlope: Double
  /// Expected standard deviation of a value.
  public let standardDeviationCMPerYear: Double
  /// Beyond this wavelength the spectrum is flat, so that there is no ramp across a scene.
  public let outerScaleMeters: Double

  /// - Throws: `SimulatorError.badSource` for a slope outside 0 to 6, a negative standard deviation or
  ///   an outer scale of 0 or less.
  public init(
    seed: UInt64, spectralSlope: Double, standardDeviationCMPerYear: Double,
    outerScaleMeters: Double
  ) throws {
    self.seed = seed
    self.spectralSlope = spectralSlope
    self.standardDeviationCMPerYear = standardDeviationCMPerYear
    self.outerScaleMeters = outerScaleMeters
    var check = ParameterCheck(.finite)
    check.inside("spectralSlope", spectralSlope, 0...6)
    check.notNegative("standardDeviationCMPerYear", standardDeviationCMPerYear)
    check.positive("outerScaleMeters", outerScaleMeters)
    guard check.faults.isEmpty else {
      throw SimulatorError.badSource(kind: "power-law texture", faults: check.faults)
    }
  }

  /// The field in cm/yr, of the grid's shape; it depends only on this texture and the grid.
  /// - Throws: `InSARPhaseError.outOfMemory`.
  public func values(grid: SceneGrid) throws -> [Float] {
    let (height, width) = (2 * grid.height, 2 * grid.width)
    var random = CounterRandom(seed, .powerLawTexture)
    let white = (0..<height * width).map { _ in Float(random.normal()) }
    let amplitudes = amplitudeFilter(
      height: height, width: width, pixelSizeMeters: grid.pixelSizeMeters)
    let filter = try PlaneFilter(height: height, width: width)
    return try filter.corner(
      of: white, gains: filter.gains(amplitudes), rows: grid.height, columns: grid.width)
  }

  /// The filter that converts white noise of variance 1 to the field:
  /// [height / 2 + 1, width / 2 + 1], row-major.
  func amplitudeFilter(height: Int, width: Int, pixelSizeMeters: Double) -> [Double] {
    let columns = width / 2 + 1
    let outer = 1 / (outerScaleMeters * outerScaleMeters)
    var filter = [Double](repeating: 0, count: (height / 2 + 1) * columns)
    var power = 0.0
    for row in 0...height / 2 {
      let ky = Double(row) / (Double(height) * pixelSizeMeters)
      for column in 0..<columns where row + column > 0 {
        let kx = Double(column) / (Double(width) * pixelSizeMeters)
        let square = pow((kx * kx + ky * ky + outer) / outer, -spectralSlope / 2)
        filter[row * columns + column] = square.squareRoot()
        // Rows and columns between the first and the last count twice, because of their mirror
        // images.
        let columnCount = column == 0 || 2 * column == width ? 1.0 : 2
        let rowCount = row == 0 || 2 * row == height ? 1.0 : 2
        power += rowCount * columnCount * square
      }
    }
    let scale = standardDeviationCMPerYear / (power / Double(height * width)).squareRoot()
    return filter.map { scale * $0 }
  }
}
