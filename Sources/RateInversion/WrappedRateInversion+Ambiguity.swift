import Foundation

extension WrappedRateInversion {
  /// The temporal coherence that the search finds in pure noise, the median of 128 pixels. With few
  /// interferograms it is high, because any phases can be fitted.
  ///
  /// The phases are 2 pi times the fractions of multiples of the golden ratio by squares, which are
  /// evenly distributed and the same in every run.
  public func noiseCoherence() throws -> Float {
    let golden = (5.0.squareRoot() - 1) / 2
    let planes = network.pairs.indices.map { pair in
      (0..<128).map { pixel in
        let number = Double(pair * 128 + pixel + 1)
        let turns = golden * number * number
        return Float(2 * Double.pi * (turns - turns.rounded(.down) - 0.5))
      }
    }
    let estimate = try invert(wrappedRadians: planes)
    let found = estimate.temporalCoherence.filter { !$0.isNaN }.sorted()
    return found.isEmpty ? 0 : found[found.count / 2]
  }
}

extension DesignMatrix {
  /// The smallest difference of rates, up to `limit`, that leaves nearly the same wrapped phases;
  /// `nil` if there is none.
  ///
  /// It is the difference at which |mean of exp(i a_k difference)| returns to almost 1, because a
  /// common phase is free. With intervals of whole years a rate of half a wavelength per year is
  /// such a difference.
  func ambiguity(upTo limit: Double) -> Double? {
    let mean = radiansPerCMPerYear.reduce(0, +) / Double(radiansPerCMPerYear.count)
    let largest = radiansPerCMPerYear.map { abs($0 - mean) }.max() ?? 0
    guard largest > 0 else { return nil }
    // No phase changes by more than 0.25 rad per step.
    let count = min((limit * largest / 0.25).rounded(.up), 1e6)
    var hasFallen = false
    var best: (difference: Double, length: Double)?
    for step in 1...max(1, Int(count)) {
      let difference = limit * Double(step) / count
      var (x, y) = (0.0, 0.0)
      for a in radiansPerCMPerYear {
        x += cos(a * difference)
        y += sin(a * difference)
      }
      let length = (x * x + y * y).squareRoot() / Double(radiansPerCMPerYear.count)
      hasFallen = hasFallen || length < 0.8
      guard hasFallen else { continue }
      if length > max(0.97, best?.length ?? 0) { best = (difference, length) }
      if best != nil && length < 0.97 { break }
    }
    return best?.difference
  }
}
