import Foundation

/// The minimum-cost flow of `UnwrappedPhase`: how many turns each wrapped difference lacks.
///
/// The nodes are the loops of four pixels, [height + 1, width + 1] with those beyond the rim, which
/// are one node, the ground; loops around one hole without data are one node too. The charge of a
/// node is the number of turns that are left over around it. A turn more on an edge moves one unit of
/// charge across it. Charges go to the nearest opposite ones, or to the ground, along shortest paths
/// (successive shortest paths with potentials, so the result is the optimum).
/// Source: Ahuja, Magnanti and Orlin, "Network Flows", 1993, section 9.7.
final class CycleFlow {
  private let width: Int
  private let height: Int
  /// Loops per row.
  private let stride: Int
  /// Wrapped phase; 0 where there are no data.
  private let phase: [Float]
  private let isValid: [Bool]
  private let costs: CycleCosts
  /// Turns beyond the likeliest of the edges to the right, then of those down.
  private var flow: [Int16]
  /// The node of each loop.
  private var node: [Int32]
  /// The loops of nodes that are several, except the ground.
  private var members: [Int32: [Int32]] = [:]
  private var charge: [Int32]
  private var potential: [Int32]

  // Of the search in progress.
  private var distance: [Int32]
  private var arrival: [Int32]
  private var seen: [Int32] = []
  private var heap = SearchHeap()

  private static let far = Int32.max
  private static let ground: Int32 = 0

  init(_ wrappedRadians: [Float], _ costs: CycleCosts) {
    (width, height) = (costs.width, costs.height)
    stride = width + 1
    self.costs = costs
    isValid = wrappedRadians.map(\.isFinite)
    phase = wrappedRadians.map { $0.isFinite ? $0 : 0 }
    flow = [Int16](repeating: 0, count: 2 * phase.count)
    let loops = (height + 1) * stride
    node = (0..<Int32(loops)).map { $0 }
    charge = [Int32](repeating: 0, count: loops)
    potential = charge
    distance = [Int32](repeating: Self.far, count: loops)
    arrival = charge
    mergeNodes()
    addCharges()
  }

  /// The difference in whole turns from a pixel to its right neighbor.
  func step(right pixel: Int) -> Int32 {
    turns(pixel, pixel + 1) + Int32(costs.right[pixel].cycles) + Int32(flow[pixel])
  }

  /// The same to the pixel below.
  func step(down pixel: Int) -> Int32 {
    turns(pixel, pixel + width) + Int32(costs.down[pixel].cycles)
      + Int32(flow[phase.count + pixel])
  }

  /// (wrapped difference - difference) / 2 pi.
  private func turns(_ from: Int, _ to: Int) -> Int32 {
    let difference = phase[to] - phase[from]
    return difference >= .pi ? -1 : difference < -.pi ? 1 : 0
  }

  // MARK: - Nodes

  private func find(_ loop: Int32) -> Int32 {
    var root = loop
    while node[Int(root)] != root { root = node[Int(root)] }
    var next = loop
    while next != root {
      let after = node[Int(next)]
      node[Int(next)] = root
      next = after
    }
    return root
  }

  private func merge(_ a: Int, _ b: Int) {
    let (first, second) = (find(Int32(a)), find(Int32(b)))
    // The smallest number stands for a node, so the ground, which has loop 0, is node 0.
    if first < second { node[Int(second)] = first } else { node[Int(first)] = second }
  }

  private func mergeNodes() {
    for column in 0...width {
      merge(0, column)
      merge(0, height * stride + column)
    }
    for row in 0...height {
      merge(0, row * stride)
      merge(0, row * stride + width)
    }
    for row in 0..<height {
      for column in 0..<width where !isValid[row * width + column] {
        // The four loops around a pixel without data.
        let loop = row * stride + column
        merge(loop, loop + 1)
        merge(loop, loop + stride)
        merge(loop, loop + stride + 1)
      }
    }
    for loop in node.indices {
      let root = find(Int32(loop))
      guard root != Self.ground, root != Int32(loop) else { continue }
      // Loops that are all hole have no edge to leave by.
      var list = members[root] ?? (touchesData(Int(root)) ? [root] : [])
      if touchesData(loop) { list.append(Int32(loop)) }
      members[root] = list
    }
  }

  /// Whether one of the pixels around a loop has data.
  private func touchesData(_ loop: Int) -> Bool {
    let (row, column) = (loop / stride, loop % stride)
    for y in max(0, row - 1)..<min(height, row + 1) {
      for x in max(0, column - 1)..<min(width, column + 1) where isValid[y * width + x] {
        return true
      }
    }
    return false
  }

  private func addCharges() {
    for row in 0..<height {
      for column in 0..<width {
        let pixel = row * width + column
        if column + 1 < width {
          let step = step(right: pixel)
          charge[Int(node[(row + 1) * stride + column + 1])] += step
          charge[Int(node[row * stride + column + 1])] -= step
        }
        if row + 1 < height {
          let step = step(down: pixel)
          charge[Int(node[(row + 1) * stride + column])] += step
          charge[Int(node[(row + 1) * stride + column + 1])] -= step
        }
      }
    }
  }

  // MARK: - Flow

  func solve() {
    // The ground takes any charge, so positive ones go to negative ones or to the ground, and those
    // that are left come from the ground.
    for start in charge.indices.dropFirst() where charge[start] > 0 {
      while charge[start] > 0 { discharge(Int32(start), forward: true) }
    }
    for start in charge.indices.dropFirst() where charge[start] < 0 {
      while charge[start] < 0 { discharge(Int32(start), forward: false) }
    }
  }

  /// Moves one unit from `start` (or to it, unless `forward`) along the cheapest path.
  private func discharge(_ start: Int32, forward: Bool) {
    distance[Int(start)] = 0
    seen = [start]
    heap.removeAll()
    heap.push(0, start)
    var end = Self.ground
    var last: Int32 = 0
    while let (key, current) = heap.pop() {
      guard key == distance[Int(current)] else { continue }
      let opposite = forward ? charge[Int(current)] < 0 : charge[Int(current)] > 0
      if current == Self.ground || (opposite && current != start) {
        (end, last) = (current, key)
        break
      }
      if let loops = members[current] {
        for loop in loops { relax(Int(loop), of: current, key, forward) }
      } else {
        relax(Int(current), of: current, key, forward)
      }
    }
    // Without an opposite charge or a way to the ground there is no path: impossible, as every loop
    // is connected to the ground across edges between valid pixels or through holes.
    for place in seen where distance[Int(place)] < last {
      potential[Int(place)] += (distance[Int(place)] - last) * (forward ? 1 : -1)
    }
    var place = end
    while place != start {
      let arc = arrival[Int(place)]
      let (edge, up) = (Int(arc >> 1), arc & 1 == 1)
      flow[edge] += up ? 1 : -1
      let ends = loops(of: edge, up: up)
      place = node[forward ? ends.from : ends.to]
    }
    charge[Int(start)] += forward ? -1 : 1
    charge[Int(end)] += forward ? 1 : -1
    for place in seen { distance[Int(place)] = Self.far }
  }

  /// Tries the four edges around a loop.
  private func relax(_ loop: Int, of current: Int32, _ key: Int32, _ forward: Bool) {
    let (row, column) = (loop / stride, loop % stride)
    // Outward across the edge above, below, to the left and to the right. A turn more moves charge
    // down across an edge to the right, and to the left across an edge down.
    if row > 0, column > 0, column < width {
      tryEdge(
        (row - 1) * width + column - 1, down: false, loop - stride, current, key, forward, false)
    }
    if row < height, column > 0, column < width {
      tryEdge(row * width + column - 1, down: false, loop + stride, current, key, forward, true)
    }
    if row > 0, row < height {
      if column > 0 {
        tryEdge((row - 1) * width + column - 1, down: true, loop - 1, current, key, forward, true)
      }
      if column < width {
        tryEdge((row - 1) * width + column, down: true, loop + 1, current, key, forward, false)
      }
    }
  }

  private func tryEdge(
    _ pixel: Int, down: Bool, _ loop: Int, _ current: Int32, _ key: Int32, _ forward: Bool,
    _ outwardIsUp: Bool
  ) {
    guard isValid[pixel], isValid[pixel + (down ? width : 1)] else { return }
    let next = node[loop]
    guard next != current else { return }
    let up = outwardIsUp == forward
    let difference = potential[Int(current)] - potential[Int(next)]
    let edge = down ? phase.count + pixel : pixel
    let total = key + cost(edge, pixel, down: down, up: up) + (forward ? difference : -difference)
    guard total < distance[Int(next)] else { return }
    if distance[Int(next)] == Self.far { seen.append(next) }
    distance[Int(next)] = total
    arrival[Int(next)] = Int32(edge) << 1 | (up ? 1 : 0)
    heap.push(total, next)
  }

  /// What one turn more (or less) costs beyond what is there.
  private func cost(_ edge: Int, _ pixel: Int, down: Bool, up: Bool) -> Int32 {
    let costs = down ? self.costs.down[pixel] : self.costs.right[pixel]
    let flow = Int32(flow[edge])
    if up {
      return flow >= 0
        ? Int32(costs.up) + flow * CycleCosts.further
        : -(Int32(costs.down) + (-flow - 1) * CycleCosts.further)
    }
    return flow <= 0
      ? Int32(costs.down) - flow * CycleCosts.further
      : -(Int32(costs.up) + (flow - 1) * CycleCosts.further)
  }

  /// The loops that a turn more (or less) on an edge moves charge from and to.
  private func loops(of edge: Int, up: Bool) -> (from: Int, to: Int) {
    let isDown = edge >= phase.count
    let pixel = isDown ? edge - phase.count : edge
    let (row, column) = (pixel / width, pixel % width)
    let ends =
      isDown
      ? (from: (row + 1) * stride + column + 1, to: (row + 1) * stride + column)
      : (from: row * stride + column + 1, to: (row + 1) * stride + column + 1)
    return up ? ends : (ends.to, ends.from)
  }
}

/// A binary heap of nodes by distance.
private struct SearchHeap {
  private var items: [UInt64] = []

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  mutating func push(_ key: Int32, _ node: Int32) {
    items.append(UInt64(UInt32(bitPattern: key)) << 32 | UInt64(UInt32(bitPattern: node)))
    var place = items.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard items[place] < items[parent] else { return }
      items.swapAt(place, parent)
      place = parent
    }
  }

  mutating func pop() -> (Int32, Int32)? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    if !items.isEmpty {
      items[0] = last
      var place = 0
      while true {
        var least = place
        for child in [2 * place + 1, 2 * place + 2]
        where child < items.count && items[child] < items[least] { least = child }
        guard least != place else { break }
        items.swapAt(place, least)
        place = least
      }
    }
    return (Int32(bitPattern: UInt32(first >> 32)), Int32(truncatingIfNeeded: first))
  }
}
