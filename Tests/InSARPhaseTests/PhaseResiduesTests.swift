import Foundation
import InSARPhase
import Kernel
import Testing

@Suite struct PhaseResiduesTests {
  @Test func aPhaseWithoutNoiseHasNone() {
    let phase = (0..<900).map { wrapped(Float($0 % 30) * 2.9 - Float($0 / 30) * 0.4) }
    #expect(PhaseResidues.fraction(of: phase, width: 30) == 0)
  }

  @Test func aVortexHasOne() {
    // The phase turns once around the middle of the four pixels in the middle.
    let phase = (0..<36).map { atan2f(Float($0 / 6) - 2.5, Float($0 % 6) - 2.5) }
    #expect(abs(PhaseResidues.fraction(of: phase, width: 6) - 1.0 / 25) < 1e-12)
    var holed = phase
    holed[14] = .nan
    #expect(PhaseResidues.fraction(of: holed, width: 6) == 0)
  }

  @Test func aThirdOfRandomLoops() {
    var random = CounterRandom(3, .testInput)
    let phase = (0..<40_000).map { _ in Float(random.uniform(-Double.pi...Double.pi)) }
    #expect(abs(PhaseResidues.fraction(of: phase, width: 200) - 1.0 / 3) < 0.01)
  }

  @Test func imagesWithoutLoops() {
    #expect(PhaseResidues.fraction(of: [], width: 0) == 0)
    #expect(PhaseResidues.fraction(of: [1, 2, 3], width: 3) == 0)
  }
}
