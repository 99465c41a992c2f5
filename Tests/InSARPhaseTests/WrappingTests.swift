import InSARPhase
import Kernel
import Testing

@Suite struct WrappingTests {
  @Test func staysInTheHalfOpenIntervalAndDiffersByWholeTurns() {
    var random = CounterRandom(1, .testInput)
    for _ in 0..<2000 {
      let phase = Float(random.uniform(-2000...2000))
      let result = wrapped(phase)
      #expect(result >= -.pi && result < .pi)
      let turns = (Double(phase) - Double(result)) / (2 * .pi)
      #expect(abs(turns - turns.rounded()) < 1e-6)
    }
  }

  @Test func wrappingAgainChangesNothing() {
    var random = CounterRandom(2, .testInput)
    for _ in 0..<2000 {
      let once = wrapped(Float(random.uniform(-50...50)))
      #expect(wrapped(once) == once)
    }
  }

  @Test(arguments: [-Float.pi, -3.1415925, -1, 0, 0.5, 3.1415923])
  func leavesWrappedPhasesAlone(phase: Float) { #expect(wrapped(phase) == phase) }

  @Test func theUpperEndBelongsToTheLower() {
    #expect(wrapped(.pi) == -.pi)
    #expect(wrapped(Float.pi.nextUp) == -.pi)
    #expect(wrapped((-Float.pi).nextDown) == -.pi)
  }

  @Test func manyWrapBitForBitAsOneAlone() {
    var random = CounterRandom(6, .testInput)
    var phases = (0..<20_000).map { _ in Float(random.uniform(-3000...3000)) }
    phases += [.pi, -.pi, Float.pi.nextUp, (-Float.pi).nextDown, 3 * .pi, 0, -0.0]
    // The rule in plain double precision, both ends closed to -Float.pi.
    let turn = 2 * Double.pi
    let expected = phases.map { phase in
      let value = Double(phase)
      let rest = Float(value - turn * ((value + .pi) / turn).rounded(.down))
      return rest >= .pi || rest < -.pi ? -Float.pi : rest
    }
    #expect(wrapped(phases).map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(phases.map { wrapped($0).bitPattern } == expected.map(\.bitPattern))
  }

  @Test func noDataStaysNoDataAndInfinityBecomesIt() {
    let phases = wrapped([Float.nan, .infinity, -.infinity, 7])
    #expect(phases[0].isNaN && phases[1].isNaN && phases[2].isNaN)
    #expect(abs(phases[3] - (7 - 2 * .pi)) < 1e-6)
  }
}
