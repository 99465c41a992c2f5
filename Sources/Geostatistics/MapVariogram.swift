import Foundation

/// Half the mean square difference of values at a distance, measured on a map along rows and columns.
public struct MapVariogram: Sendable, Equatable {
  /// gamma at lags of 1, 2, ... pixels; NaN where no pair has data.
  public let values: [Double]
  /// Number of pairs of pixels at these lags.
  public let pairCounts: [Int]

  init(values: [Double], pairCounts: [Int]) {
    self.values = values
    self.pairCounts = pairCounts
  }

  /// - Parameters:
  ///   - values: row-major, NaN where there is no data.
  ///   - longestLag: in pixels; larger than the map serves no purpose.
  public init(of values: [Float], width: Int, height: Int, longestLag: Int) {
    var gammas: [Double] = []
    var counts: [Int] = []
    for lag in stride(from: 1, through: max(1, longestLag), by: 1) {
      var (sum, count) = (0.0, 0)
      values.withUnsafeBufferPointer { values in
        for row in 0..<height {
          let start = row * width
          if lag < width {
            for pixel in start..<start + width - lag {
              Self.add(values[pixel], values[pixel + lag], &sum, &count)
            }
          }
          if row + lag < height {
            for pixel in start..<start + width {
              Self.add(values[pixel], values[pixel + lag * width], &sum, &count)
            }
          }
        }
      }
      gammas.append(count > 0 ? sum / Double(2 * count) : .nan)
      counts.append(count)
    }
    self.values = gammas
    pairCounts = counts
  }

  @inline(__always)
  private static func add(_ a: Float, _ b: Float, _ sum: inout Double, _ count: inout Int) {
    let difference = Double(a - b)
    guard !difference.isNaN else { return }
    sum += difference * difference
    count += 1
  }
}

/// A sum of valid variograms: a jump at the origin (nugget), exponential and Gaussian structures.
///
/// Source: Chilès and Delfiner, Geostatistics, 2nd edition 2012, section 2.5 (models and their sums).
public struct VariogramModel: Sendable, Equatable, Codable {
  public struct Structure: Sendable, Equatable, Codable {
    public enum Shape: String, Sendable, Codable { case exponential, gaussian }
    public var shape: Shape
    /// Variance that the structure adds.
    public var sill: Double
    /// The length a in exp(-h / a) or exp(-(h / a)^2), in pixels.
    public var lengthPixels: Double
  }

  public var nugget: Double
  public var structures: [Structure]

  public init(nugget: Double, structures: [Structure]) {
    self.nugget = nugget
    self.structures = structures
  }

  public var sill: Double { structures.reduce(nugget) { $0 + $1.sill } }

  /// gamma at a distance of h > 0 pixels.
  public func value(_ h: Double) -> Double {
    structures.reduce(nugget) { $0 + $1.sill * Self.rise($1.shape, h / $1.lengthPixels) }
  }

  /// Covariance at a distance; at 0 the whole sill.
  public func covariance(_ h: Double) -> Double { h == 0 ? sill : sill - value(h) }

  private static func rise(_ shape: Structure.Shape, _ x: Double) -> Double {
    switch shape {
    case .exponential: -expm1(-x)
    case .gaussian: -expm1(-x * x)
    }
  }

  /// The model nearest to a measured variogram of a variable with variance 1, with sill 1.
  ///
  /// The sills of a nugget and of structures of lengths from half a pixel to the longest lag
  /// minimize the sum of squared relative errors, weighted by 1 / h, and none is negative
  /// (coordinate descent).
  public init(fitting variogram: MapVariogram) {
    let lags = variogram.values.indices.filter { variogram.values[$0] > 0 }
    var candidates: [Structure] = []
    var length = 0.5
    while length <= Double(max(1, variogram.values.count)) {
      candidates.append(Structure(shape: .exponential, sill: 0, lengthPixels: length))
      candidates.append(Structure(shape: .gaussian, sill: 0, lengthPixels: length))
      length *= 1.25
    }
    // One column a candidate; the first is the nugget. Rows are divided by the measured value.
    let weights = lags.map { 1 / Double($0 + 1).squareRoot() }
    let columns =
      [lags.indices.map { weights[$0] / variogram.values[lags[$0]] }]
      + candidates.map { candidate in
        lags.indices.map { row in
          weights[row]
            * Self.rise(candidate.shape, Double(lags[row] + 1) / candidate.lengthPixels)
            / variogram.values[lags[row]]
        }
      }
    let sills = Self.nonNegativeLeastSquares(columns, target: weights)
    nugget = sills[0]
    structures = zip(candidates, sills.dropFirst()).compactMap { candidate, sill in
      guard sill > 1e-6 else { return nil }
      return Structure(shape: candidate.shape, sill: sill, lengthPixels: candidate.lengthPixels)
    }
    fill()
  }

  /// Makes the sill 1 at the expense of the longest structures, which the map shows least of: what the
  /// measured lags do not reach is added to them, and what a trend adds beyond 1 is taken from them.
  private mutating func fill() {
    structures.sort { $0.lengthPixels < $1.lengthPixels }
    if sill < 1 {
      if structures.isEmpty {
        nugget = 1
      } else {
        structures[structures.count - 1].sill += 1 - sill
      }
    }
    while sill > 1 + 1e-9, let last = structures.last {
      let kept = max(0, last.sill - (sill - 1))
      structures[structures.count - 1].sill = kept
      if kept == 0 { structures.removeLast() }
    }
    nugget = min(nugget, 1)
  }

  /// Coefficients, none negative, that bring the sum of columns nearest to the target.
  private static func nonNegativeLeastSquares(_ columns: [[Double]], target: [Double]) -> [Double] {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let gram = columns.map { a in columns.map { dot(a, $0) } }
    let projected = columns.map { dot($0, target) }
    var result = [Double](repeating: 0, count: columns.count)
    for _ in 0..<2000 {
      var change = 0.0
      for index in columns.indices where gram[index][index] > 0 {
        let slope = projected[index] - dot(gram[index], result)
        let next = max(0, result[index] + slope / gram[index][index])
        change = max(change, abs(next - result[index]))
        result[index] = next
      }
      if change < 1e-9 { break }
    }
    return result
  }
}
