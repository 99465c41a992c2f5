import Foundation
import InSARPhase

/// How the best rate and height error of wrapped phases are found.
public enum RateSearchMethod: String, Sendable, Codable, CaseIterable {
  /// On a grid, then by Newton steps.
  case grid
  /// By simulated annealing alone, slower and less exact; to compare with.
  case annealing
}

/// The search for the rate and the height error of a pixel.
public struct RateSearch: Sendable, Equatable, Codable {
  public var method = RateSearchMethod.grid
  /// Rates from -`rateLimitCMPerYear` to `rateLimitCMPerYear`.
  public var rateLimitCMPerYear = 26.0
  /// Height errors from minus to plus this.
  public var heightErrorLimitMeters = 50.0
  /// Maximum number of Newton steps in the second stage of `grid`.
  public var refinements = 12
  /// Solutions that `annealing` tries for a pixel.
  public var annealingSteps = 3000
  /// Of the random numbers of `annealing`.
  public var seed: UInt64 = 0

  public init() {}

  func faults() -> [String] {
    var faults: [String] = []
    if !(0.001...1000).contains(rateLimitCMPerYear) {
      faults.append("rateLimitCMPerYear is \(rateLimitCMPerYear); give a number in 0.001...1000")
    }
    if !(0.001...10_000).contains(heightErrorLimitMeters) {
      faults.append(
        "heightErrorLimitMeters is \(heightErrorLimitMeters); give a number in 0.001...10000")
    }
    if !(1...1000).contains(refinements) {
      faults.append("refinements is \(refinements); give a number in 1...1000")
    }
    if !(10...1_000_000).contains(annealingSteps) {
      faults.append("annealingSteps is \(annealingSteps); give a number in 10...1000000")
    }
    return faults
  }

  /// Whether a value lies strictly inside the limits; a best value on a limit is not determined by
  /// the phases.
  func holds(_ candidate: Candidate) -> Bool {
    abs(candidate.rate) < rateLimitCMPerYear * (1 - 1e-6)
      && abs(candidate.demError) < heightErrorLimitMeters * (1 - 1e-6)
  }
}

/// Estimates linear rates and DEM errors directly from wrapped interferograms, without unwrapping.
///
/// Maximizes the temporal coherence |sum_k w_k exp(i (phi_k - a_k rate - b_k demError))| / sum_k
/// w_k of each pixel: first on a grid whose step changes no interferogram's phase by more than
/// pi/2, then by Newton steps from the best grid point, which are accepted only if they raise the
/// coherence. A phase common to all interferograms is free. A pixel is NaN if its interferograms do
/// not separate the unknowns, if the best value lies on or beyond the limit of the search, or if
/// another rate within the limits fits equally well because the intervals are multiples of long
/// ones.
/// Source: Sun et al., "IGS-CMAES", Remote Sensing 2021 (the two stages; the second is an evolution
/// strategy there); Ferretti, Prati and Rocca, IEEE TGRS 2001 (the objective). Instead of both stages,
/// `RateAnnealing` can search.
public struct WrappedRateInversion: Sendable {
  public let network: InterferogramNetwork
  public let settings: InversionSettings
  public let search: RateSearch
  /// The smallest difference of rates within the search's limits that leaves nearly the same
  /// wrapped phases; `nil` if there is none.
  public let ambiguityCMPerYear: Double?
  private let design: DesignMatrix
  private let weights: WeightTable
  private let grid: PhasorGrid

  /// - Throws: `InversionError` for invalid settings, too few interferograms, a network that does
  ///   not determine the unknowns together with a common phase, or a grid of more than 200,000
  ///   points.
  public init(
    network: InterferogramNetwork, radar: RadarGeometry,
    settings: InversionSettings = InversionSettings(), search: RateSearch = RateSearch()
  ) throws {
    let faults = settings.faults() + search.faults()
    guard faults.isEmpty else { throw InversionError.settings(faults: faults) }
    self.network = network
    self.settings = settings
    self.search = search
    design = DesignMatrix(network, radar)
    try design.check(estimatesHeightError: settings.estimatesHeightError, hasFreeOffset: true)
    weights = try WeightTable(settings.weighting, looks: settings.looks)
    grid = try PhasorGrid(
      design, search, withDEMError: settings.estimatesHeightError)
    ambiguityCMPerYear = design.ambiguity(upTo: 2 * search.rateLimitCMPerYear)
  }

  /// Inverts planes in the order of `network.pairs`: whole interferograms, or the same rows of each.
  /// Parameters and errors are those of `LinearRateInversion.invert`, except that phases may be
  /// wrapped.
  public func invert(
    wrappedRadians: [[Float]], coherence: [[Float]]? = nil, referenceRadians: [Float]? = nil
  ) throws -> WrappedRateEstimate {
    let input = try StackInput(
      network, phase: wrappedRadians, coherence: coherence, reference: referenceRadians)
    let parts = try input.mapRanges(length: 256, threads: settings.threads) { estimate(input, $0) }
    var whole = WrappedRateEstimate()
    for part in parts { whole.append(part) }
    return whole
  }

  private func estimate(_ input: StackInput, _ pixels: Range<Int>) -> WrappedRateEstimate {
    var estimate = WrappedRateEstimate()
    var pixel = PixelPhases(count: network.pairs.count)
    var search = GridSearch(grid)
    let annealing = RateAnnealing(self.search, withDEMError: settings.estimatesHeightError)
    let unknowns = settings.estimatesHeightError ? 2 : 1
    func append(_ rate: Double, _ demError: Double, _ coherence: Double) {
      estimate.append(
        Float(rate), settings.estimatesHeightError ? Float(demError) : nil, Float(coherence))
    }
    for index in pixels {
      pixel.load(input, index, weights)
      // The common phase is unknown too; with only as many interferograms as unknowns, any values
      // fit.
      let isDetermined =
        pixel.used > unknowns + 1 && pixel.isSeparable(design, settings.estimatesHeightError)
      guard isDetermined else {
        if pixel.used > 0 { estimate.singularCount += 1 }
        append(.nan, .nan, .nan)
        continue
      }
      var best: Candidate
      switch self.search.method {
      case .grid: best = search.best(pixel, grid)
      case .annealing: best = annealing.best(pixel, design)
      }
      var fit = pixel.fit(best, design)
      for _ in 0..<(self.search.method == .grid ? self.search.refinements : 0) {
        guard let next = pixel.improved(best, fit, design, settings.estimatesHeightError) else {
          break
        }
        (best, fit) = next
      }
      guard self.search.holds(best) else {
        estimate.limitCount += 1
        append(.nan, .nan, .nan)
        continue
      }
      // Another rate within the limits fits equally well.
      if let ambiguityCMPerYear,
        abs(abs(best.rate) - ambiguityCMPerYear) < self.search.rateLimitCMPerYear
      {
        estimate.ambiguousCount += 1
        append(.nan, .nan, .nan)
        continue
      }
      append(best.rate, best.demError, min(1, fit.coherence))
    }
    return estimate
  }
}

extension WrappedRateEstimate {
  fileprivate mutating func append(_ rate: Float, _ demError: Float?, _ coherence: Float) {
    rateCMPerYear.append(rate)
    if let demError { demErrorMeters.append(demError) }
    temporalCoherence.append(coherence)
  }
}
