/// Collects all faults in a group of parameters, so that one error names them all.
package struct ParameterCheck {
  package private(set) var faults: [String] = []

  package init() {}

  /// Larger than any length, rate, time or frequency here; its square is still finite.
  package static let greatest = 1e9
  package static let least = 1e-12

  package mutating func positive(_ name: String, _ value: Double) {
    require(
      (Self.least...Self.greatest).contains(value),
      "\(name) is \(value); give a positive number up to 1e9")
  }
  package mutating func notNegative(_ name: String, _ value: Double) {
    require(
      (0...Self.greatest).contains(value),
      "\(name) is \(value); give 0 or a positive number up to 1e9")
  }
  package mutating func finite(_ name: String, _ value: Double) {
    require(
      abs(value) <= Self.greatest, "\(name) is \(value); give a number from -1e9 to 1e9")
  }
  package mutating func inside(_ name: String, _ value: Double, _ range: ClosedRange<Double>) {
    require(
      range.contains(value),
      "\(name) is \(value); give a number in \(range.lowerBound)...\(range.upperBound)")
  }
  package mutating func require(_ holds: Bool, _ fault: @autoclosure () -> String) {
    if !holds { faults.append(fault()) }
  }
}
