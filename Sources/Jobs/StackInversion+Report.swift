import Foundation
import InSARPhase
import Kernel
import RateInversion
import StackFiles

extension StackInversion {
  /// Information for the user about an inversion, besides its results.
  package struct Report: Sendable, Equatable {
    /// The error of a result against the ground truth of the stack.
    package struct TruthError: Sendable, Equatable, Codable {
      package var name: String
      package var unit: String
      package var rootMeanSquare: Double
      /// Pearson's, over the pixels; `nil` where one of the two does not vary.
      package var correlation: Double?
      package var pixels: Int
    }

    /// Notes about how the stack was read and which choices were made.
    package var notes: [String] = []
    package var warnings: [String] = []
    package var truthErrors: [TruthError] = []

    package init() {}
  }

  /// The settings, without the DEM error if the baselines do not determine it, because the rate
  /// does not need them. Adds notes about choices and the network.
  func plannedSettings(_ report: inout Report) -> InversionSettings {
    report.notes += (usesWrappedPhases ? [] : stack.phaseNotes) + stack.notes
    let network = stack.network
    let parts = network.parts
    if parts.count > 1 {
      report.notes.append(
        "no interferogram joins the \(parts.count) parts of the network, "
          + "\(InSARPhaseError.spans(parts)): the rate is taken to be the same in all")
    }
    guard settings.estimatesHeightError else { return settings }
    var planned = settings
    let unknown = stack.unknownBaselines.map(network.name)
    if !unknown.isEmpty {
      planned.estimatesHeightError = false
      report.warnings.append(
        "\(stack.path): perpendicular baselines are missing for \(unknown.count) of "
          + "\(network.pairs.count) interferograms (\(unknown[0])\(unknown.count > 1 ? " ..." : "")), so the rate alone is "
          + "estimated, as with \(OptionName.noHeightError)"
          + (unknown.count < network.pairs.count
            ? "; leave those interferograms out to estimate both" : ""))
    } else if !baselinesShow {
      planned.estimatesHeightError = false
      report.warnings.append(
        "\(stack.path): all perpendicular baselines are "
          + "\(usesWrappedPhases ? "equal" : "0"), so the rate alone is estimated, as with "
          + "\(OptionName.noHeightError)")
    } else {
      report.notes += stack.geometryNotes
    }
    return planned
  }

  /// The source of the fitted phases.
  var phaseDataset: String { usesWrappedPhases ? stack.wrappedName : stack.phaseName }

  private var baselinesShow: Bool {
    let baselines = stack.network.pairs.map { stack.network.perpendicularBaselineMeters($0) }
    let largest = baselines.map(abs).max() ?? 0
    guard usesWrappedPhases, let low = baselines.min(), let high = baselines.max() else {
      return largest > 0
    }
    // With wrapped phases a common phase is free, and equal baselines contribute a common phase.
    return high - low > 1e-6 * largest
  }

  /// Adds the name of the stack and its dates to an error of `body`.
  ///
  /// - Parameter firstRow: the row of the stack at which the planes start.
  func naming<T>(firstRow: Int = 0, _ body: () throws -> T) throws -> T {
    func bad(_ text: String) -> StackIOError {
      .badStack(
        path: stack.path, reason: String(text.reversed().drop { $0 == "." }.reversed()), remedy: "")
    }
    do {
      return try body()
    } catch let error as InversionError {
      switch error {
      case .settings: throw error
      case .coherenceOutOfRange(let interferogram, let pixel, let value):
        let (row, column) = pixel.quotientAndRemainder(dividingBy: stack.geometry.width)
        throw bad(
          "the coherence of \(interferogram) is \(value) at row \(firstRow + row), column \(column); "
            + "give values in 0...1 (divide 8-bit coherence by 255), or \(OptionName.weighting("uniform"))"
        )
      case .noReference(let interferogram):
        let place = reference.map { "\($0.row),\($0.column)" } ?? ""
        throw bad(
          "the reference pixel \(place) has no phase in \(interferogram); give \(OptionName.reference("ROW,COLUMN")) "
            + "of a pixel that every interferogram covers, or none to take the phases as they are")
      case .tooFewInterferograms, .notSeparable:
        throw bad("\(error) Its dates are \(InSARPhaseError.spans(stack.network.parts))")
      case .sizesDiffer: throw bad("\(error)")
      }
    }
  }

  /// - Throws: `StackIOError.badStack` if no pixel has a rate, or a value is infinite.
  func check(_ results: [Result], _ report: Report) throws {
    for result in results {
      guard result.values.contains(where: \.isInfinite) else { continue }
      throw StackIOError.badStack(
        path: stack.path, reason: "its phases give an infinite \(result.name)",
        remedy: "Check with `ganinsar info` that the phases are in radians.")
    }
    guard let rate = results.first(where: { $0.name == "rate" }) else { return }
    guard !rate.values.contains(where: \.isFinite) else { return }
    let reasons = report.warnings.isEmpty ? "" : ": " + report.warnings.joined(separator: "; ")
    throw StackIOError.badStack(
      path: stack.path, reason: "no pixel of '\(phaseDataset)' gets a rate" + reasons,
      remedy: report.warnings.isEmpty
        ? "Every pixel has too few interferograms with data: look at the phases"
          + (settings.weighting == .uniform ? "." : " and the coherence.")
        : "")
  }

  /// If the stack contains the ground truth, adds the errors of the results, relative to the
  /// reference pixel.
  func compareWithTruth(_ results: [Result], _ report: inout Report) throws {
    for name in ["rate", "height_error"] {
      guard let result = results.first(where: { $0.name == name }),
        var truth = try stack.truth(name)
      else { continue }
      if let reference {
        let value = truth[reference.row * stack.geometry.width + reference.column]
        truth = truth.map { $0 - value }
      }
      let pairs = zip(result.values, truth).map { (Double($0), Double($1)) }
        .filter { $0.0.isFinite && $0.1.isFinite }
      guard !pairs.isEmpty else { continue }
      let squares = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      report.truthErrors.append(
        .init(
          name: name, unit: result.unit,
          rootMeanSquare: (squares / Double(pairs.count)).squareRoot(),
          correlation: Self.correlation(pairs), pixels: pairs.count))
    }
  }

  private static func correlation(_ pairs: [(Double, Double)]) -> Double? {
    let count = Double(pairs.count)
    let x = pairs.reduce(0) { $0 + $1.0 } / count
    let y = pairs.reduce(0) { $0 + $1.1 } / count
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for pair in pairs {
      let (dx, dy) = (pair.0 - x, pair.1 - y)
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
  }
}
