import DeformationStatistics
import Evaluation
import FeatureMetrics
import Foundation
import HTMLReport
import Kernel
import Rasters

/// The rows of the page's table: one metric of all sets each.
struct ReportRows {
  private let record: EvaluationRecord

  init(_ record: EvaluationRecord) { self.record = record }

  private var isRate: Bool { record.measured == .rate }

  /// A text about rates, for the record's quantity.
  private func text(_ text: String) -> String {
    guard !isRate else { return text }
    return text.replacing("cm/yr", with: record.measured.unit.rawValue)
      .replacing("Rates", with: "Values").replacing("rates", with: "values")
      .replacing("Mean rate", with: "Mean")
  }

  var metrics: [ReportMetric] {
    featureRows + distanceRows + statisticRows + couplingRows + memorizationRows
  }

  // MARK: - Features

  private var featureRows: [ReportMetric] {
    guard record.network != nil else { return [] }
    func row(
      _ name: String, _ explanation: String, _ goal: ReportMetric.Goal, decimals: Int = 3,
      scale: Double = 1, _ value: (FeatureScores) -> Estimate?
    ) -> ReportMetric {
      func shown(_ metrics: FeatureScores?) -> ReportValue? {
        metrics.flatMap(value).map { estimate in
          ReportValue(
            estimate.value * scale, low: estimate.low.map { $0 * scale },
            high: estimate.high.map { $0 * scale })
        }
      }
      return ReportMetric(
        group: "Inception features", name: name, explanation: explanation, goal: goal,
        decimals: decimals, values: [nil] + record.sets.map { shown($0.features) },
        control: shown(record.control?.features))
    }
    return [
      row("FID", "Frechet distance of Gaussians fitted to the features.", .lower, decimals: 2) {
        $0.fid
      },
      row(
        "FID infinity", "FID extrapolated to infinitely many samples.", .lower, decimals: 2
      ) { $0.fidInfinity },
      row(
        "KID x 1000", "Unbiased squared maximum mean discrepancy, cubic kernel.", .lower,
        scale: 1000
      ) { $0.kid },
      row(
        "KID x 1000, standard error", "Of the row above, over draws of samples.", .none, scale: 1000
      ) {
        $0.kid.standardError.map { Estimate(value: $0) }
      },
      row("Precision", "Share of samples that lie among real ones.", .higher) { $0.precision },
      row("Recall", "Share of real samples that lie among these.", .higher) { $0.recall },
      row("Density", "How many real neighbourhoods a sample lies in, over k.", .higher) {
        $0.density
      },
      row("Coverage", "Share of real neighbourhoods that hold a sample.", .higher) { $0.coverage },
      row(
        "Two-sample accuracy",
        "How often logistic regression on the features, cross-validated, tells samples from real ones; "
          + "0.5: it cannot.", .lower
      ) { $0.twoSampleAccuracy },
      row(
        "Two-sample accuracy of a network",
        "How often a small network trained on the images, cross-validated, tells samples from real ones; "
          + "0.5: it cannot.", .lower
      ) { $0.networkAccuracy },
    ]
  }

  // MARK: - Physical units

  private var distanceRows: [ReportMetric] {
    func row(
      _ name: String, _ unit: String, _ explanation: String,
      _ value: (SetComparison) -> ReportValue?
    ) -> ReportMetric {
      ReportMetric(
        group: "Distance in physical units", name: text(name), unit: text(unit),
        explanation: text(explanation),
        goal: .lower, decimals: 3,
        values: [nil] + record.sets.map { $0.deformation?.comparison.flatMap(value) },
        control: record.control?.deformation?.comparison.flatMap(value))
    }
    return [
      row("Rates, Wasserstein-1", "cm/yr", "Mean shift between the sorted rates of all pixels.") {
        Self.shown($0.rateWassersteinCMPerYear)
      },
      row(
        "Gradients, Wasserstein-1", "cm/yr per pixel",
        "Mean shift between the sorted gradients of all pixels."
      ) { Self.shown($0.gradientWassersteinCMPerYearPixel) },
      row("Spectra, log distance", "decades", "RMS difference of log10 power over all rings.") {
        $0.logSpectralDistanceDecades.map { ReportValue($0) }
      },
    ]
  }

  private var statisticRows: [ReportMetric] {
    func row(
      _ name: String, _ unit: String, _ explanation: String, decimals: Int = 2,
      _ value: (SetStatistics) -> Estimate?
    ) -> ReportMetric {
      func shown(_ measures: DeformationMeasures?) -> ReportValue? {
        measures.flatMap { value($0.statistics) }.map(Self.shown)
      }
      return ReportMetric(
        group: "What the maps look like", name: text(name), unit: text(unit),
        explanation: explanation,
        goal: .nearReference, decimals: decimals,
        values: ([record.real] + record.sets).map { shown($0.deformation) },
        control: shown(record.control?.deformation))
    }
    guard let used = record.real.deformation?.statistics.settings else { return [] }
    let span =
      String(format: "%g days of ", record.settings.days) + record.settings.sensor.rawValue
    let slope = row("Spectral slope", "", "d log power / d log frequency.") { $0.spectrum.slope }
    // The other measures are about motion: blobs, fringes, quiet ground.
    let measures = isRate ? PatchMeasure.all : PatchMeasure.ofAnyQuantity
    return measures.flatMap { measure in
      let own = row(
        measure.name, measure.unit, measure.explanation(used, span: span),
        decimals: measure.decimals
      ) { $0(measure) }
      // The slope stands below the gradient, which it belongs to.
      return measure.key == PatchMeasure.meanGradient.key ? [own, slope] : [own]
    }
  }

  /// Of sets of several quantities.
  private var couplingRows: [ReportMetric] {
    (record.real.coupling ?? []).enumerated().flatMap { number, pair -> [ReportMetric] in
      func row(
        _ name: String, _ explanation: String, decimals: Int = 2,
        _ value: (ChannelCoupling) -> Estimate?
      ) -> ReportMetric {
        func shown(_ found: [ChannelCoupling]?) -> ReportValue? {
          guard let found, found.count > number else { return nil }
          return value(found[number]).map(Self.shown)
        }
        return ReportMetric(
          group: "\(pair.first) and \(pair.second) of the same ground", name: name,
          explanation: explanation, goal: .nearReference, decimals: decimals,
          values: ([record.real] + record.sets).map { shown($0.coupling) },
          control: shown(record.control?.coupling))
      }
      let information = [
        row("Mutual information (bits)", "Of the values of a pixel; 0: independent.", decimals: 3) {
          $0.mutualInformationBits.measured
        },
        row("... of different maps", "The same where nothing belongs together.", decimals: 3) {
          $0.mutualInformationBits.shuffled
        },
        row(
          "Mutual information within maps (bits)",
          "Without the means and standard deviations of whole maps.", decimals: 3
        ) { $0.mutualInformationWithinMapsBits.measured },
        row("... of different maps", "The same where nothing belongs together.", decimals: 3) {
          $0.mutualInformationWithinMapsBits.shuffled
        },
      ]
      return information
        + pair.bands.indices.flatMap { band -> [ReportMetric] in
          let wavelengths = String(
            format: "at %.0f to %.0f px", pair.bands[band].longestPixels,
            pair.bands[band].shortestPixels)
          func found(_ coupling: ChannelCoupling) -> ChannelCoupling.Band? {
            coupling.bands.count > band ? coupling.bands[band] : nil
          }
          return [
            row("Correlation \(wavelengths)", "Mean over maps, with sign.") {
              found($0)?.correlation.measured
            },
            row(
              "Squared coherence \(wavelengths)",
              "Mean over maps of the squared correlation; of different maps: "
                + (pair.bands[band].squaredCoherence.shuffled.map {
                  String(format: "%.2f", $0.value)
                } ?? "-") + "."
            ) { found($0)?.squaredCoherence.measured },
          ]
        }
    }
  }

  private var memorizationRows: [ReportMetric] {
    func row(
      _ name: String, _ explanation: String, _ value: (MemorizationMeasures) -> Double?
    ) -> ReportMetric {
      func shown(_ measures: DeformationMeasures?) -> ReportValue? {
        measures?.memorisation.flatMap(value).map { ReportValue($0) }
      }
      return ReportMetric(
        group: "Copies of real patches", name: name, explanation: explanation, goal: .none,
        values: [nil] + record.sets.map { shown($0.deformation) },
        control: shown(record.control?.deformation))
    }
    return [
      row(
        "Nearest real patch, pixels",
        "Median distance to the nearest real patch under eight symmetries, over that among real "
          + "patches: well below 1 suggests copies."
      ) { $0.pixelRatio },
      row("Nearest real patch, features", "The same in features.") { $0.featureRatio },
    ]
  }

  private static func shown(_ estimate: Estimate) -> ReportValue {
    ReportValue(estimate.value, low: estimate.low, high: estimate.high)
  }
}
