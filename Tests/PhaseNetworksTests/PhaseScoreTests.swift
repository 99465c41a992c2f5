import InSARPhase
import Testing

@testable import PhaseNetworks

@Suite struct PhaseScoreTests {
  private let sample = PhaseSample([
    "wrapped": [0, 1, 2, 3, 0, 1, 2, 3, .nan], "unwrapped": [0, 1, 2, 3, 0, 1, 2, 3, .nan],
    "clean": [0, 1, 2, 3, 0, 1, 2, 3, 0],
    "coherence": [0.1, 0.1, 0.4, 0.4, 0.4, 0.4, 0.9, 1, 0],
  ])!
  private let regions: [Int32] = [1, 1, 1, 1, 2, 2, 2, 2, 0]

  private func score(_ filtered: [Float], _ whole: [Float], _ stated: [Float]?) -> PhaseScore {
    var sum = PhaseScoreSum("test")
    sum.add(
      sample, filteredRadians: filtered, unwrappedRadians: whole, uncertaintyRadians: stated,
      regions: regions, cpuSeconds: 8e-6)
    return sum.result
  }

  @Test func aConstantOfEachRegionIsNoError() {
    let turn = 2 * Float.pi
    let truth: [Float] = [0, 1, 2, 3, 0, 1, 2, 3, .nan]
    let whole = truth.indices.map { truth[$0] + ($0 < 4 ? 3 : -1) * turn }
    let score = score(truth, whole, nil)
    #expect(
      score.all.pixels == 8 && score.all.wrongCycles == 0 && score.all.filteredRMSRadians == 0)
    #expect(abs(score.cpuMillisecondsPerMegapixel - 1000) < 1e-6)
    #expect(score.groups.map(\.pixels) == [2, 4, 2])
  }

  @Test func wrongCyclesAndErrorsAreCountedByCoherence() {
    var filtered: [Float] = [0, 1, 2, 3, 0, 1, 2, 3, .nan]
    filtered[2] += 0.6
    var whole = filtered
    whole[3] += 2 * .pi
    let score = score(filtered, whole, filtered.map { _ in 0.5 })
    #expect(score.groups.map(\.wrongCycles) == [0, 0.25, 0])
    #expect(abs(score.groups[1].filteredRMSRadians - 0.3) < 1e-5)
    #expect(score.reliability.count == 1)
    #expect(abs(score.reliability[0].statedRadians - 0.5) < 1e-5)
    // Seven errors of 0 and one of 0.6.
    #expect(abs(score.reliability[0].foundRadians - 0.2111) < 1e-3)
  }
}
