import Foundation
import InSARPhase
import Kernel
import Testing

@Suite struct LineOfSightTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var line: (incidence: Double, heading: Double, look: LineOfSight.LookDirection)
    var unit: SIMD3<Double>
    var testDescription: String { name }
  }

  /// Written down by hand from the geometry: where the satellite stands, seen from the ground.
  static let table = [
    Case(name: "nadir", line: (0, 35, .right), unit: SIMD3(0, 0, 1)),
    Case(
      name: "flying north, looking right: the satellite is west", line: (30, 0, .right),
      unit: SIMD3(-0.5, 0, 0.8660254038)),
    Case(
      name: "flying south, looking right: the satellite is east", line: (30, 180, .right),
      unit: SIMD3(0.5, 0, 0.8660254038)),
    Case(
      name: "flying east, looking right: the satellite is north", line: (30, 90, .right),
      unit: SIMD3(0, 0.5, 0.8660254038)),
    Case(
      name: "flying north, looking left: the satellite is east", line: (30, 0, .left),
      unit: SIMD3(0.5, 0, 0.8660254038)),
    Case(
      name: "Sentinel-1 ascending", line: (39, -12, .right),
      unit: SIMD3(-0.6155678, -0.1308433, 0.7771460)),
    Case(
      name: "Sentinel-1 descending", line: (39, -168, .right),
      unit: SIMD3(0.6155678, -0.1308433, 0.7771460)),
  ]

  @Test(arguments: table) func unitVectorPointsToTheSatellite(entry: Case) throws {
    let line = try LineOfSight(
      incidenceDegrees: entry.line.incidence, headingDegrees: entry.line.heading,
      look: entry.line.look)
    let difference = line.unitVector - entry.unit
    #expect((difference * difference).sum().squareRoot() < 1e-6)
  }

  @Test func towardTheSatelliteIsPositive() {
    for line in [LineOfSight.sentinel1Ascending, .sentinel1Descending, .vertical] {
      #expect(line.project(SIMD3(0, 0, 1)) > 0.7, "uplift is positive")
      #expect(line.project(SIMD3(0, 0, -1)) < -0.7, "subsidence is negative")
      #expect(abs(line.project(line.unitVector) - 1) < 1e-12)
    }
    #expect(LineOfSight.sentinel1Ascending.project(SIMD3(1, 0, 0)) < 0, "east is away, ascending")
    #expect(LineOfSight.sentinel1Descending.project(SIMD3(1, 0, 0)) > 0)
  }

  @Test func theVectorHasLengthOneInEveryDirection() throws {
    var random = CounterRandom(3, .testInput)
    for _ in 0..<100 {
      let line = try LineOfSight(
        incidenceDegrees: random.uniform(0...89.9), headingDegrees: random.uniform(-360...360),
        look: random.uniform() < 0.5 ? .left : .right)
      #expect(abs((line.unitVector * line.unitVector).sum() - 1) < 1e-12)
      #expect(line.unitVector.z > 0)
    }
  }

  @Test func planesProjectLikePoints() throws {
    let line = LineOfSight.sentinel1Descending
    let planes = try line.project(east: [1, 0, .nan], north: [0, 2, 0], up: [0.5, 0, 0])
    #expect(abs(Double(planes[0]) - line.project(SIMD3(1, 0, 0.5))) < 1e-6)
    #expect(abs(Double(planes[1]) - line.project(SIMD3(0, 2, 0))) < 1e-6)
    #expect(planes[2].isNaN)
  }

  @Test func planesOfDifferentSizesAreAnError() {
    #expect(
      throws: InSARPhaseError.sizesDiffer(quantity: "the up component", expected: 2, got: 1)
    ) {
      try LineOfSight.vertical.project(east: [0, 0], north: [0, 0], up: [0])
    }
  }

  @Test(arguments: [-1.0, 90, 120, .nan, .infinity])
  func anIncidenceOutOfRangeIsAnError(degrees: Double) {
    #expect(throws: InSARPhaseError.self) {
      try LineOfSight(incidenceDegrees: degrees, headingDegrees: 0)
    }
  }

  @Test func aHeadingThatIsNoNumberIsAnError() {
    #expect(throws: InSARPhaseError.self) {
      try LineOfSight(incidenceDegrees: 30, headingDegrees: .nan)
    }
  }
}
