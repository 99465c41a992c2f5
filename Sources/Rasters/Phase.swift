import Foundation

/// Phase of complex samples.
package enum Phase {
  /// The phase in rad, in (-pi, pi]; NaN if the sample is 0 (which processors write for no data) or
  /// not finite.
  package static func ofComplex(real: Float, imaginary: Float) -> Float {
    guard real.isFinite, imaginary.isFinite, real != 0 || imaginary != 0 else { return .nan }
    return atan2f(imaginary, real)
  }

  /// The length of a complex number; NaN where its phase is.
  package static func lengthOfComplex(real: Float, imaginary: Float) -> Float {
    guard real.isFinite, imaginary.isFinite, real != 0 || imaginary != 0 else { return .nan }
    return hypotf(real, imaginary)
  }

  package static func sine(_ phase: Float) -> Float { sinf(phase) }
  package static func cosine(_ phase: Float) -> Float { cosf(phase) }
}
