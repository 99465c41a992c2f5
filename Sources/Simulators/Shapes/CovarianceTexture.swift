import Foundation
import RunSupport
import TorchCore

/// A random field whose covariance falls exponentially with distance: v exp(-alpha r).
///
/// The covariance on a torus of twice the grid's size is diagonal in the frequency domain (circulant
/// embedding); what rounding or the torus makes negative there is set to 0.
/// Source: Dietrich and Newsam, SIAM J. Sci. Comput. 18, 1997; the covariance as in Hanssen 2001.
public struct CovarianceTexture: Sendable, Equatable, Codable {
  public let seed: UInt64
  /// v, in the square of the values' unit.
  public let variance: Double
  /// 1 / alpha: the distance at which the covariance has fallen to 1/e.
  public let lengthMeters: Double

  /// - Throws: `SimulatorError.badSource` for a negative variance or a length of 0 or less.
  public init(seed: UInt64, variance: Double, lengthMeters: Double) throws {
    self.seed = seed
    self.variance = variance
    self.lengthMeters = lengthMeters
    var check = ParameterCheck()
    check.notNegative("variance", variance)
    check.positive("lengthMeters", lengthMeters)
    guard check.faults.isEmpty else {
      throw SimulatorError.badSource(kind: "covariance texture", faults: check.faults)
    }
  }

  /// The field, of the grid's shape, in the root of the variance's unit.
  /// - Throws: `TorchError` when the transform runs out of memory.
  public func values(grid: SceneGrid) throws -> [Float] {
    let (height, width) = (2 * grid.height, 2 * grid.width)
    var covariance = [Float](repeating: 0, count: height * width)
    for row in 0..<height {
      let dy = Double(min(row, height - row)) * grid.pixelSizeMeters
      for column in 0..<width {
        let dx = Double(min(column, width - column)) * grid.pixelSizeMeters
        covariance[row * width + column] =
          Float(variance * exp(-(dx * dx + dy * dy).squareRoot() / lengthMeters))
      }
    }
    var random = CounterRandom(seed)
    let white = (0..<height * width).map { _ in Float(random.normal()) }
    let shape = [height, width]
    let power = try Tensor(covariance, shape: shape).rfft2().real().clamp(0, 1e30)
    let spectrum = try Tensor(white, shape: shape).rfft2() * power.sqrt()
    let field = try spectrum.irfft2(height: height, width: width).floats()
    return (0..<grid.height).flatMap { field[$0 * width..<$0 * width + grid.width] }
  }
}
