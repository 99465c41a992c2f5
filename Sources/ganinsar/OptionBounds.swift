import ArgumentParser

/// Checks that numbers on the command line lie in a range that the program can work with.
///
/// Call it in `validate()`, so that a wrong number stops a command before it begins.
func require<Value: Comparable>(
  _ option: String, _ value: Value?, in range: ClosedRange<Value>, unit: String = ""
) throws {
  // A NaN lies in no range.
  guard let value, !range.contains(value) else { return }
  let unit = unit.isEmpty ? "" : " \(unit)"
  throw ValidationError(
    "\(option) is \(value): give \(bound(range.lowerBound)) to \(bound(range.upperBound))\(unit).")
}

/// `1000000` in place of `1000000.0`.
private func bound(_ value: some Comparable) -> String {
  guard let number = value as? Double, abs(number) < 1e15, number == number.rounded() else {
    return "\(value)"
  }
  return "\(Int(number))"
}
