import Kernel
import Testing

@testable import NeighborEmbedding

@Suite struct SetOverlapTests {
  private func cloud(_ count: Int, at center: Float, seed: UInt64) -> [Float] {
    var random = CounterRandom(seed, .testInput)
    return (0..<2 * count).map { _ in center + Float(random.normal()) }
  }

  @Test func oneWhereMixedAndZeroWhereApart() throws {
    let positions =
      cloud(600, at: 0, seed: 1) + cloud(200, at: 0, seed: 2) + cloud(300, at: 100, seed: 3)
    let sets =
      Array(repeating: 0, count: 600) + Array(repeating: 1, count: 200)
      + Array(repeating: 2, count: 300)
    let mixing = try SetOverlap(positions: positions, sets: sets).mixing
    #expect(abs(mixing[0][1] - 1) < 0.08)  // whatever the numbers of points
    #expect(mixing[0][2] == 0 && mixing[1][2] == 0)
    #expect(mixing[1][0] == mixing[0][1] && mixing[2][2] == 1)
  }

  @Test func halfwayLiesBetween() throws {
    let positions = cloud(300, at: 0, seed: 1) + cloud(300, at: 1.5, seed: 2)
    let sets = Array(repeating: 0, count: 300) + Array(repeating: 1, count: 300)
    let mixing = try SetOverlap(positions: positions, sets: sets).mixing
    #expect((0.1...0.7).contains(mixing[0][1]))
  }

  @Test func badSetsAreRefused() {
    #expect {
      try SetOverlap(positions: [Float](repeating: 0, count: 30), sets: (0..<15).map { $0 / 10 })
    } throws: { "\($0)".contains("set 0 has 10 points, and 10 neighbors were requested") }
    #expect(throws: TSNEError.self) { try SetOverlap(positions: [0, 0], sets: [0, 0]) }
    #expect(throws: TSNEError.self) { try SetOverlap(positions: [], sets: []) }
  }

  @Test func outliersScoreHigh() throws {
    let reference = try blobs([200], dimension: 4)
    let center = reference.point(0)
    let queries = try PointMatrix(
      Array(reference.point(5)) + center.map { $0 + 50 }, count: 2, dimension: 4)
    let scores = try OutlierScore.scores(of: queries, references: reference)
    #expect(scores[0] < 2 && scores[1] > 10)
    let own = try OutlierScore.scores(within: reference).scores.sorted()
    #expect(abs(own[100] - 1) < 1e-9)
    #expect(throws: TSNEError.allEqual(count: 10)) {
      try OutlierScore.scores(
        within: PointMatrix([Float](repeating: 1, count: 10), count: 10, dimension: 1))
    }
  }
}
