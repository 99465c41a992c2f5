import CPhaseLoops
import Kernel

/// The adaptive filter that most processors apply to interferograms before unwrapping.
///
/// The complex interferogram exp(i phi) is cut into overlapping windows. The spectrum Z of each is
/// multiplied by S^alpha, S being |Z| averaged over 3 x 3 frequencies (periodic) and divided by its
/// largest value; the windows are added with triangular weights. Pixels without data are 0 and stay
/// NaN.
/// Source: Goldstein and Werner, "Radar interferogram filtering for geophysical applications", GRL
/// 1998.
public struct GoldsteinFilter: Sendable, Equatable, Codable {
  /// 0 for no filter, 1 for the strongest usual one.
  public var alpha = 0.0
  /// Rows and columns of a window: 8, 16, 32, 64 or 128.
  public var windowPixels = 32
  /// Steps from one window to the next within a window: 2 for half overlap, 4, 8.
  public var windowSteps = 4

  public init() {}

  func check(_ name: String, _ check: inout ParameterCheck) {
    check.inside("\(name).alpha", alpha, 0...2)
    check.require(
      [8, 16, 32, 64, 128].contains(windowPixels),
      "\(name).windowPixels is \(windowPixels); give 8, 16, 32, 64 or 128")
    check.require(
      [2, 4, 8].contains(windowSteps), "\(name).windowSteps is \(windowSteps); give 2, 4 or 8")
  }

  /// The filtered phase in rad, in [-pi, pi), [height x width]; NaN where `wrappedRadians` is.
  /// - Throws: `InSARPhaseError.outOfMemory`.
  package func filtered(_ wrappedRadians: [Float], width: Int, height: Int) throws -> [Float] {
    let window = try FieldTransform(length: windowPixels)
    var phase = wrappedRadians
    let isDone = phase.withUnsafeMutableBufferPointer {
      cpl_goldstein(
        window.plan, windowPixels / windowSteps, Float(alpha), $0.baseAddress, height, width)
    }
    guard isDone else {
      throw InSARPhaseError.outOfMemory(purpose: "a filter of \(height) x \(width) pixels")
    }
    return wrapped(phase)
  }
}
