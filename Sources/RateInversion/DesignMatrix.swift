import InSARPhase
import Kernel

/// The phases of a rate of 1 cm/yr and of a DEM error of 1 m in each interferogram.
///
/// phi_k = rate * radiansPerCMPerYear[k] + demError * radiansPerMeter[k].
/// Source: paper GANInSAR, equations 2 and 3, with the height error of Sun et al. 2021, equation 3.
struct DesignMatrix: Sendable {
  let radiansPerCMPerYear: [Double]
  let radiansPerMeter: [Double]

  init(_ network: InterferogramNetwork, _ radar: RadarGeometry) {
    let deformation = DeformationPhase(radar).radiansPerCMPerYearDay
    let topography = TopographicError(radar).radiansPerSquareMeter
    radiansPerCMPerYear = network.pairs.map { deformation * network.exactDays($0) }
    radiansPerMeter = network.pairs.map { topography * network.perpendicularBaselineMeters($0) }
  }

  /// - Parameter hasFreeOffset: whether an unknown constant phase is estimated too.
  /// - Throws: `InversionError` unless the network determines the rate and, if requested, the DEM
  ///   error.
  func check(estimatesHeightError: Bool, hasFreeOffset: Bool) throws {
    let count = radiansPerCMPerYear.count
    // If there are only as many wrapped phases as unknowns, with a free common phase, any values
    // fit them.
    let needed = 1 + (estimatesHeightError ? 1 : 0) + (hasFreeOffset ? 2 : 0)
    guard count >= needed else {
      throw InversionError.tooFewInterferograms(
        got: count, needed: needed, withDEMError: estimatesHeightError)
    }
    let a = hasFreeOffset ? Self.centered(radiansPerCMPerYear) : radiansPerCMPerYear
    let b = hasFreeOffset ? Self.centered(radiansPerMeter) : radiansPerMeter
    func dot(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let (aa, ab, bb) = (dot(a, a), dot(a, b), dot(b, b))
    guard aa > 1e-12 * dot(radiansPerCMPerYear, radiansPerCMPerYear) else {
      throw InversionError.notSeparable(
        reason: "all interferograms have the same interval, so a rate cannot be distinguished "
          + "from a constant phase",
        remedy: "Add pairs with other intervals, or fit unwrapped phases.")
    }
    guard estimatesHeightError else { return }
    guard bb > 1e-12 * max(dot(radiansPerMeter, radiansPerMeter), 1e-24) else {
      throw InversionError.notSeparable(
        reason: "all perpendicular baselines are equal, so the height error cannot be determined",
        remedy:
          "Estimate the rate alone (\(OptionName.noHeightError)), or add pairs with other baselines."
      )
    }
    guard aa * bb - ab * ab > 1e-10 * aa * bb else {
      throw InversionError.notSeparable(
        reason: "the perpendicular baselines are proportional to the intervals, so rate and height "
          + "error cannot be separated",
        remedy:
          "Estimate the rate alone (\(OptionName.noHeightError)), or add pairs with other baselines."
      )
    }
  }

  private static func centered(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }
}
