import Testing

@testable import NeighborEmbedding

@Suite struct NearestNeighborsTests {
  @Test func theyAgreeWithSciPy() throws {
    let fixture = try TSNEFixture.load()
    let nearest = try NearestNeighbors(within: fixture.matrixOfPoints(), count: 5, threads: 2)
    #expect(nearest.indices == fixture.nearest.flatMap { $0 })
  }

  @Test func equallyNearOnesComeByNumberAndThePointItselfNever() throws {
    let points = try PointMatrix([0, 0, 0, 1, 5], count: 5, dimension: 1)
    let nearest = try NearestNeighbors(within: points, count: 2)
    #expect(nearest.indices == [1, 2, 0, 2, 0, 1, 0, 1, 3, 0])
    #expect(nearest.distances.suffix(2) == [4, 5])
  }

  @Test func queriesMayBeReferences() throws {
    let points = try blobs([40], dimension: 3)
    let nearest = try NearestNeighbors(of: points, among: points, count: 1)
    #expect(nearest.indices == (0..<40).map { $0 })
    #expect(nearest.distances.allSatisfy { $0 == 0 })
  }

  @Test func threadsDoNotMatter() throws {
    let points = try blobs([300, 257], dimension: 9)
    let one = try NearestNeighbors(within: points, count: 17, threads: 1)
    let many = try NearestNeighbors(within: points, count: 17, threads: 5)
    #expect(one.indices == many.indices && one.distances == many.distances)
  }

  @Test func tooFewAndUnequalPointsAreRefused() throws {
    let points = try blobs([4], dimension: 2)
    #expect {
      try NearestNeighbors(within: points, count: 4)
    } throws: { "\($0)".contains("needs at least 5 points, and there are 4") }
    let other = try blobs([4], dimension: 3)
    #expect(throws: TSNEError.self) { try NearestNeighbors(of: points, among: other, count: 1) }
  }
}
