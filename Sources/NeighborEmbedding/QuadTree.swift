/// A quadtree over points in the plane, for approximate sums over distant points.
///
/// Points are sorted along the Morton curve, so the points of a cell are contiguous. Nodes are in
/// depth-first order and know the end of their subtree, so a traversal needs no stack.
/// Source: Barnes and Hut, Nature 324 (1986); van der Maaten, JMLR 15 (2014), section 4.
struct QuadTree {
  struct Node {
    /// Center of mass.
    var x: Float
    var y: Float
    var pointCount: Float
    /// Squared side of the cell, also for a leaf.
    var squaredSide: Float
    /// The node after this subtree.
    var next: Int32
    /// Its points in Morton order.
    var first: Int32
    var end: Int32
    var isLeaf: Bool
  }

  /// Maximum number of points in a leaf: summing one SIMD vector is cheaper than a further
  /// division.
  static let leafSize = 8
  /// Maximum depth of the tree.
  static let depth = 16

  private(set) var nodes: [Node] = []
  /// Indices of points in Morton order.
  private(set) var order: [Int32] = []
  /// Coordinates in Morton order, padded with eight points at infinity.
  private(set) var x: [Float] = []
  private(set) var y: [Float] = []
  private var keys: [UInt64] = []
  private var spareKeys: [UInt64] = []

  /// Rebuilds the tree and reuses the arrays. Coordinates must be finite.
  mutating func build(x px: [Float], y py: [Float]) {
    let count = px.count
    var (lowX, highX, lowY, highY) = (px[0], px[0], py[0], py[0])
    for i in 1..<max(1, count) {
      (lowX, highX) = (min(lowX, px[i]), max(highX, px[i]))
      (lowY, highY) = (min(lowY, py[i]), max(highY, py[i]))
    }
    let side = max(highX - lowX, highY - lowY, Float.leastNormalMagnitude * 1e8) * 1.0001
    sort(px, py, lowX, lowY, scale: Float(1 << Self.depth) / side)
    if x.count != count + 8 {
      x = [Float](repeating: .infinity, count: count + 8)
      y = x
    }
    for n in 0..<count {
      x[n] = px[Int(order[n])]
      y[n] = py[Int(order[n])]
    }
    nodes.removeAll(keepingCapacity: true)
    addNode(0, count, level: 0, side: side)
  }

  /// Sorts by the Morton code of each point's cell; the point's index is in the low 32 bits.
  private mutating func sort(
    _ px: [Float], _ py: [Float], _ lowX: Float, _ lowY: Float, scale: Float
  ) {
    let count = px.count
    if keys.count != count {
      keys = [UInt64](repeating: 0, count: count)
      spareKeys = keys
      order = [Int32](repeating: 0, count: count)
    }
    let last = Float((1 << Self.depth) - 1)
    for i in 0..<count {
      let column = UInt32(min(last, (px[i] - lowX) * scale))
      let row = UInt32(min(last, (py[i] - lowY) * scale))
      keys[i] = UInt64(Self.spread(column) | Self.spread(row) << 1) << 32 | UInt64(i)
    }
    // Radix sort, 11 bits at a time; stable, so equal codes remain in order of their indices.
    for shift in [32, 43, 54] as [UInt64] {
      var places = [Int](repeating: 0, count: 2049)
      for key in keys { places[Int((key >> shift) & 2047) + 1] += 1 }
      for digit in 0..<2048 { places[digit + 1] += places[digit] }
      for key in keys {
        let digit = Int((key >> shift) & 2047)
        spareKeys[places[digit]] = key
        places[digit] += 1
      }
      swap(&keys, &spareKeys)
    }
    for n in 0..<count { order[n] = Int32(truncatingIfNeeded: keys[n] & 0xFFFF_FFFF) }
  }

  /// The bits of a 16-bit number with a zero after each.
  private static func spread(_ value: UInt32) -> UInt32 {
    var v = value
    v = (v | v << 8) & 0x00FF_00FF
    v = (v | v << 4) & 0x0F0F_0F0F
    v = (v | v << 2) & 0x3333_3333
    return (v | v << 1) & 0x5555_5555
  }

  /// Adds the node of points `first..<end` and its subtree; returns its index.
  @discardableResult
  private mutating func addNode(_ first: Int, _ end: Int, level: Int, side: Float) -> Int {
    let number = nodes.count
    let count = end - first
    nodes.append(
      Node(
        x: 0, y: 0, pointCount: Float(count), squaredSide: side * side, next: 0,
        first: Int32(first), end: Int32(end), isLeaf: true))
    var (sumX, sumY) = (0.0, 0.0)
    if count <= Self.leafSize || level == Self.depth {
      for n in first..<end {
        sumX += Double(x[n])
        sumY += Double(y[n])
      }
    } else {
      nodes[number].isLeaf = false
      let shift = UInt64(32 + 2 * (Self.depth - 1 - level))
      var start = first
      for digit in 0..<4 as Range<UInt64> {
        var stop = start
        // Keys are sorted and agree above this digit.
        while stop < end, (keys[stop] >> shift) & 3 == digit { stop += 1 }
        guard stop > start else { continue }
        let child = addNode(start, stop, level: level + 1, side: side / 2)
        let mass = Double(nodes[child].pointCount)
        sumX += mass * Double(nodes[child].x)
        sumY += mass * Double(nodes[child].y)
        start = stop
      }
    }
    nodes[number].x = Float(sumX / Double(count))
    nodes[number].y = Float(sumY / Double(count))
    nodes[number].next = Int32(nodes.count)
    return number
  }
}
