import Foundation
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
  func filtered(_ wrappedRadians: [Float], width: Int, height: Int) -> [Float] {
    let side = windowPixels
    let step = side / windowSteps
    let transform = FourierTransform(length: side)
    let area = side * side
    // Windows begin before the first pixel, so that every pixel lies in as many.
    var (sumReal, sumImaginary) = (
      [Double](repeating: 0, count: width * height), [Double](repeating: 0, count: width * height)
    )
    let phases = wrappedRadians.map { phase -> (Double, Double) in
      phase.isFinite ? (cos(Double(phase)), sin(Double(phase))) : (0, 0)
    }
    let ramp = (0..<side).map { (place: Int) -> Double in
      1 - abs((2 * Double(place) + 1) / Double(side) - 1)
    }
    var (real, imaginary) = (
      [Double](repeating: 0, count: area), [Double](repeating: 0, count: area)
    )
    var modulus = real
    var smooth = real
    for top in stride(from: step - side, to: height, by: step) {
      for left in stride(from: step - side, to: width, by: step) {
        let rows = max(0, -top)..<min(side, height - top)
        let columns = max(0, -left)..<min(side, width - left)
        for place in 0..<area { (real[place], imaginary[place]) = (0, 0) }
        for row in rows {
          for column in columns {
            let phase = phases[(top + row) * width + left + column]
            (real[row * side + column], imaginary[row * side + column]) = phase
          }
        }
        transform2D(transform, &real, &imaginary, side)
        for place in 0..<area {
          modulus[place] =
            (real[place] * real[place] + imaginary[place] * imaginary[place]).squareRoot()
        }
        Self.average(modulus, &smooth, side)
        let largest = smooth.max() ?? 0
        guard largest > 0 else { continue }
        for place in 0..<area {
          let gain = pow(smooth[place] / largest, alpha) / Double(area)
          // The conjugate, so that the same transform leads back.
          real[place] *= gain
          imaginary[place] *= -gain
        }
        transform2D(transform, &real, &imaginary, side)
        for row in rows {
          for column in columns {
            let weight = ramp[row] * ramp[column]
            let place = (top + row) * width + left + column
            sumReal[place] += weight * real[row * side + column]
            sumImaginary[place] -= weight * imaginary[row * side + column]
          }
        }
      }
    }
    return wrapped(
      wrappedRadians.indices.map { place in
        wrappedRadians[place].isFinite
          ? Float(atan2(sumImaginary[place], sumReal[place])) : .nan
      })
  }

  /// The Fourier transform of [side, side], in place, transposed: rows become columns.
  private func transform2D(
    _ transform: FourierTransform, _ real: inout [Double], _ imaginary: inout [Double], _ side: Int
  ) {
    for _ in 0..<2 {
      real.withUnsafeMutableBufferPointer { real in
        imaginary.withUnsafeMutableBufferPointer { imaginary in
          transform.transform(real.baseAddress!, imaginary.baseAddress!, columns: side)
          for row in 0..<side {
            for column in row + 1..<max(side, row + 1) {
              real.swapAt(row * side + column, column * side + row)
              imaginary.swapAt(row * side + column, column * side + row)
            }
          }
        }
      }
    }
  }

  /// Means over 3 x 3 places, periodic.
  private static func average(_ values: [Double], _ out: inout [Double], _ side: Int) {
    for row in 0..<side {
      let lines = [(row + side - 1) % side, row, (row + 1) % side].map { $0 * side }
      for column in 0..<side {
        let places = [(column + side - 1) % side, column, (column + 1) % side]
        var sum = 0.0
        for line in lines { for place in places { sum += values[line + place] } }
        out[row * side + column] = sum / 9
      }
    }
  }
}
