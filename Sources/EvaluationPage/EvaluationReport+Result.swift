import DeformationStatistics
import DurableFiles
import Evaluation
import Foundation
import HTMLReport
import Pictures
import Rasters

extension EvaluationReport {
  /// The page of an evaluation of rate maps; `nil` for an evaluation of images, which has no rates.
  ///
  /// - Parameters:
  ///   - command: the command line; `created`: the time, ISO 8601.
  /// - Throws: `ReportError`.
  package init?(_ result: EvaluationResult, command: String, created: String) throws {
    guard let real = result.real else { return nil }
    let record = result.record
    let sets = [real] + result.sets
    let shown = record.featureMap?.patchesPerSet ?? min(real.count, 5000 / sets.count)
    let side = PatchSprite.side(forCount: shown * sets.count)
    let patches = ShownPatches.all(record, count: real.count, first: shown)
    let limit = record.settings.image.limitCMPerYear
    let quantity = record.measured
    let isRate = quantity == .rate
    let lowest = isRate ? nil : record.settings.image.lowest
    var colorScale = ReportColorScale(limitCMPerYear: limit, colors: Self.colors(quantity))
    colorScale.lowest = lowest
    colorScale.caption = isRate ? nil : "\(quantity.words), in \(quantity.unit.rawValue)"
    self.init(
      title: "Evaluation against \(FilePath.name(real.path))",
      colorScale: colorScale,
      sets: try zip(sets, patches).map { set, patches in
        ReportSet(
          name: set.name, path: set.path, count: set.count, patchSize: set.size, notes: set.notes,
          patches: try PatchSprite(
            patches: patches.indices.map { set.patches[$0] }, size: set.size,
            labels: patches.indices.map { set.origins[$0].label }, limitCMPerYear: limit,
            lowest: lowest, side: side))
      })
    summary =
      "\(real.count) patches of \(real.size)x\(real.size) pixels a set. "
      + (record.control.map { "The control: \($0.description), N = \($0.count)." }
        ?? "There is no control: too few real patches.")
    self.command = command
    self.created = created
    metrics = ReportRows(record).metrics
    embedding = record.featureMap.map(Self.embedding)
    outliers = (record.featureMap?.outliers ?? []).map { found in
      ReportOutlier(
        set: found.set, patch: found.patch, score: found.score,
        reason: String(
          format: "%.1f times as far from real patches as they are from each other", found.score))
    }
    nearestPairs = Self.pairs(record, patches)
    plots = ReportCurves(record).plots
    warnings = record.missing + record.warnings
    settings = Self.settings(record)
    checksums = Self.checksums(record)
  }

  private static func colors(_ quantity: Quantity) -> [String] {
    let map: ColorMap =
      switch quantity.coloring {
      case .diverging: .diverging
      case .sequential: .sequential
      case .gray: .gray
      }
    return (0..<65).map { step in
      let color = map.color(Float(step) / 32 - 1, limit: 1)
      return String(format: "#%02x%02x%02x", color.red, color.green, color.blue)
    }
  }

  private static func embedding(_ map: FeatureMap) -> ReportEmbedding {
    ReportEmbedding(
      method: String(
        format: "t-SNE of Inception features, perplexity %g, KL divergence %.3f", map.perplexity,
        map.klDivergence),
      sets: map.positions.map { positions in
        let count = positions.count / 2
        return ReportEmbedding.Points(
          x: (0..<count).map { Double(positions[2 * $0]) },
          y: (0..<count).map { Double(positions[2 * $0 + 1]) }, patch: Array(0..<count))
      }, overlap: map.mixing)
  }

  private static func pairs(_ record: EvaluationRecord, _ shown: [ShownPatches]) -> [ReportPair] {
    record.sets.enumerated().flatMap { number, set -> [ReportPair] in
      func pairs(
        _ found: [Memorization.Pair]?, _ measure: String, _ caption: (Memorization.Pair) -> String
      ) -> [ReportPair] {
        (found ?? []).compactMap { pair in
          guard let patch = shown[number + 1].place(of: pair.query),
            let reference = shown[0].place(of: pair.reference)
          else { return nil }
          return ReportPair(
            set: number + 1, patch: patch, reference: reference, measure: measure,
            caption: caption(pair))
        }
      }
      let memorisation = set.deformation?.memorisation
      return pairs(memorisation?.nearest, "in pixels, under the eight symmetries of the square") {
        String(format: "%.2f \(record.measured.unit.rawValue) RMS", $0.distance)
          + ($0.symmetry == .identity ? "" : " after a flip or a turn")
      }
        + pairs(memorisation?.nearestInFeatures, "in Inception features") {
          String(format: "%.2f apart", $0.distance)
        }
    }
  }

  private static func settings(_ record: EvaluationRecord) -> [ReportSetting] {
    let settings = record.settings
    var rows = [
      ReportSetting(group: "Program", name: "version", value: record.program),
      ReportSetting(group: "Program", name: "LibTorch", value: record.libTorch),
      ReportSetting(group: "Samples", name: "at most, a set", value: "\(settings.count)"),
      ReportSetting(group: "Samples", name: "seed", value: "\(settings.seed)"),
      ReportSetting(
        group: "Samples", name: "conditional filter on datasets",
        value: settings.filter ? "on" : "off"),
      ReportSetting(
        group: "Samples", name: "scenes of datasets",
        value: settings.heldOut ? "held out" : "for training"),
      ReportSetting(
        group: "Pictures for the network", name: "range",
        value: "\(settings.image.lowest) to \(settings.image.limitCMPerYear) "
          + "\(record.measured.unit.rawValue) in 256 "
          + "levels, three equal channels"),
    ]
    for set in [record.real] + record.sets {
      guard let share = set.clipShare else { continue }
      rows.append(
        ReportSetting(
          group: "Pictures for the network", name: "clipped, \(set.name)",
          value: String(format: "%.2f %%", share * 100)))
    }
    if let network = record.network {
      rows.append(ReportSetting(group: "Network", name: "name", value: network.name))
      rows.append(ReportSetting(group: "Network", name: "resize", value: network.preprocessing))
    }
    rows.append(
      ReportSetting(
        group: "Numbers", name: "k of precision and kin", value: "\(settings.neighbors)"))
    rows.append(
      ReportSetting(
        group: "Numbers", name: "draws behind an interval", value: "\(settings.resamples)"))
    rows.append(
      ReportSetting(
        group: "Phase", name: "sensor and span",
        value: "\(settings.sensor.rawValue), \(settings.days) days"))
    return rows
  }

  private static func checksums(_ record: EvaluationRecord) -> [ReportChecksum] {
    var rows = ([record.real] + record.sets).map {
      ReportChecksum(
        what: "patches of \($0.name)", path: $0.path, sha256: $0.patchesSHA256 ?? $0.imagesSHA256)
    }
    if let network = record.network {
      rows.append(
        ReportChecksum(what: "Inception weights", path: network.file, sha256: network.fileSHA256))
    }
    return rows
  }
}
