import Foundation
import InSARPhase

/// What a wrapped interferogram looks like, from its phase alone: residues, how smooth the phase is
/// around a pixel, how fast it turns, and how it differs over distance.
///
/// Measured and simulated interferograms are compared with it, so nothing but the phase is used: the
/// coherence that a processor estimates from two images is not there for a file of phases.
public struct WrappedPhaseStatistics: Sendable, Equatable {
  /// Residues (loops of four pixels whose wrapped differences do not sum to zero) per loop; NaN
  /// without a loop. Source: Goldstein, Zebker and Werner, Radio Science 23 (1988).
  public let residuesPerLoop: Double
  /// Of windows of 5 x 5 pixels on every second pixel: |mean of exp(i phase)| after the mean gradient
  /// of the window is removed, 0 to 1; about 0.25 for pure noise.
  public let smoothness: [Float]
  /// Magnitude of that gradient in fringes per pixel, where `smoothness` is at least 0.5.
  public let fringesPerPixel: [Float]
  /// 1, 2, 4, ... up to half a side.
  public let lagsPixels: [Int]
  /// Sum of the cosine of the difference over each lag along rows and columns, and the number of
  /// pairs.
  public let cosines: [(sum: Double, count: Int)]

  public static func == (a: Self, b: Self) -> Bool {
    a.smoothness == b.smoothness && a.fringesPerPixel == b.fringesPerPixel
      && a.cosines.map(\.sum) == b.cosines.map(\.sum)
  }

  static let reach = 2

  /// - Parameter phase: [height x width] in rad, wrapped or not; NaN where there is no data.
  public init(_ phase: [Float], width: Int, height: Int) {
    precondition(phase.count == width * height, "a phase for each pixel")
    let (residues, loops) = PhaseResidues.count(in: phase, width: width)
    residuesPerLoop = loops > 0 ? Double(residues) / Double(loops) : .nan
    let cosine = phase.map { Foundation.cos($0) }
    let sine = phase.map { Foundation.sin($0) }

    var smoothness: [Float] = []
    var fringes: [Float] = []
    let reach = Self.reach
    for row in stride(from: reach, to: height - reach, by: 2) {
      for column in stride(from: reach, to: width - reach, by: 2) {
        guard
          let (smooth, gradient) = Self.window(
            cosine, sine, width: width, row: row, column: column)
        else { continue }
        smoothness.append(smooth)
        if smooth >= 0.5 { fringes.append(gradient) }
      }
    }
    self.smoothness = smoothness
    fringesPerPixel = fringes

    var lags: [Int] = []
    var lag = 1
    while lag <= min(width, height) / 2 {
      lags.append(lag)
      lag *= 2
    }
    lagsPixels = lags
    cosines = lags.map { lag in
      var (sum, count) = (0.0, 0)
      func add(_ a: Int, _ b: Int) {
        let value = cosine[a] * cosine[b] + sine[a] * sine[b]
        guard value.isFinite else { return }
        sum += Double(value)
        count += 1
      }
      for row in 0..<height {
        for column in 0..<width {
          let place = row * width + column
          if column + lag < width { add(place, place + lag) }
          if row + lag < height { add(place, place + lag * width) }
        }
      }
      return (sum, count)
    }
  }

  /// The structure function in rad^2 that Gaussian differences with the mean cosine `mean` have,
  /// -2 ln(mean): it does not saturate at a cycle. NaN where nothing is left but noise.
  public static func structure(meanCosine mean: Double) -> Double {
    mean > 0.02 ? -2 * log(mean) : .nan
  }

  /// Smoothness and gradient (fringes per pixel) around a pixel; `nil` beside missing ones.
  private static func window(
    _ cosine: [Float], _ sine: [Float], width: Int, row: Int, column: Int
  ) -> (Float, Float)? {
    var (alongX, alongY) = ((re: Float(0), im: Float(0)), (re: Float(0), im: Float(0)))
    for y in row - reach...row + reach {
      for x in column - reach...column + reach {
        let a = y * width + x
        guard cosine[a].isFinite else { return nil }
        if x < column + reach {
          alongX.re += cosine[a] * cosine[a + 1] + sine[a] * sine[a + 1]
          alongX.im += cosine[a] * sine[a + 1] - sine[a] * cosine[a + 1]
        }
        if y < row + reach {
          let b = a + width
          alongY.re += cosine[a] * cosine[b] + sine[a] * sine[b]
          alongY.im += cosine[a] * sine[b] - sine[a] * cosine[b]
        }
      }
    }
    let (gx, gy) = (atan2(alongX.im, alongX.re), atan2(alongY.im, alongY.re))
    var sum = (re: Float(0), im: Float(0))
    for y in -reach...reach {
      for x in -reach...reach {
        let a = (row + y) * width + column + x
        let turn = gx * Float(x) + gy * Float(y)
        let (c, s) = (cos(turn), sin(turn))
        sum.re += cosine[a] * c + sine[a] * s
        sum.im += sine[a] * c - cosine[a] * s
      }
    }
    let count = Float((2 * reach + 1) * (2 * reach + 1))
    return (
      (sum.re * sum.re + sum.im * sum.im).squareRoot() / count,
      (gx * gx + gy * gy).squareRoot() / (2 * .pi)
    )
  }
}
