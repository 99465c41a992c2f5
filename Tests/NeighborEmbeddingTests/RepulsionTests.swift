import Testing

@testable import NeighborEmbedding

@Suite struct RepulsionTests {
  @Test func theExactSumsAgreeWithNumPy() throws {
    let fixture = try TSNEFixture.load()
    let padding = [Float](repeating: .infinity, count: 1)
    let x = (0..<31).map { fixture.picture[2 * $0] } + padding
    let y = (0..<31).map { fixture.picture[2 * $0 + 1] } + padding
    var total = 0.0
    for i in 0..<31 {
      let sums = Repulsion.exact(x: x, y: y, count: 32, at: i)
      total += sums.kernel
      #expect(abs(Double(sums.x) - fixture.repulsion[2 * i]) < 1e-5)
      #expect(abs(Double(sums.y) - fixture.repulsion[2 * i + 1]) < 1e-5)
    }
    #expect(abs(total - fixture.kernelTotal) < 1e-4)
  }

  /// With theta 0 every cell is opened, so nothing may be left out or counted twice.
  @Test(arguments: [0, 0.5] as [Float])
  func theTreeAgreesWithAllPairs(theta: Float) throws {
    let points = try blobs([500, 300, 3], dimension: 2, spread: 3)
    let px = (0..<points.count).map { points.values[2 * $0] }
    let py = (0..<points.count).map { points.values[2 * $0 + 1] }
    var tree = QuadTree()
    tree.build(x: px, y: py)
    #expect(tree.order.sorted() == (0..<Int32(803)).map { $0 })
    let padding = [Float](repeating: .infinity, count: 5)
    var (worst, largest) = (Float.zero, Float.zero)
    for n in 0..<points.count {
      let exact = Repulsion.exact(
        x: px + padding, y: py + padding, count: 808, at: Int(tree.order[n]))
      let near = tree.nodes.withUnsafeBufferPointer {
        Repulsion.barnesHut($0, x: tree.x, y: tree.y, at: n, squaredTheta: theta * theta)
      }
      #expect(abs(near.kernel - exact.kernel) < (theta == 0 ? 1e-4 : 0.03) * exact.kernel)
      worst = max(worst, abs(near.x - exact.x), abs(near.y - exact.y))
      largest = max(largest, abs(exact.x), abs(exact.y))
    }
    #expect(worst < (theta == 0 ? 1e-4 : 0.05) * largest)
  }

  @Test func equalPointsShareALeaf() {
    var tree = QuadTree()
    tree.build(x: [Float](repeating: 2, count: 50), y: [Float](repeating: -1, count: 50))
    let sums = tree.nodes.withUnsafeBufferPointer {
      Repulsion.barnesHut($0, x: tree.x, y: tree.y, at: 3, squaredTheta: 0.25)
    }
    #expect(sums.kernel == 49 && sums.x == 0 && sums.y == 0)
  }
}
