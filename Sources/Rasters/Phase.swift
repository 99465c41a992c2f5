import Foundation

/// Phase of complex samples.
package enum Phase {
  /// In radians, (-pi, pi]; NaN where the sample is 0 (how processors mark no data) or not finite.
  package static func ofComplex(real: Float, imaginary: Float) -> Float {
    guard real.isFinite, imaginary.isFinite, real != 0 || imaginary != 0 else { return .nan }
    return atan2f(imaginary, real)
  }

  package static func sine(_ phase: Float) -> Float { sinf(phase) }
  package static func cosine(_ phase: Float) -> Float { cosf(phase) }
}
