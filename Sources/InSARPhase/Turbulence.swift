import Foundation
import Kernel

/// Turbulent delay of single dates, in the line of sight.
///
/// The delay is given by what is measured, the root mean square difference between two points at a
/// distance, so that a small scene has the statistics of a window of a large one. The spectrum says
/// how the difference grows with distance. Dates differ in strength: with the season, and at random.
/// Source: Hanssen, Radar Interferometry, 2001, section 4.7; for the sizes see docs/phase.md.
public struct Turbulence: Sendable, Equatable, Codable {
  /// Root mean square difference of one date's delay between points `distanceMeters` apart, over a
  /// year of dates; that of an interferogram is sqrt(2) times as large.
  public var rmsDifferenceMeters = 0.003
  public var distanceMeters = 1000.0
  /// Standard deviation of one date's delay over the padded grid of a scene, instead of
  /// `rmsDifferenceMeters`; scenes of any size then vary as much.
  public var deviationMeters: Double?
  /// Half the difference between the strongest and the weakest season, as a fraction of the mean.
  public var seasonalFraction = 0.3
  /// The day of the year with the strongest turbulence, 1 to 366.
  public var peakDayOfYear = 200.0
  /// Standard deviation of the natural logarithm of a date's strength.
  public var dateLogDeviation = 0.3
  public var spectrum = TurbulenceSpectrum.hanssen
  /// What becomes of the amplitude of maps of delay that are given in the place of drawn fields; `nil`:
  /// kept.
  public var mapAmplitude: MapAmplitude?

  public enum MapAmplitude: String, Sendable, Codable, CaseIterable {
    /// As the maps have it: the settings above do not matter.
    case kept
    /// All maps are multiplied by one factor, so that they have the given difference at the given
    /// distance on average, and each date by its strength.
    case scaled
  }

  public init() {}

  func check(_ name: String, _ check: inout ParameterCheck) {
    check.notNegative("\(name).rmsDifferenceMeters", rmsDifferenceMeters)
    check.inside("\(name).distanceMeters", distanceMeters, 100...1e7)
    if let deviationMeters { check.notNegative("\(name).deviationMeters", deviationMeters) }
    check.inside("\(name).seasonalFraction", seasonalFraction, 0...1)
    check.inside("\(name).peakDayOfYear", peakDayOfYear, 1...366)
    check.inside("\(name).dateLogDeviation", dateLogDeviation, 0...2)
    spectrum.check("\(name).spectrum", &check)
  }

  /// Fields of delay in rad with strength 1: more delay on a date raises the phase of
  /// interferograms in which it is the secondary, as motion away from the satellite does.
  func scale(_ radar: RadarGeometry) -> RandomField.Scale {
    let radiansPerMeter = -DeformationPhase(radar).radiansPerMeter
    return if let deviationMeters {
      .deviation(radiansPerMeter * deviationMeters)
    } else {
      .difference(radiansPerMeter * rmsDifferenceMeters, meters: distanceMeters)
    }
  }

  /// The strength of a date, whose mean square over dates is that of the season.
  ///
  /// - Parameter day: days since 1 January of any year.
  func strength(day: Double, _ key: CounterRandom) -> Double {
    var random = key
    // A lognormal factor with a mean square of 1.
    let weather = exp(dateLogDeviation * random.normal() - dateLogDeviation * dateLogDeviation)
    return weather
      * Season.factor(day: day, peakDayOfYear: peakDayOfYear, fraction: seasonalFraction)
  }
}

/// The cycle of the seasons.
enum Season {
  /// 1 plus `fraction` at the peak, 1 minus `fraction` half a year later.
  static func factor(day: Double, peakDayOfYear: Double, fraction: Double) -> Double {
    1 + fraction * cos(2 * .pi * (day - (peakDayOfYear - 1)) / 365.25)
  }
}
