import Foundation
import InSARPhase
import Kernel

/// A random field whose covariance decreases exponentially with distance: v exp(-alpha r).
///
/// Circulant embedding on a torus, with Gneiting's cutoff: up to the grid's diagonal D the
/// covariance is v exp(-alpha r) - K, from there to R it falls to 0 as a parabola, and a constant
/// of variance K is added to the whole field. K is chosen so that R lies between D and 2 D. The
/// eigenvalues are then positive (the few below 0, under 0.1 % for lengths up to four diagonals,
/// are set to 0); without the cutoff, the periodicity would be visible as a plaid pattern in fields
/// that are smooth on the scale of the grid.
/// Source: Dietrich and Newsam, SIAM J. Sci. Comput. 18, 1997; Gneiting et al., J. Comput. Graph.
/// Stat. 15, 2006 (cutoff); the covariance as in Hanssen, Radar Interferometry, 2001.
public struct CovarianceTexture: Sendable, Equatable, Codable {
  public let seed: UInt64
  /// v, in the squared unit of the values.
  public let variance: Double
  /// 1 / alpha: the distance at which the covariance has fallen to 1/e.
  public let lengthMeters: Double

  /// - Throws: `SimulatorError.badSource` for a negative variance or a length of 0 or less.
  public init(seed: UInt64, variance: Double, lengthMeters: Double) throws {
    self.seed = seed
    self.variance = variance
    self.lengthMeters = lengthMeters
    var check = ParameterCheck(.finite)
    check.notNegative("variance", variance)
    check.positive("lengthMeters", lengthMeters)
    guard check.faults.isEmpty else {
      throw SimulatorError.badSource(kind: "covariance texture", faults: check.faults)
    }
  }

  /// The field, of the grid's shape, in the square root of the variance's unit.
  /// - Throws: `InSARPhaseError.outOfMemory`.
  public func values(grid: SceneGrid) throws -> [Float] {
    let diagonal = hypot(grid.widthMeters, grid.heightMeters)
    let atDiagonal = exp(-diagonal / lengthMeters)
    let ratio = diagonal / lengthMeters
    let kept = min(0.5, max(ratio / 8, min(0.1, ratio / 2)))
    let constant = atDiagonal * (1 - kept)
    let fall = 2 * kept * lengthMeters
    let side = Int((2 * (diagonal + fall) / grid.pixelSizeMeters).rounded(.up))
    func covariance(_ distance: Double) -> Double {
      if distance <= diagonal { return exp(-distance / lengthMeters) - constant }
      let left = max(0, diagonal + fall - distance) / fall
      return (atDiagonal - constant) * left * left
    }
    // One eighth of the torus contains all distances that occur.
    let half = side / 2 + 1
    var quarter = [Double](repeating: 0, count: half * half)
    for row in 0..<half {
      for column in row..<half {
        let square = Double(row * row + column * column)
        let value = variance * covariance(square.squareRoot() * grid.pixelSizeMeters)
        quarter[row * half + column] = value
        quarter[column * half + row] = value
      }
    }
    var random = CounterRandom(seed, .covarianceTexture)
    let level = Float((variance * constant).squareRoot() * random.normal())
    let white = (0..<side * side).map { _ in Float(random.normal()) }
    let filter = try PlaneFilter(height: side, width: side)
    let power = try filter.spectrum(ofEven: quarter)
    let field = try filter.corner(
      of: white, gains: power.map { max(0, $0).squareRoot() }, rows: grid.height,
      columns: grid.width)
    return field.map { $0 + level }
  }
}
