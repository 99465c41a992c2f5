import DeformationStatistics
import FeatureMetrics
import Foundation
import Patches
import Pictures

/// Evaluates samples against one real set, repeatedly during training.
///
/// With Inception weights the selection metric is KID: with a few hundred samples FID is mostly
/// bias, which KID does not have. Without weights it is the deformation distance: the geometric
/// mean of four distances (rates, gradients, log spectrum, log variogram), each divided by its
/// value between two real sets, so that 1 is as near as real patches are to each other.
/// Sources: the paper's hybrid metric, section II-B4; Binkowski et al., ICLR 2018.
public final class SampleEvaluator {
  public struct Metrics: Sendable {
    /// The name of the selection metric; lower is better.
    public var selectionMetric: String
    public var values: [String: Double]
    /// t-SNE of real and evaluated samples; `nil` without a network.
    public var picture: PNGImage?
  }

  public static let networkValue = "kid"
  public static let deformationValue = "deformation"

  /// Why no network is used; `nil` if there is one.
  public let missing: String?
  private let real: EvaluationSet
  private let realPatches: RatePatches
  private let rule: RateImageRule
  private let bootstrap: Bootstrap
  private let control: DeformationDistances
  private let algebra: any MatrixAlgebra
  private let network: (extractor: any FeatureExtractor, real: FeatureSet)?

  /// - Parameters:
  ///   - real: real patches, of which the first half is the reference and the second the control.
  ///   - progress: called with the number of real patches whose features are computed, and their
  ///     total number.
  /// - Throws: `EvaluationError.sets` for fewer than 64 patches; what the backend throws if a given
  ///   network cannot be used; `RunError.interrupted`.
  public init(
    real all: EvaluationSet, backend: FeatureBackend, rule: RateImageRule = RateImageRule(),
    cache: FeatureCache? = nil, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let half = all.count / 2
    guard half >= 32 else {
      throw EvaluationError.sets(
        "samples are compared with 64 real patches or more, and \(all.path) gives \(all.count).")
    }
    real = all.part(0..<half)
    self.rule = rule
    bootstrap = try Bootstrap(resamples: 2, seed: 0)
    realPatches = try RatePatches(name: "real", size: all.size, patches: real.patches)
    let others = all.part(half..<2 * half)
    control = try DeformationDistances(
      RatePatches(name: "control", size: all.size, patches: others.patches),
      reference: realPatches, bootstrap)
    algebra = backend.algebra
    switch try backend.network(.fid) {
    case .extractor(let extractor):
      let images = rule.images(of: real)
      let (features, _) = try extractor.features(
        of: images, cache: cache, warn: { _ in }, { progress($0, images.count) })
      network = (extractor, features)
      missing = nil
    case .missing(let reason):
      network = nil
      missing = reason
    }
  }

  /// - Parameter maps: [N][size * size], cm/yr, finite; N may differ from that of the reference.
  /// - Throws: `DeformationStatisticsError` for maps of another size, `RunError.interrupted`.
  public func evaluate(_ maps: [[Float]]) throws -> Metrics {
    let patches = try RatePatches(name: "samples", size: real.size, patches: maps)
    let distances = try DeformationDistances(patches, reference: realPatches, bootstrap)
    var values = distances.values
    values[Self.deformationValue] = distances.over(control)
    guard let network else {
      return Metrics(selectionMetric: Self.deformationValue, values: values)
    }
    let set = EvaluationSet(
      name: "samples", path: "", kind: .stack, size: real.size, patches: maps,
      origins: maps.indices.map { PatchOrigin(label: "item \($0)") })
    let features = try network.extractor.features(of: rule.images(of: set)) { _ in }
    values["fid"] = try FrechetDistance.between(network.real, features, algebra)
    values[Self.networkValue] = try KernelDistance.between(network.real, features, algebra)
    let map = try FeatureMap([network.real, features], seed: 0)
    let picture = map.map { map in
      ScatterPicture.render(
        zip(["real", "samples"], map.positions).map { .init(label: $0, positions: $1) },
        title: "t-SNE of Inception features")
    }
    if let mixing = map?.mixing[0][1] { values["mixing"] = mixing }
    return Metrics(selectionMetric: Self.networkValue, values: values, picture: picture)
  }
}

/// Four distances between sets in physical units; infinite if undefined.
private struct DeformationDistances {
  var rates: Double
  var gradients: Double
  var spectrum: Double
  var variogram: Double

  init(_ set: RatePatches, reference: RatePatches, _ bootstrap: Bootstrap) throws {
    let comparison = try SetComparison(set, reference: reference, bootstrap: bootstrap)
    rates = comparison.rateWassersteinCMPerYear.value
    gradients = comparison.gradientWassersteinCMPerYearPixel.value
    spectrum = comparison.logSpectralDistanceDecades ?? .infinity
    let pairs = zip(
      Variogram(set, bootstrap: bootstrap).semivariance,
      Variogram(reference, bootstrap: bootstrap).semivariance)
    let squares = pairs.map { pow(log10($0.value / $1.value), 2) }
    let mean = squares.reduce(0, +) / Double(squares.count)
    variogram = mean.isFinite ? mean.squareRoot() : .infinity
  }

  var values: [String: Double] {
    [
      "ratesCMPerYear": rates, "gradientsCMPerYearPixel": gradients, "spectrumDecades": spectrum,
      "variogramDecades": variogram,
    ]
  }

  /// The geometric mean of the four, each divided by that of the control.
  func over(_ control: DeformationDistances) -> Double {
    let ratios = zip(
      [rates, gradients, spectrum, variogram],
      [control.rates, control.gradients, control.spectrum, control.variogram]
    ).map { max($0, 1e-9) / min(max($1, 1e-9), 1e9) }
    return exp(ratios.reduce(0) { $0 + log($1) } / Double(ratios.count))
  }
}
