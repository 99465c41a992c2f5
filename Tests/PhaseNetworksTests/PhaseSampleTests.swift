import Foundation
import InSARPhase
import Kernel
import Testing
import TorchCore

@testable import PhaseNetworks

@Suite struct PhaseSampleTests {
  @Test func theCleanPhaseKeepsItsTurns() {
    let clean: [Float] = [10, -7, 0.5, 40]
    let noise: [Float] = [1, -2, 3, 0]
    let whole = zip(clean, noise).map { $0 + $1 }
    let sample = PhaseSample([
      "wrapped": wrapped(whole), "unwrapped": whole, "clean": wrapped(clean),
      "coherence": [1, 1, 1, 1],
    ])!
    for (found, expected) in zip(sample.cleanRadians, clean) {
      #expect(abs(found - expected) < 1e-4)
    }
  }

  @Test func arraysMustBeThereAndSquare() {
    #expect(PhaseSample(["wrapped": [0]]) == nil)
    let three: [Float] = [0, 0, 0]
    #expect(
      PhaseSample(["wrapped": three, "unwrapped": three, "clean": three, "coherence": three]) == nil
    )
  }

  /// Whatever the change, the input's phase minus the truth is the sample's noise, turned and signed.
  @Test(arguments: 0..<16)
  func changesKeepTheNoise(_ number: UInt64) throws {
    var random = CounterRandom(number, .testInput)
    let side = 4
    let plane = side * side
    let clean = (0..<plane).map { _ in Float(random.uniform(-9...9)) }
    let noise = (0..<plane).map { _ in Float(random.uniform(-1...1)) }
    var whole = zip(clean, noise).map { $0 + $1 }
    whole[5] = .nan
    let sample = PhaseSample([
      "wrapped": wrapped(whole), "unwrapped": whole, "clean": wrapped(clean),
      "coherence": (0..<plane).map { Float($0) / 16 },
    ])!
    let change = SampleChange(&random, unknownCoherence: 0.5)
    let tensors = try PhaseBatch([sample], changes: [change]).tensors()
    let (input, truth) = (try tensors.input.floats(), try tensors.clean.floats())
    // The symmetry, by where it brings the numbers of pixels.
    let places = try change.turned(Tensor((0..<plane).map { Float($0) }, shape: [1, side, side]))
      .contiguous().floats().map { Int($0) }
    #expect(Set(places).count == plane)
    for (place, pixel) in places.enumerated() {
      guard pixel != 5 else {
        for channel in 0..<5 { #expect(input[channel * plane + place] == 0) }
        #expect(truth[place] == 0)
        continue
      }
      let angle = atan2f(input[plane + place], input[place])
      #expect(abs(wrapped(angle - truth[place] - change.sign * noise[pixel])) < 1e-4)
      #expect(input[3 * plane + place] == (change.knowsCoherence ? 1 : 0))
      if change.knowsCoherence {
        #expect(input[2 * plane + place] == sample.coherence[pixel])
      }
    }
  }
}
