import Foundation
import Kernel

/// Repulsive forces between many points, by interpolation on a grid.
///
/// The sum of q = 1 / (1 + d^2) over all points is a field, and its slope is the force, since the
/// gradient of q is -2 q^2 d. Each point is spread over 4 x 4 grid nodes with cubic B-splines; a
/// convolution makes the field at the nodes, and the same splines interpolate the field and its
/// slope at the points. The smoothing by the splines is divided out of the kernel's transform. With
/// the largest spacing, forces are within 1.1 % (root mean square) of the exact ones; those of a
/// quadtree with theta 0.5 are within 1.3 %.
/// Source: Linderman, Rachh, Hoskins, Steinerberger and Kluger, Nature Methods 16 (2019); splines
/// and slope: Essmann et al., Journal of Chemical Physics 103 (1995).
struct GridRepulsion: Sendable {
  /// The largest distance between grid nodes.
  static let largestSpacing = 0.6
  /// Nodes, of both edges together, that only the splines of the outermost points reach.
  private static let margin = 4
  private static let smallestSide = 32

  /// Distance between nodes.
  private var spacing = 0.0
  private var side = 0
  private var convolution: PlaneConvolution?
  private var grid: [Double] = []
  private var half = PlaneConvolution.HalfSpectrum()

  /// Sums of q over all other points, and forces as `Repulsion.exact` defines them.
  /// - Returns: `false`, with nothing changed, if points lie so far apart that the grid would have
  ///   more than 32 nodes per point (a tree is cheaper then), or if a coordinate is not finite.
  mutating func callAsFunction(
    x: [Float], y: [Float], kernelSums: inout [Double], repulsion: inout [SIMD2<Float>],
    threads: Int
  ) -> Bool {
    guard let xBounds = Self.bounds(x), let yBounds = Self.bounds(y) else { return false }
    let low = SIMD2(xBounds.low, yBounds.low)
    let high = SIMD2(xBounds.high, yBounds.high)
    let extent = (high - low).max()
    guard let wanted = Self.side(extent: extent, count: x.count) else { return false }
    let convolution = prepared(side: wanted, extent: extent, threads: threads)
    // The points' middle comes to the grid's.
    let origin = (low + high) / 2 - SIMD2(repeating: Double(side - 1) * spacing / 2)
    spread(x, y, origin)
    convolution(&grid, &half, threads: threads)
    let (side, spacing) = (side, spacing)
    grid.withUnsafeBufferPointer { grid in
      kernelSums.withUnsafeMutableBufferPointer { kernels in
        let kernels = kernels.baseAddress!
        repulsion.withUnsafeMutableBufferPointer { forces in
          let forces = forces.baseAddress!
          Parallel.forEach(x.count, piece: 256, threads: threads) { range in
            for i in range {
              let sample = Self.field(
                grid.baseAddress!, side,
                at: (SIMD2(Double(x[i]), Double(y[i])) - origin) / spacing)
              kernels[i] = sample.value - 1
              forces[i] = SIMD2<Float>(sample.slope * (-0.5 / spacing))
            }
          }
        }
      }
    }
    return true
  }

  /// Nodes along an edge of the grid, a power of two; `nil` if they would be too many.
  static func side(extent: Double, count: Int) -> Int? {
    var side = smallestSide
    while Double(side - margin) * largestSpacing < extent {
      side *= 2
      if side * side > 32 * count { return nil }
    }
    return side
  }

  /// `nil` if a value is not finite.
  private static func bounds(_ values: [Float]) -> (low: Double, high: Double)? {
    var (low, high) = (Float.infinity, -Float.infinity)
    for value in values {
      guard value.isFinite else { return nil }
      (low, high) = (min(low, value), max(high, value))
    }
    return (Double(low), Double(high))
  }

  // MARK: Grid

  /// The convolution with q for a grid of this side; chooses its spacing and makes it anew where
  /// the one at hand does not serve.
  private mutating func prepared(
    side wanted: Int, extent: Double, threads: Int
  ) -> PlaneConvolution {
    // Far below the kernel's width cubic splines are exact, and a finer grid only loses digits.
    let needed = max(extent / Double(wanted - Self.margin), 1e-3)
    if let convolution, wanted == side, needed <= spacing, needed >= 0.8 * spacing {
      return convolution
    }
    let transform =
      convolution.flatMap { wanted == side ? $0.transform : nil }
      ?? FourierTransform(length: 2 * wanted)
    if wanted != side { grid = [Double](repeating: 0, count: wanted * wanted) }
    // Some room to grow, since another spacing needs another transform of the kernel.
    (side, spacing) = (wanted, min(Self.largestSpacing, needed * 1.05))
    let made = PlaneConvolution(
      side: side, transform: transform,
      spectrum: Self.spectrum(
        side: side, spacing: spacing, transform: transform, threads: threads))
    convolution = made
    return made
  }

  /// The transform of q between nodes, less the smoothing by the splines, which is done twice.
  private static func spectrum(
    side: Int, spacing: Double, transform: FourierTransform, threads: Int
  ) -> [Double] {
    let period = 2 * side
    var quarter = [Double](repeating: 0, count: (side + 1) * (side + 1))
    for row in 0...side {
      for column in 0...side {
        let (dx, dy) = (Double(column) * spacing, Double(row) * spacing)
        quarter[row * (side + 1) + column] = 1 / (1 + dx * dx + dy * dy)
      }
    }
    var spectrum = PlaneConvolution.spectrum(
      of: quarter, side: side, transform: transform, threads: threads)
    // A cubic B-spline at the nodes is 1/6, 4/6, 1/6.
    let smoothing = (0..<period).map { k in
      let value = (2 + cos(2 * Double.pi * Double(k) / Double(period))) / 3
      return value * value
    }
    let scale = 1 / Double(period * period)
    for row in 0...side {
      for column in 0..<period {
        spectrum[row * period + column] *= scale / (smoothing[row] * smoothing[column])
      }
    }
    return spectrum
  }

  /// Spreads one of each point over the nodes. One thread: the order of sums is part of the result.
  private mutating func spread(_ x: [Float], _ y: [Float], _ origin: SIMD2<Double>) {
    let (side, spacing) = (side, spacing)
    grid.withUnsafeMutableBufferPointer { grid in
      grid.update(repeating: 0)
      for i in x.indices {
        let place = (SIMD2(Double(x[i]), Double(y[i])) - origin) / spacing
        let cell = place.rounded(.down)
        let weights = Self.splines(place - cell)
        var node = grid.baseAddress! + (Int(cell.y) - 1) * side + Int(cell.x) - 1
        for row in 0..<4 {
          let sum = Self.load(node) + weights.y[row] * weights.x
          UnsafeMutableRawPointer(node).storeBytes(of: sum, as: SIMD4<Double>.self)
          node += side
        }
      }
    }
  }

  /// The field and its slope, per node distance, at a place given in node distances.
  @inline(__always)
  private static func field(
    _ grid: UnsafePointer<Double>, _ side: Int, at place: SIMD2<Double>
  ) -> (value: Double, slope: SIMD2<Double>) {
    let cell = place.rounded(.down)
    let offset = place - cell
    let weights = splines(offset)
    let slopes = splineSlopes(offset)
    var node = grid + (Int(cell.y) - 1) * side + Int(cell.x) - 1
    var (along, across) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    for row in 0..<4 {
      let values = load(node)
      along += weights.y[row] * values
      across += slopes.y[row] * values
      node += side
    }
    return (
      (along * weights.x).sum(), SIMD2((along * slopes.x).sum(), (across * weights.x).sum())
    )
  }

  @inline(__always)
  private static func load(_ node: UnsafePointer<Double>) -> SIMD4<Double> {
    UnsafeRawPointer(node).loadUnaligned(as: SIMD4<Double>.self)
  }

  // MARK: Splines

  /// Cubic B-splines of the four nodes around an offset in [0, 1) in each axis.
  @inline(__always)
  private static func splines(_ t: SIMD2<Double>) -> (x: SIMD4<Double>, y: SIMD4<Double>) {
    let r = 1 - t
    let first = r * r * r / 6
    let last = t * t * t / 6
    let second = 2.0 / 3 - t * t + 3 * last
    let third = 1 - first - second - last
    return (
      SIMD4(first.x, second.x, third.x, last.x), SIMD4(first.y, second.y, third.y, last.y)
    )
  }

  /// Their derivatives.
  @inline(__always)
  private static func splineSlopes(_ t: SIMD2<Double>) -> (x: SIMD4<Double>, y: SIMD4<Double>) {
    let r = 1 - t
    let first = -0.5 * r * r
    let last = 0.5 * t * t
    let second = 3 * last - 2 * t
    let third = -first - second - last
    return (
      SIMD4(first.x, second.x, third.x, last.x), SIMD4(first.y, second.y, third.y, last.y)
    )
  }
}
