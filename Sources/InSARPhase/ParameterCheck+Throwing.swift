import Kernel

extension ParameterCheck {
  /// - Throws: `InSARPhaseError.settings` with all faults, if there are any.
  func throwFaults() throws {
    guard faults.isEmpty else { throw InSARPhaseError.settings(faults: faults) }
  }
}
