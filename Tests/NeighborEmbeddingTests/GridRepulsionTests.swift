import Testing

@testable import NeighborEmbedding

@Suite struct GridRepulsionTests {
  /// Blobs in the plane, with the forces between all pairs.
  private struct Plane {
    var x: [Float]
    var y: [Float]

    init(_ counts: [Int], spread: Double, distance: Double) throws {
      let points = try blobs(counts, dimension: 2, spread: spread, distance: distance)
      x = (0..<points.count).map { points.values[2 * $0] }
      y = (0..<points.count).map { points.values[2 * $0 + 1] }
    }

    /// Sums over all pairs, for every seventh point.
    func exact() -> [(point: Int, sums: Repulsion.Sums)] {
      let padding = [Float](repeating: .infinity, count: (8 - x.count % 8) % 8)
      let (px, py) = (x + padding, y + padding)
      return stride(from: 0, to: x.count, by: 7).map {
        ($0, Repulsion.exact(x: px, y: py, count: px.count, at: $0))
      }
    }

    /// `nil` if the grid does not serve.
    func interpolated(threads: Int = 2) -> (kernelSums: [Double], forces: [SIMD2<Float>])? {
      var kernelSums = [Double](repeating: -1, count: x.count)
      var forces = [SIMD2<Float>](repeating: .zero, count: x.count)
      var grid = GridRepulsion()
      let serves = grid(
        x: x, y: y, kernelSums: &kernelSums, repulsion: &forces, threads: threads)
      return serves ? (kernelSums, forces) : nil
    }
  }

  /// Root mean square of the forces' errors, over that of the forces; and the error of the sum of
  /// all q, over that sum.
  private func errors(_ plane: Plane) throws -> (forces: Double, total: Double) {
    let found = try #require(plane.interpolated())
    var (error, size, total, foundTotal) = (0.0, 0.0, 0.0, 0.0)
    for (point, sums) in plane.exact() {
      let expected = SIMD2(Double(sums.x), Double(sums.y))
      let force = found.forces[point]
      let difference = SIMD2(Double(force.x), Double(force.y)) - expected
      error += (difference * difference).sum()
      size += (expected * expected).sum()
      total += sums.kernel
      foundTotal += found.kernelSums[point]
    }
    return ((error / size).squareRoot(), abs(foundTotal / total - 1))
  }

  /// From a first layout (1e-4 wide) to a finished one, and with nodes as far apart as they get.
  @Test(arguments: [
    (1e-5, 1e-4, 1e-5), (0.01, 0.1, 1e-5), (1, 1, 1e-3), (2, 6, 5e-3), (4, 14, 0.012),
  ])
  func forcesAgreeWithAllPairs(spread: Double, distance: Double, bound: Double) throws {
    let errors = try errors(Plane([700, 500, 300, 501], spread: spread, distance: distance))
    #expect(errors.forces < bound)
    #expect(errors.total < 5e-4)
  }

  @Test func twoFarClustersRepelEachOther() throws {
    var plane = try Plane([600, 600], spread: 1, distance: 0)
    for n in 600..<1200 { plane.x[n] += 60 }
    let errors = try errors(plane)
    #expect(errors.forces < 0.012)
    #expect(errors.total < 5e-4)
  }

  @Test func theNumberOfThreadsDoesNotChangeABit() throws {
    let plane = try Plane([900, 700], spread: 3, distance: 10)
    let one = try #require(plane.interpolated(threads: 1))
    let many = try #require(plane.interpolated(threads: 5))
    #expect(one.kernelSums == many.kernelSums && one.forces == many.forces)
  }

  @Test func equalPointsDoNotMoveApart() throws {
    var plane = try Plane([40], spread: 1, distance: 1)
    plane.x = plane.x.map { _ in 3 }
    plane.y = plane.y.map { _ in -1 }
    let found = try #require(plane.interpolated())
    #expect(found.kernelSums.allSatisfy { abs($0 - 39) < 1e-4 })
    #expect(found.forces.allSatisfy { abs($0.x) < 1e-4 && abs($0.y) < 1e-4 })
  }

  /// A grid of 32 nodes an edge holds points up to 16.8 apart, one of 64 up to 36.
  @Test func pointsTooFarApartForAGridAreLeftToTheTree() throws {
    #expect(GridRepulsion.side(extent: 16.7, count: 40) == 32)
    #expect(GridRepulsion.side(extent: 16.9, count: 40) == nil)
    #expect(GridRepulsion.side(extent: 16.9, count: 128) == 64)
    var plane = try Plane([200], spread: 1, distance: 1)
    plane.x[7] = 1e20
    #expect(plane.interpolated() == nil)
    plane.x[7] = .nan
    #expect(plane.interpolated() == nil)
  }

  /// One grid for a picture that grows: its nodes move apart, and then it gets more of them.
  @Test func aGrowingPictureKeepsItsAccuracy() throws {
    let start = try Plane([900, 1100], spread: 0.5, distance: 1)
    var grid = GridRepulsion()
    var kernelSums = [Double](repeating: 0, count: 2000)
    var forces = [SIMD2<Float>](repeating: .zero, count: 2000)
    for factor in [1, 1.04, 1.3, 8, 9] as [Float] {
      var plane = start
      plane.x = start.x.map { factor * $0 }
      plane.y = start.y.map { factor * $0 }
      #expect(
        grid(
          x: plane.x, y: plane.y, kernelSums: &kernelSums, repulsion: &forces, threads: 2))
      let exact = plane.exact()
      let total = exact.reduce(0) { $0 + $1.sums.kernel }
      let found = exact.reduce(0) { $0 + kernelSums[$1.point] }
      #expect(abs(found / total - 1) < 5e-4)
    }
  }
}
