import Foundation
import Kernel

/// The radial power spectrum of rate maps: power in rings around zero frequency.
///
/// Convention: the mean of a patch is subtracted and the patch is tapered by a separable Hann
/// window w; its two-dimensional power spectral density is |DFT(w z)|^2 / sum(w^2) in (cm/yr)^2
/// pixel^2, and a ring k holds the mean over all frequencies with k - 1/2 <= |f| size < k + 1/2.
/// The slope is d log P / d log f of that two-dimensional density: -8/3 for a turbulent atmosphere
/// (Hanssen 2001, section 4.7), while a profile along a line has -5/3.
public struct RadialSpectrum: Sendable, Equatable, Codable {
  /// Cycles per pixel of rings 1, 2, ... below 1/2.
  public let cyclesPerPixel: [Double]
  /// Mean over patches, (cm/yr)^2 pixel^2; 95 % interval over patches.
  public let power: [Estimate]
  /// The slope of a line fitted to log P against log f over `slopeCyclesPerPixel`; `nil` if a ring
  /// has no power, as for constant patches.
  public let slope: Estimate?
  /// The lowest and highest frequency of the fitted line.
  public let slopeCyclesPerPixel: [Double]

  /// - Parameter slopeCyclesPerPixel: default: from 3 / size, where the effect of the window is
  ///   negligible, to 1/4, above which resampling and smoothing have an effect.
  /// - Throws: `DeformationStatisticsError.invalidSetting` if fewer than two rings lie in the
  ///   range.
  public init(
    _ set: RatePatches, slopeCyclesPerPixel: ClosedRange<Double>? = nil, bootstrap: Bootstrap
  ) throws {
    let size = set.size
    let band = slopeCyclesPerPixel ?? min(3 / Double(size), 0.125)...0.25
    let rings = Array(1..<(size + 1) / 2)
    let frequencies = rings.map { Double($0) / Double(size) }
    let fitted = rings.indices.filter { band.contains(frequencies[$0]) }
    guard fitted.count >= 2 else {
      throw DeformationStatisticsError.invalidSetting(
        name: "slope range", value: "\(band.lowerBound) to \(band.upperBound) cycles per pixel",
        remedy: "choose a range with at least two rings of 1/\(size).")
    }
    let transform = FourierTransform(length: size)
    let window = Self.hannWindow(size)
    let spectra = set.map { Self.rings(of: $0, size: size, transform, window) }
    let draws = bootstrap.draws(count: set.count, .spectrum)
    let mean = Self.mean(spectra, nil)
    let resampled = draws.map { Self.mean(spectra, $0) }
    cyclesPerPixel = frequencies
    power = rings.indices.map { ring in
      bootstrap.interval(
        around: mean[ring], resampled.map { $0[ring] }, patchCount: set.count)
    }
    let logs = fitted.map { log(frequencies[$0]) }
    func slope(_ power: [Double]) -> Double? {
      fitted.allSatisfy { power[$0] > 0 }
        ? Self.slope(x: logs, y: fitted.map { log(power[$0]) }) : nil
    }
    self.slope = slope(mean).map {
      bootstrap.interval(around: $0, resampled.compactMap(slope), patchCount: set.count)
    }
    self.slopeCyclesPerPixel = [frequencies[fitted[0]], frequencies[fitted[fitted.count - 1]]]
  }

  /// The distance of two spectra: root mean square difference of log10 P over all rings, in
  /// decades. `nil` if either has a ring without power.
  public func logDistance(to other: RadialSpectrum) -> Double? {
    guard power.count == other.power.count,
      (power + other.power).allSatisfy({ $0.value > 0 })
    else { return nil }
    let squares = zip(power, other.power).map { pow(log10($0.value / $1.value), 2) }
    return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
  }

  /// Periodic Hann window.
  static func hannWindow(_ size: Int) -> [Double] {
    (0..<size).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(size)) }
  }

  /// The transform of one patch without its mean, tapered: [size, size], transposed.
  static func transformed(
    _ patch: [Float], size: Int, _ transform: FourierTransform, _ window: [Double]
  ) -> (real: [Double], imaginary: [Double]) {
    let mean = patch.reduce(0.0) { $0 + Double($1) } / Double(patch.count)
    var real = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        real[row * size + column] =
          (Double(patch[row * size + column]) - mean) * window[row] * window[column]
      }
    }
    var imaginary = [Double](repeating: 0, count: size * size)
    transform(&real, &imaginary, columns: size)
    (real, imaginary) = (transposed(real, size), transposed(imaginary, size))
    transform(&real, &imaginary, columns: size)
    return (real, imaginary)
  }

  /// The ring means of one patch.
  private static func rings(
    of patch: [Float], size: Int, _ transform: FourierTransform, _ window: [Double]
  ) -> [Double] {
    let (real, imaginary) = transformed(patch, size: size, transform, window)
    let windowPower = window.reduce(0) { $0 + $1 * $1 }
    let scale = 1 / (windowPower * windowPower)
    var sums = [Double](repeating: 0, count: (size + 1) / 2)
    var counts = [Int](repeating: 0, count: sums.count)
    for row in 0..<size {
      let fy = Double(row <= size / 2 ? row : row - size)
      for column in 0..<size {
        let fx = Double(column <= size / 2 ? column : column - size)
        let ring = Int((fx * fx + fy * fy).squareRoot() + 0.5)
        guard ring < sums.count else { continue }
        let place = row * size + column
        sums[ring] += real[place] * real[place] + imaginary[place] * imaginary[place]
        counts[ring] += 1
      }
    }
    return (1..<sums.count).map { sums[$0] * scale / Double(counts[$0]) }
  }

  private static func transposed(_ values: [Double], _ size: Int) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    for row in 0..<size {
      for column in 0..<size { result[column * size + row] = values[row * size + column] }
    }
    return result
  }

  private static func mean(_ spectra: [[Double]], _ weights: [Int32]?) -> [Double] {
    var sum = [Double](repeating: 0, count: spectra[0].count)
    for (patch, spectrum) in spectra.enumerated() {
      let weight = Double(weights?[patch] ?? 1)
      guard weight > 0 else { continue }
      for k in sum.indices { sum[k] += weight * spectrum[k] }
    }
    return sum.map { $0 / Double(spectra.count) }
  }

  /// Least squares.
  private static func slope(x: [Double], y: [Double]) -> Double {
    let meanX = x.reduce(0, +) / Double(x.count)
    let meanY = y.reduce(0, +) / Double(y.count)
    let (xy, xx) = zip(x, y).reduce((0.0, 0.0)) { sum, pair in
      (
        sum.0 + (pair.0 - meanX) * (pair.1 - meanY), sum.1 + (pair.0 - meanX) * (pair.0 - meanX)
      )
    }
    return xy / xx
  }
}
