/// Collects every fault of a group of numbers, so that one error names them all.
struct ParameterCheck {
  private(set) var faults: [String] = []

  /// Beyond any length, rate, time or frequency here; squares of it are still numbers.
  static let greatest = 1e9
  static let least = 1e-12

  mutating func positive(_ name: String, _ value: Double) {
    require(
      (Self.least...Self.greatest).contains(value),
      "\(name) is \(value); give a positive number up to 1e9")
  }
  mutating func notNegative(_ name: String, _ value: Double) {
    require(
      (0...Self.greatest).contains(value),
      "\(name) is \(value); give 0 or a positive number up to 1e9")
  }
  mutating func finite(_ name: String, _ value: Double) {
    require(
      abs(value) <= Self.greatest, "\(name) is \(value); give a number from -1e9 to 1e9")
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
