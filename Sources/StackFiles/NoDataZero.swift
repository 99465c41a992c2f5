/// Unwrapped phases for programs that take a phase of exactly 0 as no data, as MintPy and LiCSBAS do.
package enum NoDataZero {
  /// Written for a measured phase of 0: too small to matter, and not 0.
  static let smallestPhaseRadians: Float = 1e-9

  /// The phases with 0 where there is no data (NaN), and only there.
  package static func encoded(_ phase: [Float]) -> [Float] {
    phase.map { $0.isNaN ? 0 : $0 == 0 ? smallestPhaseRadians : $0 }
  }

  /// The phases without exact zeros. NaN stays.
  package static func withoutZeros(_ phase: [Float]) -> [Float] {
    phase.map { $0 == 0 ? smallestPhaseRadians : $0 }
  }
}
