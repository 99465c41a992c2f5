import Foundation
import Testing

@testable import Simulators

@Suite struct PennyCrackTests {
  func crack(
    depth: Double = 3000, radius: Double = 1000, pressure: Double = 1e6
  ) throws -> PennyCrack {
    try PennyCrack(
      eastMeters: 0, northMeters: 0, depthMeters: depth, radiusMeters: radius,
      pressureRatePascalsPerYear: pressure)
  }

  /// Shallow, middling and deep cracks against squares whose opening and slip were solved for.
  @Test func agreesWithABoundaryElementSolution() throws {
    for reference in try OkadaFixture.cracks() {
      // The reference's pressure is the shear modulus.
      let source = try crack(
        depth: reference.depthMeters, radius: reference.radiusMeters, pressure: 2.3e10)
      let peak = reference.points[0].up * 100
      for point in reference.points {
        let rate = source.rateCMPerYear(eastMeters: point.distanceMeters, northMeters: 0)
        #expect(abs(rate.z - point.up * 100) < 0.005 * peak, "\(reference.depthMeters) \(point)")
        #expect(abs(rate.x - point.outward * 100) < 0.005 * peak)
      }
    }
  }

  /// Far below its radius, the volume is Sneddon's 8 (1 - nu) p a^3 / (3 mu), which in units of
  /// p / (mu / 2 (1 - nu)) is 4/3, and the opening his ellipse.
  @Test func aDeepCrackIsSneddons() {
    let solution = PennyCrackSolution(depthPerRadius: 50)
    #expect(abs(solution.volume - 4.0 / 3) < 1e-3)
    for distance in [0.0, 0.4, 0.9] {
      let expected = 2 / Double.pi * (1 - distance * distance).squareRoot()
      #expect(abs(solution.opening(at: distance).open - expected) < 2e-3)
    }
  }

  /// A deep crack's surface displacement is that of a point that opens by its volume.
  @Test func aDeepCrackLooksLikeAPoint() throws {
    let solution = PennyCrackSolution(depthPerRadius: 20)
    for distance in [0.0, 10, 30] {
      let squared = distance * distance + 400
      let point = 3 * solution.volume / (2 * .pi * pow(squared, 2.5))
      let (outward, up) = solution.surface(distance)
      #expect(abs(up / (point * 8000) - 1) < 0.01)
      if distance > 0 { #expect(abs(outward / (point * 400 * distance) - 1) < 0.01) }
    }
  }

  /// A crack much shallower than wide is a clamped plate of thickness h: w = p (a^2 - r^2)^2 / 64 D.
  @Test func aShallowCrackIsAPlate() {
    let depth = 0.2
    let solution = PennyCrackSolution(depthPerRadius: depth)
    // In units of 2 (1 - nu) p / mu: D = mu h^3 / (6 (1 - nu)).
    let plate = 1 / (64 * depth * depth * depth / 3)
    let up = solution.surface(0).up
    // Shear and the compliance of the rim make it softer than the plate.
    #expect(up > plate && up < 2.2 * plate)
    #expect(solution.opening(at: 0.5).slide < 0, "the lower face of the plate is pulled inward")
  }

  @Test func theGridIsInterpolatedFromTheProfile() throws {
    let grid = try SceneGrid(width: 41, height: 41, pixelSizeMeters: 400)
    let source = try PennyCrack(
      eastMeters: 8200, northMeters: 8200, depthMeters: 2000, radiusMeters: 2000,
      pressureRatePascalsPerYear: 1e6)
    let field = DeformationField(grid: grid, sources: [source])
    for (row, column) in [(20, 20), (20, 23), (3, 38)] {
      let rate = source.rateCMPerYear(
        eastMeters: grid.eastMeters(column: column), northMeters: grid.northMeters(row: row))
      let pixel = row * grid.width + column
      #expect(abs(Double(field.upCMPerYear[pixel]) - rate.z) < 1e-4)
      #expect(abs(Double(field.eastCMPerYear[pixel]) - rate.x) < 1e-4)
    }
  }

  @Test func whatCannotBeIsAnError() throws {
    #expect(throws: SimulatorError.self) { try crack(depth: 0) }
    #expect(throws: SimulatorError.self) { try crack(radius: -1) }
    #expect(throws: SimulatorError.self) { try crack(depth: 100, radius: 1000) }
    #expect(throws: SimulatorError.self) { try crack(pressure: .infinity) }
  }
}
