import InSARPhase
import RateInversion

/// The estimator that a stack inversion uses, on the same rows of all interferograms.
enum RowInversion {
  case unwrapped(LinearRateInversion)
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
      try LinearRateInversion(network: job.stack.network, radar: radar, settings: job.settings))
  }

  func invert(phase: [[Float]], coherence: [[Float]], reference: [Float]?) throws
    -> [StackInversion.Result]
  {
    switch self {
    case .unwrapped(let inversion):
      let estimate = try inversion.invert(
        unwrappedRadians: phase, coherence: coherence, referenceRadians: reference)
      let coherence = try inversion.temporalCoherence(
        of: estimate, unwrappedRadians: phase, referenceRadians: reference)
      return Self.results(estimate) + [Self.temporalCoherence(coherence)]
    case .wrapped(let inversion):
      let estimate = try inversion.invert(
        wrappedRadians: phase, coherence: coherence, referenceRadians: reference)
      let height = Self.heightError(estimate.heightErrorMeters)
      return [Self.rate(estimate.rateCMPerYear)] + (height.values.isEmpty ? [] : [height])
        + [Self.temporalCoherence(estimate.temporalCoherence)]
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
