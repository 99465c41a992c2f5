import InSARPhase
import Kernel
import RateInversion

/// Estimates the same rows of all interferograms in a stack inversion.
struct RowInversion {
  private enum Estimator {
    case unwrapped(LinearRateInversion)
    case wrapped(WrappedRateInversion)
  }

  private let estimator: Estimator
  /// Number of pixels without an estimate from wrapped phases, by reason.
  private var singularCount = 0
  private var limitCount = 0
  private var ambiguousCount = 0

  init(_ job: StackInversion) throws {
    let radar = job.stack.geometry.radar
    estimator =
      job.usesWrappedPhases
      ? .wrapped(
        try WrappedRateInversion(
          network: job.stack.network, radar: radar, settings: job.settings, search: job.search))
      : .unwrapped(
        try LinearRateInversion(network: job.stack.network, radar: radar, settings: job.settings))
  }

  /// - Parameter coherence: `nil` for equal weights.
  mutating func invert(phase: [[Float]], coherence: [[Float]]?, reference: [Float]?) throws
    -> [StackInversion.Result]
  {
    switch estimator {
    case .unwrapped(let inversion):
      let estimate = try inversion.invert(
        unwrappedRadians: phase, coherence: coherence, referenceRadians: reference)
      let coherence = try inversion.temporalCoherence(
        of: estimate, unwrappedRadians: phase, referenceRadians: reference)
      return Self.results(estimate) + [Self.temporalCoherence(coherence)]
    case .wrapped(let inversion):
      let estimate = try inversion.invert(
        wrappedRadians: phase, coherence: coherence, referenceRadians: reference)
      singularCount += estimate.singularCount
      limitCount += estimate.limitCount
      ambiguousCount += estimate.ambiguousCount
      let height = Self.demError(estimate.demErrorMeters)
      return [Self.rate(estimate.rateCMPerYear)] + (height.values.isEmpty ? [] : [height])
        + [Self.temporalCoherence(estimate.temporalCoherence)]
    }
  }

  /// Adds warnings about pixels that wrapped phases do not determine, or determine poorly.
  func describe(_ results: [StackInversion.Result], _ report: inout StackInversion.Report) throws {
    guard case .wrapped(let inversion) = estimator else { return }
    if singularCount > 0 {
      report.warnings.append(
        "\(singularCount) pixels have no rate: their interferograms are too few, or do not tell rate"
          + (inversion.settings.estimatesHeightError ? ", height error" : "")
          + " and a common phase apart")
    }
    if limitCount > 0 {
      report.warnings.append(
        "\(limitCount) pixels have no rate: their best value lies on the search's limit of "
          + "\(inversion.search.rateLimitCMPerYear) cm/yr"
          + (inversion.settings.estimatesHeightError
            ? " or \(inversion.search.heightErrorLimitMeters) m; raise \(OptionName.rateLimit) or \(OptionName.heightLimit)"
            : "; raise \(OptionName.rateLimit)"))
    }
    if ambiguousCount > 0, let period = inversion.ambiguityCMPerYear {
      report.warnings.append(
        "\(ambiguousCount) pixels have no rate: rates that differ by \(period.decimals(2)) cm/yr fit "
          + "alike with these intervals; \(OptionName.rateLimit((period / 2).decimals(2))) keeps one of them"
      )
    }
    let coherence = results.first { $0.name == "temporal_coherence" }?.values ?? []
    let found = coherence.filter(\.isFinite).sorted()
    guard !found.isEmpty else { return }
    let median = Percentile.value(0.5, ofSorted: found, rule: .upper)
    let noise = try inversion.noiseCoherence()
    let low = found.count { $0 < max(0.7, noise) }
    if low * 10 > found.count {
      report.warnings.append(
        "the temporal coherence is low: \(median.decimals(2)) in the median, and below "
          + "\(Double(max(0.7, noise)).decimals(2)) in \(low) of \(found.count) pixels (phases of "
          + "pure noise reach \(Double(noise).decimals(2)) in this network); remove ramps and "
          + "atmosphere, or use pixels of high temporal_coherence only")
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

  private static func demError(_ values: [Float]) -> StackInversion.Result {
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
    if !estimate.demErrorMeters.isEmpty {
      results += [
        demError(estimate.demErrorMeters),
        Result(
          name: "height_error_standard_error", unit: "m",
          meaning: "one standard deviation of the height error",
          values: estimate.demErrorStandardErrorMeters),
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
