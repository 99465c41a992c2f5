import Foundation
import TestSupport

/// Displacements by the independent implementation that scripts/fixtures/okada/ calls.
struct OkadaFixture: Decodable {
  struct Point: Decodable, Sendable {
    var x: Double
    var y: Double
    var u: [Double]
  }

  struct Sphere: Decodable, Sendable {
    var depthMeters: Double
    var poissonRatio: Double
    var volumeCubicMeters: Double
    var points: [Point]
  }

  var spheres: [Sphere]

  static func load() throws -> OkadaFixture {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("okada.json")))
    return try JSONDecoder().decode(OkadaFixture.self, from: data)
  }
}
