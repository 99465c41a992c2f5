import DurableFiles
import FeatureMetrics
import Foundation
import Kernel

extension EvaluationRecord {
  /// The numbers of all sets as a Markdown table, the control last. In parentheses: 95 % intervals;
  /// after ±: a standard error.
  public var table: String {
    let columns = ["set", "N", "FID", "FID inf", "KID x1000", "precision", "recall", "density"]
    var lines = [
      "| " + (columns + ["coverage", "told apart", "by a network"]).joined(separator: " | ") + " |",
      "|---" + String(repeating: "|---", count: columns.count + 2) + "|",
    ]
    for set in sets {
      lines.append(Self.row(set.name, set.count, set.features))
    }
    if let control { lines.append(Self.row("control", control.count, control.features)) }
    lines += missing.map { "missing: \($0.markdownText)" }
    return lines.joined(separator: "\n")
  }

  private static func row(_ name: String, _ count: Int, _ metrics: FeatureScores?) -> String {
    func text(
      _ estimate: Estimate?, _ digits: Int, scale: Double = 1, withError: Bool = false
    ) -> String {
      guard let estimate else { return "-" }
      func number(_ value: Double) -> String { String(format: "%.\(digits)f", value * scale) }
      var text = number(estimate.value)
      if withError, let error = estimate.standardError { text += " ± \(number(error))" }
      if let low = estimate.low, let high = estimate.high {
        text += " (\(number(low)) to \(number(high)))"
      }
      return text
    }
    let cells = [
      name.markdownText, "\(count)", text(metrics?.fid, 2), text(metrics?.fidInfinity, 2),
      text(metrics?.kid, 3, scale: 1000, withError: true), text(metrics?.precision, 3),
      text(metrics?.recall, 3), text(metrics?.density, 3), text(metrics?.coverage, 3),
      text(metrics?.twoSampleAccuracy, 3), text(metrics?.networkAccuracy, 3),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// Reads a `metrics.json`.
  /// - Throws: `RunError.cannotRead`, `EvaluationError.file` for another kind of file.
  public static func read(_ path: String) throws -> EvaluationRecord {
    let data = try InputFile.read(path)
    do {
      return try JSONDecoder().decode(EvaluationRecord.self, from: data)
    } catch let error as DecodingError {
      throw EvaluationError.file(
        path: path,
        reason: "this is not a metrics.json of this version of 'ganinsar evaluate': \(error.fault)."
      )
    }
  }
}
