/// Repulsive forces between all points, with the Student-t kernel q = 1 / (1 + d^2).
///
/// Source: van der Maaten, JMLR 15 (2014), equation 8 and section 4.
enum Repulsion {
  /// Sums over all other points: of q, and of q^2 (own - other).
  struct Sums {
    var kernel: Double
    var x: Float
    var y: Float
  }

  /// Sums over every other point. `x` and `y` are padded to a multiple of eight with infinity.
  @inline(__always)
  static func exact(
    x: UnsafePointer<Float>, y: UnsafePointer<Float>, count: Int, at i: Int
  ) -> Sums {
    var (forceX, forceY) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
    var kernel = 0.0
    for block in stride(from: 0, to: count, by: 256) {
      var part = SIMD8<Float>.zero
      for start in stride(from: block, to: min(count, block + 256), by: 8) {
        add(x + start, y + start, x[i], y[i], &part, &forceX, &forceY)
      }
      kernel += Double(part.sum())
    }
    // The point itself contributes 1 to the kernel sum and nothing to the force.
    return Sums(kernel: kernel - 1, x: forceX.sum(), y: forceY.sum())
  }

  /// Approximate sums: a cell with a ratio of side to distance below `theta` is treated as one
  /// point.
  /// - Parameter i: the point's index in Morton order.
  @inline(__always)
  static func barnesHut(
    _ nodes: UnsafeBufferPointer<QuadTree.Node>, x: UnsafePointer<Float>,
    y: UnsafePointer<Float>, at i: Int, squaredTheta: Float
  ) -> Sums {
    let (px, py) = (x[i], y[i])
    var (forceX, forceY) = (Float.zero, Float.zero)
    var (laneX, laneY) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
    var lanes = SIMD8<Float>.zero
    var kernel: Float = 0
    var number = 0
    let total = nodes.count
    while number < total {
      let node = nodes[number]
      let dx = px - node.x
      let dy = py - node.y
      let squared = dx * dx + dy * dy
      if node.squaredSide < squaredTheta * squared {
        let q = 1 / (1 + squared)
        let weighted = node.pointCount * q
        kernel += weighted
        forceX += weighted * q * dx
        forceY += weighted * q * dy
        number = Int(node.next)
      } else if node.isLeaf {
        var start = Int(node.first)
        let end = Int(node.end)
        while start + 8 <= end {
          add(x + start, y + start, px, py, &lanes, &laneX, &laneY)
          start += 8
        }
        if start < end {
          addPart(x + start, y + start, end - start, px, py, &lanes, &laneX, &laneY)
        }
        number = Int(node.next)
      } else {
        number += 1
      }
    }
    return Sums(
      kernel: Double(kernel + lanes.sum()) - 1, x: forceX + laneX.sum(), y: forceY + laneY.sum())
  }

  /// Eight points at once.
  @inline(__always)
  private static func add(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ px: Float, _ py: Float,
    _ kernel: inout SIMD8<Float>, _ forceX: inout SIMD8<Float>, _ forceY: inout SIMD8<Float>
  ) {
    let dx = px - load(x)
    let dy = py - load(y)
    let q = 1 / (1 + dx * dx + dy * dy)
    let squared = q * q
    kernel += q
    // A padding point is infinitely far: q is 0, and 0 times infinity must not be added.
    forceX += (squared * dx).replacing(with: 0, where: squared .== 0)
    forceY += (squared * dy).replacing(with: 0, where: squared .== 0)
  }

  /// The first `count` of eight points; the others belong to other cells.
  @inline(__always)
  private static func addPart(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int, _ px: Float, _ py: Float,
    _ kernel: inout SIMD8<Float>, _ forceX: inout SIMD8<Float>, _ forceY: inout SIMD8<Float>
  ) {
    let inside = laneNumbers .< SIMD8(repeating: Int32(count))
    let dx = (px - load(x)).replacing(with: 0, where: .!inside)
    let dy = (py - load(y)).replacing(with: 0, where: .!inside)
    let q = (1 / (1 + dx * dx + dy * dy)).replacing(with: 0, where: .!inside)
    let squared = q * q
    kernel += q
    forceX += squared * dx
    forceY += squared * dy
  }

  private static let laneNumbers = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
}
