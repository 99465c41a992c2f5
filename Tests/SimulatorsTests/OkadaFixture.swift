import Foundation
import Simulators
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

  struct Rectangle: Decodable, Sendable {
    var dipDegrees: Double
    var poissonRatio: Double
    var lengthMeters: Double
    var widthMeters: Double
    var topDepthMeters: Double
    var strikeSlip: Double
    var dipSlip: Double
    var opening: Double
    var points: [Point]

    /// With slips in m taken as m/yr.
    func source(strikeDegrees: Double) throws -> OkadaDislocation {
      try OkadaDislocation(
        .init(
          eastMeters: 0, northMeters: 0, topDepthMeters: topDepthMeters, lengthMeters: lengthMeters,
          widthMeters: widthMeters, strikeDegrees: strikeDegrees, dipDegrees: dipDegrees),
        strikeSlipCMPerYear: strikeSlip * 100, dipSlipCMPerYear: dipSlip * 100,
        openingCMPerYear: opening * 100, poissonRatio: poissonRatio)
    }
  }

  /// A circular crack under a pressure equal to the shear modulus.
  struct Crack: Decodable, Sendable {
    struct Point: Decodable, Sendable {
      var distanceMeters: Double
      var outward: Double
      var up: Double
    }

    var depthMeters: Double
    var radiusMeters: Double
    var poissonRatio: Double
    var volumeCubicMeters: Double
    var points: [Point]
  }

  var spheres: [Sphere]

  static func load() throws -> OkadaFixture {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("okada.json")))
    return try JSONDecoder().decode(OkadaFixture.self, from: data)
  }

  static func rectangles() throws -> [Rectangle] {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("okada-rectangles.json")))
    return try JSONDecoder().decode([String: [Rectangle]].self, from: data)["rectangles"] ?? []
  }

  static func cracks() throws -> [Crack] {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("penny-crack.json")))
    return try JSONDecoder().decode([String: [Crack]].self, from: data)["cracks"] ?? []
  }
}

/// The largest part's magnitude.
func largest(_ vector: SIMD3<Double>) -> Double {
  max(abs(vector.x), abs(vector.y), abs(vector.z))
}
