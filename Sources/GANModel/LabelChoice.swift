import Foundation
import Kernel
import TorchCore

extension FieldModel {
  /// - Throws: `FieldError` if no map can be as is asked.
  package func check(_ choice: LabelChoice) throws { _ = try choice.rows(of: self) }

  /// The ranges of the training patches' statistics: standard deviations and means in cm/yr, and
  /// fractions of quiet pixels (`nil` for files that do not know them).
  package var labelBounds:
    (spread: ClosedRange<Double>, mean: ClosedRange<Double>, quietFraction: ClosedRange<Double>?)
  {
    let labels = table.map { FieldLabel($0) }
    return (
      LabelChoice.bounds(labels.map(\.deviation)), LabelChoice.bounds(labels.map(\.mean)),
      origins.map { LabelChoice.bounds($0.quietFractions.map(Double.init)) }
    )
  }
}

/// Where the rows of a field model's table come from.
package struct PatchOrigins {
  /// Names of the training scenes.
  let names: [String]
  /// The number of the scene of each row.
  let scenes: [Int]
  /// The fraction of pixels of each row's patch with a rate of at most 3 cm/yr.
  let quietFractions: [Float]

  /// - Returns: `nil` for files of earlier versions, which have neither tensor.
  /// - Throws: `TorchError.file` for tensors that do not fit the table.
  init?(scenes: Tensor?, quiet: Tensor?, names: [String], rows: Int, path: String) throws {
    if scenes == nil, quiet == nil { return nil }
    guard let scenes, let quiet, scenes.shape == [rows], quiet.shape == [rows] else {
      throw TorchError.file(
        path: path, reason: "lacks the scenes or the quiet fractions of its \(rows) patches")
    }
    self.names = names
    self.scenes = try scenes.to(dtype: .float32).floats().map { Int($0) }
    quietFractions = try quiet.to(dtype: .float32).floats()
    guard self.scenes.allSatisfy(names.indices.contains) else {
      throw TorchError.file(path: path, reason: "has patches of scenes that it does not name")
    }
  }
}

/// Conditions on the training patch whose statistics a map gets.
package struct LabelChoice: Sendable, Equatable {
  /// The standard deviation of rates within a training patch, in cm/yr.
  package var spread: ClosedRange<Double>?
  /// The mean rate of a training patch, in cm/yr.
  package var mean: ClosedRange<Double>?
  /// The fraction of its pixels with a rate of at most 3 cm/yr, of either sign.
  package var quietFraction: ClosedRange<Double>?
  /// How often a scene is drawn, relative to the others; all scenes if empty.
  package var style: [String: Double] = [:]

  package init(spread: ClosedRange<Double>? = nil, mean: ClosedRange<Double>? = nil) {
    self.spread = spread
    self.mean = mean
  }

  /// Rows of a table, in groups of which each is drawn as often as its weight says.
  struct Rows {
    fileprivate(set) var groups: [(weight: Double, rows: [Int])]

    /// Those for which a condition holds; at least one must be left.
    func among(_ condition: (Int) -> Bool) -> Rows {
      Rows(
        groups: groups.map { ($0.weight, $0.rows.filter(condition)) }.filter { !$0.1.isEmpty })
    }

    func draw(_ random: inout CounterRandom) -> Int {
      guard groups.count > 1 else {
        return groups[0].rows[random.integer(below: groups[0].rows.count)]
      }
      var rest = random.uniform() * groups.reduce(0) { $0 + $1.weight }
      for group in groups.dropLast() {
        if rest < group.weight { return group.rows[random.integer(below: group.rows.count)] }
        rest -= group.weight
      }
      let last = groups[groups.count - 1].rows
      return last[random.integer(below: last.count)]
    }
  }

  /// The rows of the model's table that meet the conditions.
  /// - Throws: `FieldError`.
  func rows(of model: FieldModel) throws -> Rows {
    if quietFraction != nil || !style.isEmpty, model.origins == nil {
      throw FieldError.noOrigins
    }
    let names = model.origins?.names ?? []
    if let unknown = style.keys.filter({ !names.contains($0) }).min() {
      throw FieldError.unknownScene(unknown, known: names)
    }
    let labels = model.table.map { FieldLabel($0) }
    let rows = labels.indices.filter { row in
      (spread?.contains(labels[row].deviation) ?? true)
        && (mean?.contains(labels[row].mean) ?? true)
        && (quietFraction?.contains(Double(model.origins?.quietFractions[row] ?? 0)) ?? true)
    }
    let groups: [(weight: Double, rows: [Int])]
    if let origins = model.origins, !style.isEmpty {
      groups = style.sorted { $0.key < $1.key }.map { name, weight in
        (weight, rows.filter { origins.names[origins.scenes[$0]] == name })
      }
    } else {
      groups = [(1, rows)]
    }
    let empty = groups.contains { $0.rows.isEmpty }
    guard !empty else {
      throw FieldError.noLabels(
        spreads: Self.bounds(labels.map(\.deviation)), means: Self.bounds(labels.map(\.mean)))
    }
    return Rows(groups: groups)
  }

  fileprivate static func bounds(_ values: [Double]) -> ClosedRange<Double> {
    (values.min() ?? 0)...(values.max() ?? 0)
  }
}

/// Errors thrown when maps of field models are drawn.
package enum FieldError: Error, CustomStringConvertible, Equatable {
  /// No training patch has the statistics that were asked for.
  case noLabels(spreads: ClosedRange<Double>, means: ClosedRange<Double>)
  /// The file was made before tables knew scenes.
  case noOrigins
  case unknownScene(String, known: [String])
  /// A side of regions that the model does not support.
  case regions(side: Int, step: Int)
  /// A model that a training of other networks cannot begin with.
  case otherNetwork(path: String, channels: Int, noisePlanes: Int, blocks: Int)

  package var description: String {
    switch self {
    case .noLabels(let spreads, let means):
      "no training patch of the model has such statistics: its spreads are "
        + "\(Self.text(spreads)) cm/yr and its means \(Self.text(means)) cm/yr, and not all of them occur "
        + "together (in each scene that was asked for); give wider ranges"
    case .noOrigins:
      "the model's file does not say which training patch came from which scene, so neither a style nor a "
        + "quiet fraction can be asked of it: leave them out, or export the model again with "
        + "scripts/gpu/field_export.py"
    case .unknownScene(let name, let known):
      "the model was not trained on a scene '\(name)': its scenes are "
        + known.sorted().joined(separator: ", ")
    case .regions(let side, let step):
      "regions of \(side) pixels are asked for: this model draws regions of \(2 * step) pixels or a "
        + "larger multiple of \(step), such as \(4 * step)"
    case .otherNetwork(let path, let channels, let noisePlanes, let blocks):
      blocks == FieldGeometry.usualBlocks
        ? "\(path): the model has networks of another size: train with architecture.channels=\(channels) and "
          + "architecture.noisePlanes=\(noisePlanes)"
        : "\(path): the model has \(blocks) blocks, and trainings begin with models of "
          + "\(FieldGeometry.usualBlocks)"
    }
  }

  private static func text(_ range: ClosedRange<Double>) -> String {
    String(format: "%.3g to %.3g", range.lowerBound, range.upperBound)
  }
}
