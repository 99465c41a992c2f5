import Kernel

extension ParameterCheck {
  /// - Throws: `InSARPhaseError.settings` with all faults, when there are any.
  func throwFaults() throws {
    guard faults.isEmpty else { throw InSARPhaseError.settings(faults: faults) }
  }
}
