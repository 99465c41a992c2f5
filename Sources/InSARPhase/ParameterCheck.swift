/// Collects every fault of a group of numbers, so that one error names them all.
struct ParameterCheck {
  private(set) var faults: [String] = []

  mutating func positive(_ name: String, _ value: Double) {
    require(value > 0 && value.isFinite, "\(name) is \(value); give a positive number")
  }
  mutating func notNegative(_ name: String, _ value: Double) {
    require(value >= 0 && value.isFinite, "\(name) is \(value); give 0 or a positive number")
  }
  mutating func finite(_ name: String, _ value: Double) {
    require(value.isFinite, "\(name) is \(value); give a number")
  }
  mutating func inside(_ name: String, _ value: Double, _ range: ClosedRange<Double>) {
    require(
      range.contains(value),
      "\(name) is \(value); give a number in \(range.lowerBound)...\(range.upperBound)")
  }
  mutating func require(_ holds: Bool, _ fault: @autoclosure () -> String) {
    if !holds { faults.append(fault()) }
  }

  /// - Throws: `InSARPhaseError.settings` with all faults, when there are any.
  func throwFaults() throws {
    guard faults.isEmpty else { throw InSARPhaseError.settings(faults: faults) }
  }
}
