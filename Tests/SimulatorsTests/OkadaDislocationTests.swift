import Foundation
import Testing

@testable import Simulators

@Suite struct OkadaDislocationTests {
  func fault(
    top: Double = 1000, dip: Double = 60, length: Double = 8000, width: Double = 5000,
    strike: Double = 0, slip: Double = 0, thrust: Double = 0, opening: Double = 0
  ) throws -> OkadaDislocation {
    try OkadaDislocation(
      .init(
        eastMeters: 0, northMeters: 0, topDepthMeters: top, lengthMeters: length,
        widthMeters: width,
        strikeDegrees: strike, dipDegrees: dip), strikeSlipCMPerYear: slip,
      dipSlipCMPerYear: thrust,
      openingCMPerYear: opening)
  }

  /// Forty rectangles of every dip against an independent implementation of Okada 1992.
  @Test func agreesWithAnIndependentImplementation() throws {
    for (index, rectangle) in try OkadaFixture.rectangles().enumerated() {
      let source = try rectangle.source(strikeDegrees: 90)
      for point in rectangle.points {
        // Striking east, x is east and y, to the left of it, north.
        let rate = source.rateCMPerYear(eastMeters: point.x, northMeters: point.y)
        let expected = SIMD3(point.u[0], point.u[1], point.u[2]) * 100
        let tolerance = 1e-6 * largest(expected) + 1e-9
        #expect(largest(rate - expected) < tolerance, "rectangle \(index) at \(point)")
      }
    }
  }

  @Test func theGridHoldsTheSameRates() throws {
    let grid = try SceneGrid(width: 9, height: 7, pixelSizeMeters: 1700)
    let source = try fault(strike: 33, slip: 1, thrust: -2, opening: 3)
    let field = DeformationField(grid: grid, sources: [source, source])
    for (row, column) in [(0, 0), (3, 8), (6, 4)] {
      let rate = source.rateCMPerYear(
        eastMeters: grid.eastMeters(column: column), northMeters: grid.northMeters(row: row))
      let pixel = row * grid.width + column
      #expect(abs(field.eastCMPerYear[pixel] - Float(2 * rate.x)) < 1e-5)
      #expect(abs(field.northCMPerYear[pixel] - Float(2 * rate.y)) < 1e-5)
      #expect(abs(field.upCMPerYear[pixel] - Float(2 * rate.z)) < 1e-5)
    }
  }

  /// Dips of 0 and 90 degrees are what slightly other dips tend to.
  @Test(arguments: [(0.0, 1e-4), (90.0, 90 - 1e-3)])
  func flatAndUprightPlanesAreLimits(dip: Double, near: Double) throws {
    for (slip, thrust, opening) in [(1.0, 0.0, 0.0), (0, 1, 0), (0, 0, 1)] {
      let exact = try fault(dip: dip, slip: slip, thrust: thrust, opening: opening)
      let close = try fault(dip: near, slip: slip, thrust: thrust, opening: opening)
      for (east, north) in [(300.0, 900.0), (-4000, 2000), (9000, -7000)] {
        let a = exact.rateCMPerYear(eastMeters: east, northMeters: north)
        let b = close.rateCMPerYear(eastMeters: east, northMeters: north)
        #expect(largest(a - b) < 1e-4)
      }
    }
  }

  /// A fault that breaks the surface steps by its slip across the trace; on it stands the mean.
  @Test func theTraceIsTheMeanOfBothSides() throws {
    let source = try fault(top: 0, dip: 90, length: 40_000, width: 10_000, slip: 2)
    func north(_ east: Double) -> Double {
      source.rateCMPerYear(eastMeters: east, northMeters: 0).y
    }
    #expect(abs(north(1e-3) - north(-1e-3) - 2) < 1e-3)
    #expect(abs(north(0) - (north(1e-3) + north(-1e-3)) / 2) < 1e-6)
    #expect(north(1000) > 0, "left-lateral: the right-hand side moves along strike")
  }

  /// A thrust dipping to the right of its strike lifts the ground above it.
  @Test func aThrustLiftsItsHangingWall() throws {
    let source = try fault(top: 500, dip: 35, thrust: 1)
    #expect(source.rateCMPerYear(eastMeters: 2000, northMeters: 0).z > 0.1)
    #expect(source.rateCMPerYear(eastMeters: 2000, northMeters: 0).x < 0)
  }

  @Test(arguments: [0.0, 37, 90]) func everyPointOfAnOutlineIsFinite(dip: Double) throws {
    let source = try fault(
      top: dip == 0 ? 1 : 0, dip: dip, length: 4000, width: 2000, slip: 1, thrust: 1, opening: 1)
    let across = 2000 * cos(dip * .pi / 180)
    for north in [-2000.0, -1999.9, 0, 2000, 2500] {
      for east in [0.0, 1e-9, across, -5, across / 2] {
        let rate = source.rateCMPerYear(eastMeters: east, northMeters: north)
        #expect(largest(rate) < 50, "\(east), \(north)")
        #expect(rate.x.isFinite && rate.y.isFinite && rate.z.isFinite)
      }
    }
  }

  /// A dyke: outward motion on both sides and a trough above it.
  @Test func aDykePushesOutwardAndSinksAbove() throws {
    let dyke = try OkadaDislocation.dyke(
      eastMeters: 0, northMeters: 0, topDepthMeters: 1000, bottomDepthMeters: 4000,
      lengthMeters: 10_000, strikeDegrees: 0, openingCMPerYear: 50)
    #expect(dyke.widthMeters == 3000)
    #expect(dyke.rateCMPerYear(eastMeters: 3000, northMeters: 0).x > 1)
    #expect(dyke.rateCMPerYear(eastMeters: -3000, northMeters: 0).x < -1)
    let above = dyke.rateCMPerYear(eastMeters: 0, northMeters: 0).z
    #expect(above < dyke.rateCMPerYear(eastMeters: 3000, northMeters: 0).z)
  }

  /// The volume under the surface above an opening sheet: all of the sheet's, by incompressible flow,
  /// for a horizontal one (its displacement does not depend on Poisson's ratio).
  @Test func aSillLiftsItsVolume() throws {
    let sill = try OkadaDislocation.sill(
      eastMeters: 100_000, northMeters: 100_000, depthMeters: 2000, lengthMeters: 3000,
      widthMeters: 1500, strikeDegrees: 20, openingCMPerYear: 100)
    let grid = try SceneGrid(width: 400, height: 400, pixelSizeMeters: 500)
    let field = DeformationField(grid: grid, sources: [sill])
    let volume = field.upCMPerYear.reduce(0.0) { $0 + Double($1) } / 100 * 500 * 500
    #expect(abs(volume / (3000 * 1500) - 1) < 0.01)
    let middle = sill.rateCMPerYear(eastMeters: 100_000, northMeters: 100_000)
    #expect(abs(middle.x) < 1e-9 && abs(middle.y) < 1e-9)
  }

  @Test func whatCannotBeIsAnErrorThatSaysWhy() throws {
    #expect(throws: SimulatorError.self) { try fault(top: -1) }
    #expect(throws: SimulatorError.self) { try fault(dip: 91) }
    #expect(throws: SimulatorError.self) { try fault(dip: -40) }
    #expect(throws: SimulatorError.self) { try fault(length: 0) }
    #expect(throws: SimulatorError.self) { try fault(slip: .nan) }
    do {
      _ = try fault(top: 0, dip: 0, width: -1)
      Issue.record("a horizontal plane on the surface was made")
    } catch {
      #expect("\(error)".contains("is at the surface") && "\(error)".contains("widthMeters"))
    }
  }
}
