import Datasets
import Foundation
import Kernel
import Patches
import Rasters

/// The report of a preparation for the user.
package struct DatasetReport: Sendable {
  package let path: String
  package let manifest: DatasetManifest
  /// One for each scene of the manifest.
  package let surveys: [WindowSurvey]
  /// Interpretations and assumptions of the reader, one sentence each.
  package let notes: [String]
  let readingWarnings: [String]

  /// Over the scenes that are not held out.
  package var trainingSurvey: WindowSurvey {
    zip(manifest.scenes, surveys).reduce(into: WindowSurvey()) { total, entry in
      if !entry.0.isHeldOut { total += entry.1 }
    }
  }

  /// Rates above this are not ground motion but usually undeclared no-data values.
  static let implausibleRateCMPerYear = 1000.0

  /// Warnings for the user, one sentence each.
  package var warnings: [String] {
    var warnings = readingWarnings
    for (record, survey) in zip(manifest.scenes, surveys) {
      warnings += Self.warnings(record, survey, manifest.measured)
    }
    let total = trainingSurvey
    for size in DatasetPreparation.surveyedPatchSizes {
      guard let acceptance = total.acceptance(patchSize: size), acceptance < 0.005 else { continue }
      warnings.append(
        "only \(Self.percent(acceptance)) of random \(size) px windows pass the rules"
          + (manifest.measured != .rate
            ? ": they have too many pixels without data."
            : manifest.preparation.harmonisation == nil
              ? ": where rates are small, prepare with \(OptionName.harmonize) or lower the filter's rate."
              : ": lower the filter's rate or raise its theta to train at this size."))
    }
    return warnings
  }

  private static func warnings(
    _ record: DatasetManifest.SceneRecord, _ survey: WindowSurvey, _ quantity: Quantity
  ) -> [String] {
    var warnings: [String] = []
    let size = "\(record.width)x\(record.height)"
    let tooSmall = DatasetPreparation.surveyedPatchSizes.filter { survey[$0, 1] == nil }
    if let smallest = tooSmall.first {
      warnings.append(
        "\(record.name) (\(size)) is too small for patches of \(list(tooSmall)) px; it is left out "
          + "there. \(OptionName.minimumSize("\(smallest)")) would enlarge it.")
    }
    // At the larger sizes both are common; at the smallest size the scene is useless.
    let smallest = DatasetPreparation.surveyedPatchSizes.min() ?? 0
    for size in DatasetPreparation.surveyedPatchSizes {
      guard let counts = survey[size, 1] else { continue }
      if counts.noData == counts.tried {
        warnings.append(
          "\(record.name) has no \(size) px window with 10 % no data or less; it is left out there."
        )
      } else if size == smallest && survey.acceptance(patchSize: size) == 0 {
        warnings.append(
          "\(record.name) has no \(size) px window that passes the conditional filter; it is drawn "
            + "from only while the filter is off.")
      }
    }
    guard quantity == .rate else { return warnings }
    let reach = max(abs(record.statistics.minimum), abs(record.statistics.maximum))
    if reach > implausibleRateCMPerYear {
      warnings.append(
        "\(record.name) reaches \(String(format: "%.4g", reach)) cm/yr: is a no-data value "
          + "unmarked (\(OptionName.noData)), or the unit wrong (\(OptionName.unit))?")
    }
    return warnings
  }

  private static func list(_ sizes: [Int]) -> String {
    sizes.map(String.init).joined(separator: " and ")
  }

  static func percent(_ fraction: Double) -> String {
    String(format: fraction < 0.1 ? "%.2g %%" : "%.0f %%", fraction * 100)
  }

  /// The table that `ganinsar prepare` prints.
  package var text: String {
    var rows = [
      [
        "scene", "pixels", "from", "factor", "median", "up", "no data", "min", "max", "std", "use",
        "64 px", "128 px", "256 px",
      ]
    ]
    func number(_ value: Double) -> String { String(format: "%.4g", value) }
    for (record, survey) in zip(manifest.scenes, surveys) {
      let origin = record.origin
      let factor = origin.factorToCMPerYear * origin.harmonisationFactor
      rows.append(
        [
          record.name, "\(record.width)x\(record.height)", origin.sourceUnit.rawValue,
          number(factor), number(origin.medianRemovedCMPerYear), "\(origin.upsampling)x",
          String(format: "%.1f %%", record.statistics.noDataShare * 100),
          number(record.statistics.minimum), number(record.statistics.maximum),
          number(record.statistics.standardDeviation), record.isHeldOut ? "held out" : "train",
        ] + Self.acceptances(survey))
      rows += (record.companions ?? []).map { companion in
        let values = companion.statistics
        return [
          "  \(companion.quantity.rawValue)", "", companion.origin.sourceUnit.rawValue,
          number(companion.origin.factorToCMPerYear), "", "", "", number(values.minimum),
          number(values.maximum), number(values.standardDeviation), "", "", "", "",
        ]
      }
    }
    let totals = manifest.totals
    rows.append(
      [
        "all training", "\(totals.scenes) scene\(totals.scenes == 1 ? "" : "s")", "", "", "", "",
        String(format: "%.1f %%", totals.noDataShare * 100), number(totals.minimumCMPerYear),
        number(totals.maximumCMPerYear), number(totals.standardDeviationCMPerYear), "",
      ] + Self.acceptances(trainingSurvey))
    let companions = (manifest.companions ?? []).map { "\($0.rawValue) (\($0.unit.rawValue))" }
    let also =
      companions.isEmpty
      ? ""
      : "\nEvery scene has further quantities on its grid: \(companions.joined(separator: ", ")). Pixels "
        + "without data in one map have none in all."
    guard manifest.measured == .rate else {
      let quantity = manifest.measured
      return Self.aligned(rows)
        + "\n\nThe maps hold \(quantity.words), unit \(quantity.unit.rawValue)"
        + (quantity.signConvention.map { " (\($0))" } ?? "")
        + ". The last columns: the fraction of random windows (half\nof them at scale 1, half at scale 2) "
        + "with at most 10 % no data." + also
    }
    return Self.aligned(rows)
      + """


      Rates are in cm/yr. The last columns: the fraction of random windows (half of them at scale 1, \
      half at scale 2)
      that pass the rules at that patch size: at most 10 % no data, and at most 30 % of the pixels \
      within 3 cm/yr.
      """ + also
  }

  private static func acceptances(_ survey: WindowSurvey) -> [String] {
    DatasetPreparation.surveyedPatchSizes.map {
      survey.acceptance(patchSize: $0).map(percent) ?? "-"
    }
  }

  private static func aligned(_ rows: [[String]]) -> String {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      return cells.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
