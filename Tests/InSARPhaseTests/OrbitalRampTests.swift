import Testing

@testable import InSARPhase
@testable import Kernel

@Suite struct OrbitalRampTests {
  @Test func aPlaneRisesToTheEastAndToTheNorth() {
    let plane = OrbitalRamp.radians([2, 10], width: 4, height: 3)
    func at(_ row: Int, _ column: Int) -> Float { plane[row * 4 + column] }
    #expect(abs(at(0, 3) - at(0, 2) - 2.0 / 4) < 1e-6, "a is the rise over the width, eastward")
    #expect(abs(at(0, 0) - at(1, 0) - 10.0 / 3) < 1e-6, "b is the rise over the height, northward")
    #expect(abs(plane.reduce(0, +)) < 1e-5, "the mean is 0")
  }

  @Test func aPlaneHasNoSecondDifferencesAndAQuadraticOneConstantOnes() {
    let surface = OrbitalRamp.radians([1, 2, 3, 4, 5], width: 8, height: 8)
    func at(_ row: Int, _ column: Int) -> Float { surface[row * 8 + column] }
    for row in 1..<7 {
      for column in 1..<7 {
        let xx = at(row, column + 1) - 2 * at(row, column) + at(row, column - 1)
        let yy = at(row + 1, column) - 2 * at(row, column) + at(row - 1, column)
        #expect(abs(xx - 2 * 3 / 64) < 1e-5)
        #expect(abs(yy - 2 * 5 / 64) < 1e-5)
      }
    }
  }

  @Test func coefficientsAreDrawnByShape() {
    var ramp = OrbitalRamp()
    func draw(_ ramp: OrbitalRamp, meters: Double = 30_000) -> [Double] {
      ramp.coefficients(CounterRandom(3, .testInput), widthMeters: meters, heightMeters: 10_000)
    }
    #expect(draw(ramp).count == 2)
    let plane = draw(ramp)
    ramp.shape = .quadratic
    let surface = draw(ramp)
    #expect(surface.count == 5 && Array(surface[0..<2]) == plane)
    // A gradient of the ground: three times as much phase over three times the distance.
    let far = draw(ramp, meters: 90_000)
    #expect(abs(far[0] / surface[0] - 3) < 1e-12 && far[1] == surface[1])
    ramp.deviationRadians = 2
    #expect(draw(ramp) == draw(ramp, meters: 90_000))
    ramp.deviationRadians = 0
    #expect(draw(ramp)[0] == 0)
  }
}
