import Foundation
import Kernel
import TestSupport

@testable import NeighborEmbedding

/// What scripts/fixtures/make_tsne.py wrote.
struct TSNEFixture: Decodable {
  var count: Int
  var dimension: Int
  var points: [Float]
  var variances: [Double]
  var nearest: [[Int32]]
  var affinities: [Double]
  var picture: [Float]
  var kernelTotal: Double
  var repulsion: [Double]
  var divergence: Double
  var matrix: [Double]
  var eigenvalues: [Double]

  static func load() throws -> TSNEFixture {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("tsne.json")))
    return try JSONDecoder().decode(TSNEFixture.self, from: data)
  }

  func matrixOfPoints() throws -> PointMatrix {
    try PointMatrix(points, count: count, dimension: dimension)
  }
}

/// Gaussian blobs with known members.
func blobs(
  _ counts: [Int], dimension: Int, spread: Double = 1, distance: Double = 10, seed: UInt64 = 1
) throws -> PointMatrix {
  var values: [Float] = []
  var random = CounterRandom(seed, .testInput)
  for count in counts {
    let center = (0..<dimension).map { _ in distance * random.normal() }
    for _ in 0..<count { values += center.map { Float($0 + spread * random.normal()) } }
  }
  return try PointMatrix(values, count: counts.reduce(0, +), dimension: dimension)
}
