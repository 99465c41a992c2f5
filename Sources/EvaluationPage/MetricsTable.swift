import DeformationStatistics
import Evaluation
import FeatureMetrics
import Foundation
import Kernel
import Rasters

/// Metrics of evaluations as Markdown tables for documents.
package struct MetricsTable {
  package var record: EvaluationRecord
  /// Adds the ratio of each set's FID to the FID of this set.
  package var reference: String?

  package init(_ record: EvaluationRecord, reference: String? = nil) {
    self.record = record
    self.reference = reference
  }

  private typealias Row = (name: String, features: FeatureScores?, physics: DeformationMeasures?)

  /// The control comes first, as the best possible value.
  private var rows: [Row] {
    let control = record.control.map { [("real against real", $0.features, $0.deformation)] } ?? []
    return control + record.sets.map { ($0.name, $0.features, $0.deformation) }
  }

  /// FID and related metrics, with 95 % intervals if the evaluation computed them.
  package var features: String {
    let base = record.sets.first { $0.name == reference }?.features?.fid.value
    let columns =
      ["set", "FID"] + (base == nil ? [] : ["FID over \((reference ?? "").markdownText)'s"])
      + ["KID x 1000", "precision", "recall", "density", "coverage"]
    return Self.table(
      columns,
      rows.map { row in
        let m = row.features
        let ratio = base.map { base in m.map { RateText.fixed($0.fid.value / base, 2) } ?? "-" }
        return [row.name.markdownText, Self.text(m?.fid, 2)] + (ratio.map { [$0] } ?? [])
          + [
            Self.text(m?.kid, 1, scale: 1000), Self.text(m?.precision, 2), Self.text(m?.recall, 2),
            Self.text(m?.density, 2), Self.text(m?.coverage, 2),
          ]
      })
  }

  /// Metrics without network: distances of rates, gradients and spectra; and the nearest-neighbor
  /// ratios in pixels and, if there are any, in features.
  package var physics: String {
    let isRate = record.measured == .rate
    let unit = record.measured.unit.rawValue
    let isMeasured = rows.contains { $0.physics?.memorisation?.featureRatio != nil }
    let columns =
      [
        "set", isRate ? "W1 of rates (cm/yr)" : "W1 of values (\(unit))",
        "W1 of gradients (\(unit)/px)", "log spectrum (decades)", "std in a patch (\(unit))",
      ] + (isRate ? ["quiet share"] : []) + ["nearest, pixels"]
      + (isMeasured ? ["nearest, features"] : [])
    return Self.table(
      columns,
      rows.map { row in
        let d = row.physics
        func number(_ value: Double?, _ digits: Int) -> String {
          value.map { RateText.fixed($0, digits) } ?? "-"
        }
        return [
          row.name.markdownText,
          number(d?.comparison?.rateWassersteinCMPerYear.value, isRate ? 2 : 3),
          number(d?.comparison?.gradientWassersteinCMPerYearPixel.value, 3),
          number(d?.comparison?.logSpectralDistanceDecades, 2),
          number(d?.statistics.standardDeviationCMPerYear?.value, 2),
        ] + (isRate ? [number(d?.statistics.quietShare?.value, 2)] : [])
          + [number(d?.memorisation?.pixelRatio, 2)]
          + (isMeasured ? [number(d?.memorisation?.featureRatio, 2)] : [])
      })
  }

  /// For sets of several quantities, a table of each pair; `nil` for others.
  package var coupling: String? {
    guard let pairs = record.real.coupling else { return nil }
    var sets: [(name: String, coupling: [ChannelCoupling]?)] = [("real", record.real.coupling)]
    if let control = record.control?.coupling { sets.append(("real again", control)) }
    sets += record.sets.map { ($0.name.markdownText, $0.coupling) }
    return pairs.map { pair in
      func own(_ coupling: [ChannelCoupling]?) -> ChannelCoupling? {
        coupling?.first { $0.first == pair.first && $0.second == pair.second }
      }
      func row(_ name: String, _ found: ChannelCoupling?, shuffled: Bool) -> [String] {
        func number(_ value: ChannelCoupling.WithControl?, _ digits: Int) -> String {
          (shuffled ? value?.shuffled : value?.measured).map { RateText.fixed($0.value, digits) }
            ?? "-"
        }
        return [
          name, number(found?.mutualInformationBits, 3),
          number(found?.mutualInformationWithinMapsBits, 3),
        ]
          + pair.bands.indices.map { band in
            let own = found.flatMap { $0.bands.count > band ? $0.bands[band] : nil }
            return "\(number(own?.correlation, 2)), \(number(own?.squaredCoherence, 2))"
          }
      }
      let bands = pair.bands.map {
        "\(RateText.fixed($0.longestPixels, 0))-\(RateText.fixed($0.shortestPixels, 0)) px"
      }
      let rows = sets.flatMap { set in
        let found = own(set.coupling)
        return [row(set.name, found, shuffled: false)]
          + (found == nil ? [] : [row("\(set.name), shuffled", found, shuffled: true)])
      }
      return
        "\(pair.first) and \(pair.second): mutual information (bits), then correlation and squared "
        + "coherence by wavelength\n\n"
        + Self.table(["set", "bits", "bits within maps"] + bands, rows)
    }.joined(separator: "\n\n")
  }

  private static func table(_ columns: [String], _ rows: [[String]]) -> String {
    ([columns, columns.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static func text(_ estimate: Estimate?, _ digits: Int, scale: Double = 1) -> String {
    guard let estimate else { return "-" }
    func number(_ value: Double) -> String { RateText.fixed(value * scale, digits) }
    guard let low = estimate.low, let high = estimate.high else { return number(estimate.value) }
    return "\(number(estimate.value)) (\(number(low)) to \(number(high)))"
  }
}

/// Formats numbers.
enum RateText {
  static func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
