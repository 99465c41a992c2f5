/// Collects all faults in a group of parameters, so that one error names them all.
package struct ParameterCheck {
  package private(set) var faults: [String] = []
  private let limits: Limits

  /// The least and the greatest magnitude of a number that is not 0.
  package struct Limits: Sendable {
    fileprivate let least: Double
    fileprivate let greatest: Double

    /// The greatest is larger than any length, rate, time or frequency of an interferogram; its
    /// square is still finite.
    package static let interferograms = Limits(least: 1e-12, greatest: 1e9)
    /// Every finite number, such as pressures in Pa and volumes in cubic meters.
    package static let finite = Limits(
      least: .leastNonzeroMagnitude, greatest: .greatestFiniteMagnitude)

    fileprivate var upTo: String { greatest == .greatestFiniteMagnitude ? "" : " up to 1e9" }
    fileprivate var range: String {
      greatest == .greatestFiniteMagnitude ? "a finite number" : "a number from -1e9 to 1e9"
    }
  }

  package init(_ limits: Limits = .interferograms) { self.limits = limits }

  package mutating func positive(_ name: String, _ value: Double) {
    let limits = limits
    require(
      (limits.least...limits.greatest).contains(value),
      "\(name) is \(value); give a positive number\(limits.upTo)")
  }
  package mutating func notNegative(_ name: String, _ value: Double) {
    let limits = limits
    require(
      (0...limits.greatest).contains(value),
      "\(name) is \(value); give 0 or a positive number\(limits.upTo)")
  }
  package mutating func finite(_ name: String, _ value: Double) {
    let limits = limits
    require(abs(value) <= limits.greatest, "\(name) is \(value); give \(limits.range)")
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
