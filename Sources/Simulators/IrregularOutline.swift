import Foundation
import Kernel

/// A closed, smooth, irregular outline: an ellipse whose radius is modulated by harmonics.
///
/// In the frame in which the ellipse is a circle of radius R, the outline is
/// r(theta) = R (1 + sum of amplitude_k cos(k theta + phase_k)), k = 2, 3, ...
public struct IrregularOutline: Sendable, Equatable, Codable {
  public struct Harmonic: Sendable, Equatable, Codable {
    public var amplitude: Double
    public var phaseRadians: Double

    public init(amplitude: Double, phaseRadians: Double) {
      self.amplitude = amplitude
      self.phaseRadians = phaseRadians
    }
  }

  public let eastMeters: Double
  public let northMeters: Double
  public let meanRadiusMeters: Double
  /// Ratio of the long to the short axis of the ellipse, at least 1.
  public let elongation: Double
  /// Direction of the long axis, clockwise from north.
  public let azimuthDegrees: Double
  /// From the second harmonic on (the first would only shift the outline).
  public let harmonics: [Harmonic]

  public init(
    eastMeters: Double, northMeters: Double, meanRadiusMeters: Double, elongation: Double = 1,
    azimuthDegrees: Double = 0, harmonics: [Harmonic] = []
  ) {
    self.eastMeters = eastMeters
    self.northMeters = northMeters
    self.meanRadiusMeters = meanRadiusMeters
    self.elongation = elongation
    self.azimuthDegrees = azimuthDegrees
    self.harmonics = harmonics
  }

  func check(into check: inout ParameterCheck) {
    check.finite("eastMeters", eastMeters)
    check.finite("northMeters", northMeters)
    check.positive("meanRadiusMeters", meanRadiusMeters)
    check.inside("elongation", elongation, 1...100)
    check.finite("azimuthDegrees", azimuthDegrees)
    check.inside("sum of the harmonics' amplitudes", amplitudeSum, 0...0.95)
    for harmonic in harmonics { check.finite("phaseRadians", harmonic.phaseRadians) }
  }

  private var amplitudeSum: Double { harmonics.reduce(0) { $0 + abs($1.amplitude) } }

  /// The largest distance of the outline from the center, in m.
  public var reachMeters: Double {
    meanRadiusMeters * (1 + amplitudeSum) * elongation.squareRoot()
  }

  /// Distance of a point from the outline, positive inside and negative outside, along the ray from
  /// the center in the circle's frame; also the position as a fraction of the local radius.
  func depthInside(
    eastMeters: Double, northMeters: Double
  ) -> (meters: Double, along: Double, across: Double) {
    let (along, across) = rotated(
      east: eastMeters - self.eastMeters, north: northMeters - self.northMeters,
      azimuthDegrees: azimuthDegrees)
    let stretch = elongation.squareRoot()
    let (a, b) = (along / stretch, across * stretch)
    let angle = atan2(b, a)
    var share = 1.0
    for (index, harmonic) in harmonics.enumerated() {
      share += harmonic.amplitude * cos(Double(index + 2) * angle + harmonic.phaseRadians)
    }
    let radius = meanRadiusMeters * share
    return (radius - hypot(a, b), a / radius, b / radius)
  }
}

/// 0 below 0, 1 above 1, and a smooth rise between them.
func smoothStep(_ t: Double) -> Double {
  let t = min(max(t, 0), 1)
  return t * t * (3 - 2 * t)
}
