import Foundation

// What a spectrum means on the ground: integrals over the plane of wavenumbers, without a grid.
extension TurbulenceSpectrum {
  /// The mean square difference of a field with power 1 at wavenumber 0 (per (cycle/m)^2) between
  /// points `distance` apart, averaged over all directions, of wavelengths down to `shortest`.
  ///
  /// D(r) = 2 times the integral over the plane of P(k) (1 - J0(2 pi |k| r)). The average over
  /// directions has this form for every P, isotropic or not.
  /// Source: Tatarskii, Wave Propagation in a Turbulent Medium, 1961, chapter 1.
  func structureFunction(distanceMeters distance: Double, shortestMeters shortest: Double) -> Double
  {
    2 * integral(from: shortest) { 1 - j0(2 * .pi * $0 * distance) }
  }

  /// The variance of such a field over an unlimited plane, of wavelengths down to `shortest`.
  func variance(shortestMeters shortest: Double) -> Double { integral(from: shortest) { _ in 1 } }

  /// The integral of power times `weight` of the wavenumber in cycles/m, in polar coordinates with
  /// the logarithm of the wavenumber: a sum of equal steps, exact to about 1e-3.
  private func integral(from shortest: Double, _ weight: (Double) -> Double) -> Double {
    // A quarter of the directions, from along to across the elongation.
    let directions = anisotropyRatio == 1 ? 1 : 32
    let stretches = (0..<directions).map { index in
      let angle = (Double(index) + 0.5) / Double(directions) * .pi / 2
      let (along, across) = (anisotropyRatio * cos(angle), sin(angle))
      return along * along + across * across
    }
    let least = log(1e-3 / (outerScaleMeters * anisotropyRatio))
    let greatest = log(1 / shortest)
    guard greatest > least else { return 0 }
    let steps = max(64, Int((greatest - least) * 24))
    let width = (greatest - least) / Double(steps)
    var sum = 0.0
    for step in 0..<steps {
      let k = exp(least + (Double(step) + 0.5) * width)
      var power = 0.0
      for stretch in stretches { power += self.power(stretchedSquare: k * k * stretch) }
      sum += power / Double(directions) * weight(k) * k * k
    }
    return 2 * .pi * sum * width
  }
}
