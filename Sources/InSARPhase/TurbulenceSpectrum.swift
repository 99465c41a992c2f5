import Foundation
import Kernel

/// The power of a random field as a function of wavenumber.
///
/// **Convention:** every slope here is beta of the two-dimensional power spectrum, P(k) ~ k^-beta,
/// k in cycles per meter. The slope of a profile through the field is smaller by one: Hanssen's
/// one-dimensional 5/3, 8/3 and 2/3 are 8/3, 11/3 and 5/3 here. Other programs mix the two
/// conventions.
///
/// In the first regime k is sqrt(k^2 + 1/outerScale^2), so that the spectrum is flat beyond the
/// outer scale; at each corner one power law continues continuously into the next. With an
/// anisotropy ratio r, structures are r times as long in the direction of `elongationDegrees` as
/// across it.
/// Source: Hanssen, Radar Interferometry, 2001, section 4.7, figure 4.21.
public struct TurbulenceSpectrum: Sendable, Hashable, Codable {
  /// Slopes from the longest wavelengths to the shortest.
  public var slopes2D: [Double]
  /// Wavelengths at which one slope changes to the next, in descending order; one fewer than
  /// slopes.
  public var cornerWavelengthsMeters: [Double]
  public var outerScaleMeters: Double
  public var anisotropyRatio = 1.0
  /// Direction of elongation, clockwise from north.
  public var elongationDegrees = 0.0

  public init(slopes2D: [Double], cornerWavelengthsMeters: [Double] = [], outerScaleMeters: Double)
  {
    self.slopes2D = slopes2D
    self.cornerWavelengthsMeters = cornerWavelengthsMeters
    self.outerScaleMeters = outerScaleMeters
  }

  /// One power law; `slope1D` is that of a profile.
  public init(slope1D: Double, outerScaleMeters: Double) {
    self.init(slopes2D: [slope1D + 1], outerScaleMeters: outerScaleMeters)
  }

  /// Hanssen's three regimes: -5/3 from 50 km to 1.5 km, -8/3 to 250 m, -2/3 below, along profiles.
  public static let hanssen = TurbulenceSpectrum(
    slopes2D: [8.0 / 3, 11.0 / 3, 5.0 / 3], cornerWavelengthsMeters: [1500, 250],
    outerScaleMeters: 50_000)

  /// Power at a wavenumber in cycles per meter, up to a factor; `square` is that of the wavenumber
  /// with its part along the elongation multiplied by `anisotropyRatio`.
  func power(stretchedSquare square: Double) -> Double {
    let outer = 1 / outerScaleMeters
    let k = (square + outer * outer).squareRoot()
    var logPower = 0.0
    var from = outer
    for (index, slope) in slopes2D.enumerated() {
      let corner =
        index < cornerWavelengthsMeters.count ? 1 / cornerWavelengthsMeters[index] : .infinity
      let to = min(k, corner)
      if to > from { logPower -= slope * log(to / from) }
      from = max(from, to)
    }
    return exp(logPower)
  }

  func check(_ name: String, _ check: inout ParameterCheck) {
    check.require(!slopes2D.isEmpty, "\(name).slopes2D is empty; give at least one slope")
    for slope in slopes2D { check.inside("a slope of \(name).slopes2D", slope, 0...8) }
    check.require(
      cornerWavelengthsMeters.count == max(slopes2D.count, 1) - 1,
      "\(name).cornerWavelengthsMeters has \(cornerWavelengthsMeters.count) entries for "
        + "\(slopes2D.count) slopes; give one fewer than slopes")
    for corner in cornerWavelengthsMeters {
      check.positive("a corner of \(name).cornerWavelengthsMeters", corner)
    }
    check.require(
      zip(cornerWavelengthsMeters, cornerWavelengthsMeters.dropFirst()).allSatisfy { $0 > $1 },
      "\(name).cornerWavelengthsMeters is not in descending order; give the longest first")
    check.positive("\(name).outerScaleMeters", outerScaleMeters)
    check.inside("\(name).anisotropyRatio", anisotropyRatio, 1...100)
    check.finite("\(name).elongationDegrees", elongationDegrees)
  }
}
