import Kernel

/// The variogram: half the mean squared difference of rates at a lag, along rows and columns.
///
/// Source: Matheron, Economic Geology 58 (1963), the method-of-moments estimator.
public struct Variogram: Sendable, Equatable, Codable {
  /// 1, 2, 3, 4, 6, 8, 12, ... up to half a patch.
  public let lagsPixels: [Int]
  /// (cm/yr)^2, mean over patches, with its 95 % interval.
  public let semivariance: [Estimate]

  public init(_ set: RatePatches, bootstrap: Bootstrap) {
    let lags = Self.lags(size: set.size)
    let size = set.size
    let perPatch = set.map { patch in lags.map { Self.semivariance(patch, size: size, lag: $0) } }
    lagsPixels = lags
    semivariance = lags.indices.map { k in
      // Every patch has every lag, so there is always a mean.
      bootstrap.mean(perPatch.map { $0[k] }, of: .variogram) ?? Estimate(value: 0)
    }
  }

  static func lags(size: Int) -> [Int] {
    var lags: [Int] = []
    var step = 1
    while step <= size / 2 {
      lags.append(step)
      if step > 1, step * 3 / 2 <= size / 2 { lags.append(step * 3 / 2) }
      step *= 2
    }
    return lags
  }

  static func semivariance(_ patch: [Float], size: Int, lag: Int) -> Double {
    var sum = 0.0
    patch.withUnsafeBufferPointer { values in
      for row in 0..<size {
        var rowSum: Float = 0
        var lanes = SIMD8<Float>.zero
        let start = UnsafeRawPointer(values.baseAddress! + row * size)
        func add(offset: Int, count: Int) {
          var k = 0
          while k + 8 <= count {
            let a = start.loadUnaligned(fromByteOffset: 4 * k, as: SIMD8<Float>.self)
            let b = start.loadUnaligned(fromByteOffset: 4 * (k + offset), as: SIMD8<Float>.self)
            lanes += (a - b) * (a - b)
            k += 8
          }
          while k < count {
            let a = values[row * size + k] - values[row * size + k + offset]
            rowSum += a * a
            k += 1
          }
        }
        add(offset: lag, count: size - lag)
        if row + lag < size { add(offset: lag * size, count: size) }
        sum += Double(rowSum + lanes.sum())
      }
    }
    return sum / Double(2 * 2 * size * (size - lag))
  }
}
