import Foundation
import Kernel

/// The layout of an embedding during optimization: gradient descent with momentum and gains.
///
/// Points are stored in the Morton order of an earlier iteration, so that nearby points are near
/// each other in memory; sums over all points use the original order of the points.
/// Source: van der Maaten and Hinton, JMLR 9 (2008), section 3.4; gains: Jacobs, Neural Networks 1
/// (1988).
struct EmbeddingLayout {
  private let settings: TSNE
  private let count: Int
  /// The affinities in the current order of the points.
  private var affinities: Affinities
  /// The original index of each point.
  private var numbers: [Int32]
  private var x: [Float]
  private var y: [Float]
  private var velocity: [SIMD2<Float>]
  private var gain: [SIMD2<Float>]
  private var tree = QuadTree()
  private var grid = GridRepulsion()
  private var kernelSums: [Double]
  private var repulsion: [SIMD2<Float>]
  private var iteration = 0

  init(_ affinities: Affinities, start: [Float], settings: TSNE) {
    self.settings = settings
    self.affinities = affinities
    count = affinities.count
    numbers = (0..<Int32(count)).map { $0 }
    x = (0..<count).map { start[2 * $0] }
    y = (0..<count).map { start[2 * $0 + 1] }
    velocity = Array(repeating: .zero, count: count)
    gain = Array(repeating: .one, count: count)
    kernelSums = Array(repeating: 0, count: count)
    repulsion = Array(repeating: .zero, count: count)
  }

  /// [2 * count] in the original order of the points.
  var positions: [Float] {
    var result = [Float](repeating: 0, count: 2 * count)
    for n in 0..<count {
      result[2 * Int(numbers[n])] = x[n]
      result[2 * Int(numbers[n]) + 1] = y[n]
    }
    return result
  }

  private var isExact: Bool { count <= settings.exactUpTo }

  /// Does one iteration.
  mutating func step(exaggeration: Double) {
    if isExact {
      repelExactly()
    } else {
      // Points are reordered often while the layout forms, and rarely later.
      let reorders = iteration == 50 || iteration % 100 == 0
      if reorders { reorder() }
      if !repelByGrid() {
        if !reorders { tree.build(x: x, y: y) }
        repelByTree()
      }
    }
    iteration += 1
    let kernelTotal = kernelSums.reduce(0, +)
    move(
      exaggeration: Float(exaggeration), repulsionScale: Float(1 / max(kernelTotal, 1e-300)),
      rate: Float(Double(count) / exaggeration))
    center()
  }

  private mutating func repelExactly() {
    let padded = (count + 7) / 8 * 8
    let px = x + [Float](repeating: .infinity, count: padded - count)
    let py = y + [Float](repeating: .infinity, count: padded - count)
    let (count, threads) = (count, settings.threads)
    kernelSums.withUnsafeMutableBufferPointer { kernels in
      let kernels = kernels.baseAddress!
      repulsion.withUnsafeMutableBufferPointer { forces in
        let forces = forces.baseAddress!
        px.withUnsafeBufferPointer { px in
          py.withUnsafeBufferPointer { py in
            Parallel.forEach(count, piece: 64, threads: threads) { range in
              for i in range {
                let sums = Repulsion.exact(
                  x: px.baseAddress!, y: py.baseAddress!, count: padded, at: i)
                kernels[i] = sums.kernel
                forces[i] = SIMD2(sums.x, sums.y)
              }
            }
          }
        }
      }
    }
  }

  /// Returns whether the grid is to be used and can be.
  private mutating func repelByGrid() -> Bool {
    count >= settings.gridFrom
      && grid(
        x: x, y: y, kernelSums: &kernelSums, repulsion: &repulsion, threads: settings.threads)
  }

  private mutating func repelByTree() {
    let (count, threads) = (count, settings.threads)
    let squaredTheta = Float(settings.theta * settings.theta)
    let tree = tree
    kernelSums.withUnsafeMutableBufferPointer { kernels in
      let kernels = kernels.baseAddress!
      repulsion.withUnsafeMutableBufferPointer { forces in
        let forces = forces.baseAddress!
        tree.nodes.withUnsafeBufferPointer { nodes in
          tree.x.withUnsafeBufferPointer { tx in
            tree.y.withUnsafeBufferPointer { ty in
              tree.order.withUnsafeBufferPointer { order in
                Parallel.forEach(count, piece: 128, threads: threads) { range in
                  for n in range {
                    let sums = Repulsion.barnesHut(
                      nodes, x: tx.baseAddress!, y: ty.baseAddress!, at: n,
                      squaredTheta: squaredTheta)
                    kernels[Int(order[n])] = sums.kernel
                    forces[Int(order[n])] = SIMD2(sums.x, sums.y)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Adds the attractive forces of neighbors and moves the points.
  private mutating func move(exaggeration: Float, repulsionScale: Float, rate: Float) {
    let (count, threads, momentum) = (count, settings.threads, Float(settings.momentum))
    let (affinities, oldX, oldY, repulsion) = (affinities, x, y, repulsion)
    x.withUnsafeMutableBufferPointer { newX in
      y.withUnsafeMutableBufferPointer { newY in
        velocity.withUnsafeMutableBufferPointer { velocity in
          gain.withUnsafeMutableBufferPointer { gain in
            let (newX, newY) = (newX.baseAddress!, newY.baseAddress!)
            let (velocity, gain) = (velocity.baseAddress!, gain.baseAddress!)
            Parallel.forEach(count, piece: 128, threads: threads) { range in
              for i in range {
                let pull = Self.attraction(affinities, x: oldX, y: oldY, at: i)
                let gradient = 4 * (exaggeration * pull - repulsionScale * repulsion[i])
                for axis in 0..<2 {
                  let agrees = (gradient[axis] > 0) == (velocity[i][axis] > 0)
                  gain[i][axis] = max(0.01, agrees ? gain[i][axis] * 0.8 : gain[i][axis] + 0.2)
                }
                var step = momentum * velocity[i] - rate * gain[i] * gradient
                // Limits the step, so that no point moves far out of the layout.
                let length = (step * step).sum().squareRoot()
                if length > 5 { step *= 5 / length }
                velocity[i] = step
                newX[i] = oldX[i] + step.x
                newY[i] = oldY[i] + step.y
              }
            }
          }
        }
      }
    }
  }

  /// Sum over neighbors of p q (own - other).
  @inline(__always)
  private static func attraction(
    _ affinities: Affinities, x: [Float], y: [Float], at i: Int
  ) -> SIMD2<Float> {
    let (px, py) = (x[i], y[i])
    var (sumX, sumY) = (Float.zero, Float.zero)
    for n in affinities.row(i) {
      let entry = affinities.entries[n]
      let dx = px - x[Int(entry.neighbor)]
      let dy = py - y[Int(entry.neighbor)]
      let weight = entry.value / (1 + dx * dx + dy * dy)
      sumX += weight * dx
      sumY += weight * dy
    }
    return SIMD2(sumX, sumY)
  }

  private mutating func center() {
    let meanX = Float(x.reduce(0.0) { $0 + Double($1) } / Double(count))
    let meanY = Float(y.reduce(0.0) { $0 + Double($1) } / Double(count))
    for i in 0..<count {
      x[i] -= meanX
      y[i] -= meanY
    }
  }

  /// Builds the tree and reorders the points to its order.
  private mutating func reorder() {
    tree.build(x: x, y: y)
    let order = tree.order
    affinities.renumber(order)
    numbers = order.map { numbers[Int($0)] }
    x = order.map { x[Int($0)] }
    y = order.map { y[Int($0)] }
    velocity = order.map { velocity[Int($0)] }
    gain = order.map { gain[Int($0)] }
    tree.build(x: x, y: y)
  }

  /// The KL divergence: sum of p log(p / q) with q over all pairs.
  func klDivergence() -> Double {
    var copy = self
    copy.repelExactly()
    let logTotal = log(copy.kernelSums.reduce(0, +))
    var sum = 0.0
    for i in 0..<count {
      for n in affinities.row(i) {
        let p = Double(affinities.entries[n].value)
        guard p > 0 else { continue }
        let j = Int(affinities.entries[n].neighbor)
        let dx = Double(x[i] - x[j])
        let dy = Double(y[i] - y[j])
        sum += p * (log(p) + log(1 + dx * dx + dy * dy) + logTotal)
      }
    }
    return sum
  }
}
