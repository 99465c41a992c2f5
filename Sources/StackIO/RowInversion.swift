import Foundation
import InSARPhase
import RateInversion

/// The estimator that a stack inversion uses, on the same rows of all interferograms.
enum RowInversion {
  case unwrapped(LinearRateInversion, RadarGeometry)
  case wrapped(WrappedRateInversion)

  init(_ job: StackInversion) throws {
    let radar = job.stack.geometry.radar
    guard !job.usesWrappedPhases else {
      self = .wrapped(
        try WrappedRateInversion(
          network: job.stack.network, radar: radar, settings: job.settings, search: job.search))
      return
    }
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
    case .wrapped(let inversion):
      let estimate = try inversion.invert(
        wrappedRadians: phase, coherence: coherence, referenceRadians: reference)
      let height = Self.heightError(estimate.heightErrorMeters)
      return [Self.rate(estimate.rateCMPerYear)] + (height.values.isEmpty ? [] : [height])
        + [Self.temporalCoherence(estimate.temporalCoherence)]
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

  private static func rate(_ values: [Float]) -> StackInversion.Result {
    .init(
      name: "rate", unit: "cm/yr", meaning: "line-of-sight rate, positive toward the satellite",
      values: values)
  }

  private static func heightError(_ values: [Float]) -> StackInversion.Result {
    .init(name: "height_error", unit: "m", meaning: "true height minus DEM height", values: values)
  }

  private static func results(_ estimate: RateEstimate) -> [StackInversion.Result] {
    typealias Result = StackInversion.Result
    var results = [
      rate(estimate.rateCMPerYear),
      Result(
        name: "rate_standard_error", unit: "cm/yr", meaning: "one standard deviation of the rate",
        values: estimate.rateStandardErrorCMPerYear),
    ]
    if !estimate.heightErrorMeters.isEmpty {
      results += [
        heightError(estimate.heightErrorMeters),
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
