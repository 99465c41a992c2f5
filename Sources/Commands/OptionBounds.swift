import ArgumentParser

/// Checks that a number on the command line is in the supported range.
///
/// Call it in `validate()`, so that an invalid number stops a command before it starts.
package func require<Value: Comparable>(
  _ option: String, _ value: Value?, in range: ClosedRange<Value>, unit: String = ""
) throws {
  // NaN is in no range.
  guard let value, !range.contains(value) else { return }
  let unit = unit.isEmpty ? "" : " \(unit)"
  throw ValidationError(
    "\(option) is \(value): give \(bound(range.lowerBound)) to \(bound(range.upperBound))\(unit).")
}

/// `1000000` instead of `1000000.0`.
private func bound(_ value: some Comparable) -> String {
  guard let number = value as? Double, abs(number) < 1e15, number == number.rounded() else {
    return "\(value)"
  }
  return "\(Int(number))"
}
