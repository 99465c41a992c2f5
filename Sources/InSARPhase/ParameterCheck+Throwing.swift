import Kernel

extension ParameterCheck {
  /// - Throws: `InSARPhaseError.settings` with all faults, if there are any.
  func throwFaults() throws {
    guard faults.isEmpty else { throw InSARPhaseError.settings(faults: faults) }
  }

  /// The three numbers of a coherence that decreases with time, as `name` has them.
  mutating func decay(_ name: String, initial: Double, final: Double, days: Double) {
    inside("\(name).initialCoherence", initial, 0...1)
    inside("\(name).finalCoherence", final, 0...1)
    require(
      final <= initial || !final.isFinite,
      "\(name).finalCoherence \(final) exceeds initialCoherence \(initial); "
        + "coherence decreases with time")
    positive("\(name).decayDays", days)
  }
}
