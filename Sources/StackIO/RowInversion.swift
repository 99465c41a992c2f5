import Foundation
import InSARPhase
import RateInversion

/// The estimator that a stack inversion uses, on the same rows of all interferograms.
enum RowInversion {
  case unwrapped(LinearRateInversion, RadarGeometry)

  init(_ job: StackInversion) throws {
    let radar = job.stack.geometry.radar
    self = .unwrapped(
      try LinearRateInversion(network: job.stack.network, radar: radar, settings: job.settings),
      radar)
  }

  func invert(phase: [[Float]], coherence: [[Float]], reference: [Float]?) throws
    -> [StackInversion.Result]
  {
    switch self {
    case .unwrapped(let inversion, let radar):
      let estimate = try inversion.invert(
        unwrappedRadians: phase, coherence: coherence, referenceRadians: reference)
      let coherence = Self.temporalCoherence(
        estimate, phase: phase, reference: reference, network: inversion.network, radar: radar)
      return Self.results(estimate) + [Self.temporalCoherence(coherence)]
    }
  }

  /// |mean of exp(i residual)| of each pixel over the interferograms with data; NaN without a rate.
  /// Source: Pepe and Lanari, IEEE TGRS 2006, equation 5.
  private static func temporalCoherence(
    _ estimate: RateEstimate, phase: [[Float]], reference: [Float]?,
    network: InterferogramNetwork, radar: RadarGeometry
  ) -> [Float] {
    let perDay = DeformationPhase(radar).radiansPerCMPerYearDay
    let perMeter = TopographicError(radar).radiansPerSquareMeter
    var real = [Float](repeating: 0, count: estimate.rateCMPerYear.count)
    var imaginary = real
    for (index, pair) in network.pairs.enumerated() {
      let a = Float(perDay * Double(network.days(pair)))
      let b = Float(perMeter * network.perpendicularBaselineMeters(pair))
      for pixel in real.indices {
        let height = estimate.heightErrorMeters.isEmpty ? 0 : estimate.heightErrorMeters[pixel]
        let residual =
          phase[index][pixel] - (reference?[index] ?? 0)
          - a * estimate.rateCMPerYear[pixel] - b * height
        guard residual.isFinite else { continue }
        real[pixel] += cosf(residual)
        imaginary[pixel] += sinf(residual)
      }
    }
    return real.indices.map { pixel in
      estimate.rateCMPerYear[pixel].isNaN
        ? .nan
        : hypotf(real[pixel], imaginary[pixel]) / Float(estimate.interferogramCount[pixel])
    }
  }

  private static func temporalCoherence(_ values: [Float]) -> StackInversion.Result {
    .init(
      name: "temporal_coherence", unit: "1",
      meaning: "how far the model explains the phases, 0 to 1", values: values)
  }

  private static func results(_ estimate: RateEstimate) -> [StackInversion.Result] {
    typealias Result = StackInversion.Result
    var results = [
      Result(
        name: "rate", unit: "cm/yr", meaning: "line-of-sight rate, positive toward the satellite",
        values: estimate.rateCMPerYear),
      Result(
        name: "rate_standard_error", unit: "cm/yr", meaning: "one standard deviation of the rate",
        values: estimate.rateStandardErrorCMPerYear),
    ]
    if !estimate.heightErrorMeters.isEmpty {
      results += [
        Result(
          name: "height_error", unit: "m", meaning: "true height minus DEM height",
          values: estimate.heightErrorMeters),
        Result(
          name: "height_error_standard_error", unit: "m",
          meaning: "one standard deviation of the height error",
          values: estimate.heightErrorStandardErrorMeters),
      ]
    }
    return results + [
      Result(
        name: "residual", unit: "rad", meaning: "weighted root mean square of the residual phase",
        values: estimate.residualRadians),
      Result(
        name: "interferograms", unit: "1", meaning: "interferograms with data",
        values: estimate.interferogramCount.map { Float($0) }),
    ]
  }
}
