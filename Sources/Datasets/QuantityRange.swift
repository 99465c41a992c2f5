import Foundation
import Kernel
import Rasters

/// Checks that values lie within the range of their quantity. Nothing is clipped silently.
package struct QuantityRange {
  package let quantity: Quantity

  package init(_ quantity: Quantity) { self.quantity = quantity }

  /// Values this far outside are rounding errors of single precision, in the quantity's unit.
  static let rounding: Float = 1e-5

  /// Brings rounding errors back to the end of the range, in place; NaN stays.
  /// - Returns: sentences about values at the ends, with the number of pixels.
  /// - Throws: `DatasetError.unusableScene` with the number of pixels outside the range.
  package func settle(_ values: inout [Float], path: String) throws -> [String] {
    guard quantity.isBounded else { return [] }
    let range = quantity.range
    var (outside, rounded) = (0, 0)
    var (atLow, atHigh) = (0, 0)
    var (lowest, highest) = (Float.infinity, -Float.infinity)
    for index in values.indices where !values[index].isNaN {
      let value = values[index]
      (lowest, highest) = (min(lowest, value), max(highest, value))
      if !range.contains(value) {
        if value >= range.lowerBound - Self.rounding, value <= range.upperBound + Self.rounding {
          rounded += 1
          values[index] = min(max(value, range.lowerBound), range.upperBound)
        } else {
          outside += 1
        }
      }
      if values[index] == range.lowerBound { atLow += 1 }
      if values[index] == range.upperBound { atHigh += 1 }
    }
    guard outside == 0 else {
      throw DatasetError.unusableScene(
        path: path,
        problem: "\(outside) of its \(values.count) pixels are outside \(Self.text(quantity)) "
          + "(the values go from \(Self.number(lowest)) to \(Self.number(highest))), so these are not "
          + "\(quantity.words)",
        remedy: "Mark fill values with \(OptionName.noData), or correct \(OptionName.quantity) and "
          + "\(OptionName.unit).")
    }
    var notes: [String] = []
    if rounded > 0 {
      notes.append(
        "\(rounded) pixel\(rounded == 1 ? " was" : "s were") less than 0.00001 outside "
          + "\(Self.text(quantity)) and got the value of its end")
    }
    for (count, end) in [(atLow, range.lowerBound), (atHigh, range.upperBound)] where count > 0 {
      notes.append(
        "\(count) pixel\(count == 1 ? " is" : "s are") exactly \(Self.number(end)); models keep such "
          + "values, as the end of the range")
    }
    return notes
  }

  /// The number of values at an end of the range.
  package func countAtEnds(_ values: [Float]) -> Int {
    guard quantity.isBounded else { return 0 }
    let range = quantity.range
    return values.count { $0 == range.lowerBound || $0 == range.upperBound }
  }

  private static func text(_ quantity: Quantity) -> String {
    let range = quantity.range
    return range.upperBound == .greatestFiniteMagnitude
      ? "\(number(range.lowerBound)) and above"
      : "\(number(range.lowerBound)) to \(number(range.upperBound))"
  }

  private static func number(_ value: Float) -> String { String(format: "%.6g", Double(value)) }
}

extension Quantity.UnitProblem {
  /// What is wrong with a file.
  package func text(_ quantity: Quantity) -> String {
    switch self {
    case .unknown: "its unit is unknown"
    case .needsWavelength(let unit):
      "its unit is \(unit.rawValue), and \(quantity.words) are in \(quantity.unit.rawValue)"
    case .other(let unit):
      "its unit is \(unit.rawValue), which is not a unit of \(quantity.words)"
    }
  }

  package func remedy(_ quantity: Quantity) -> String {
    switch self {
    case .unknown: "State it, such as \(OptionName.unit(quantity.unit.rawValue))."
    case .needsWavelength:
      "Give the sensor's wavelength in m, such as \(OptionName.wavelength("0.0555"))."
    case .other:
      "Give \(quantity.words), or correct the unit with \(OptionName.unit) (in "
        + "\(quantity.unit.rawValue)) or the quantity with \(OptionName.quantity)."
    }
  }
}
