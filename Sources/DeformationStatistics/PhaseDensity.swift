import Foundation

/// The phase density of a rate map in an interferogram: fringes, steps too steep to unwrap,
/// residues.
///
/// The caller gives the phase of 1 cm/yr, which depends on the wavelength and the days between two
/// acquisitions (for Sentinel-1: -0.00620 rad per day).
public struct PhaseDensity: Sendable, Equatable {
  /// Fringes per pixel: the mean of |gradient of the phase| / 2 pi.
  public let fringesPerPixel: Double
  /// Fraction of steps between neighbors that exceed pi and cannot be unwrapped.
  public let aliasedStepShare: Double
  /// Residues (loops of four pixels whose wrapped differences do not sum to zero) per loop.
  /// Source: Goldstein, Zebker and Werner, Radio Science 23 (1988).
  public let residuesPerLoop: Double

  /// - Parameter radiansPerCMPerYear: unwrapped phase of 1 cm/yr; its sign does not matter.
  public init(_ patch: [Float], size: Int, radiansPerCMPerYear: Double) {
    var (fringes, aliased, steps, residues) = (0.0, 0, 0, 0)
    let loops = (size - 1) * (size - 1)
    /// The unwrapped phase step between two pixels.
    func step(_ from: Int, _ to: Int) -> Double {
      (Double(patch[to]) - Double(patch[from])) * radiansPerCMPerYear
    }
    func turns(_ step: Double) -> Int { Int((step / (2 * .pi)).rounded()) }
    for row in 0..<size {
      for column in 0..<size {
        let place = row * size + column
        let right = column + 1 < size ? step(place, place + 1) : nil
        let down = row + 1 < size ? step(place, place + size) : nil
        for value in [right, down] {
          if let value {
            steps += 1
            if abs(value) > .pi { aliased += 1 }
          }
        }
        guard let right, let down else { continue }
        fringes += (right * right + down * down).squareRoot() / (2 * .pi)
        // Unwrapped steps around the loop sum to zero, so only the whole cycles that wrapping
        // removes remain.
        let bottom = step(place + size, place + size + 1)
        let far = step(place + 1, place + size + 1)
        if turns(right) + turns(far) - turns(bottom) - turns(down) != 0 { residues += 1 }
      }
    }
    fringesPerPixel = fringes / Double(loops)
    aliasedStepShare = Double(aliased) / Double(steps)
    residuesPerLoop = Double(residues) / Double(loops)
  }
}
