import Testing

@testable import DeformationStatistics
@testable import Kernel

@Suite struct MemorizationTests {
  @Test(arguments: SquareSymmetry.all)
  func aTurnedCopyIsFound(symmetry: SquareSymmetry) throws {
    let training = try noisePatches(12)
    let turned = symmetry(training.patches[7], side: 16)
    let copy = turned.map { $0 + 0.25 }
    let generated = try RatePatches(name: "generated", size: 16, patches: [copy])
    let pair = try Memorization.nearestPatches(of: generated, among: training)[0]
    #expect(pair.query == 0 && pair.reference == 7)
    #expect(pair.symmetry?(turned, side: 16) == training.patches[7])
    #expect(abs(pair.distance - 0.25) < 1e-5)
  }

  /// Ruling candidates out by their means must not lose the nearest: all of them are compared here.
  @Test func itIsTheNearestOfAll() throws {
    let training = try noisePatches(30, size: 40, seed: 1)
    let generated = try noisePatches(6, size: 40, seed: 2)
    let pairs = try Memorization.nearestPatches(of: generated, among: training)
    for (query, pair) in pairs.enumerated() {
      let distances = SquareSymmetry.all.flatMap { symmetry in
        let turned = symmetry(generated.patches[query], side: 40)
        return training.patches.map { reference in
          let sum = zip(turned, reference).reduce(0.0) { sum, pixels in
            sum + Double(pixels.0 - pixels.1) * Double(pixels.0 - pixels.1)
          }
          return (sum / 1600).squareRoot()
        }
      }
      #expect(abs(pair.distance - (distances.min() ?? 0)) < 1e-5)
    }
  }

  @Test func theControlLeavesOutThePatchItself() throws {
    let training = try noisePatches(8)
    let own = try Memorization.nearestPatches(of: training, among: training)
    #expect(own.allSatisfy { $0.query == $0.reference && $0.distance == 0 })
    let control = try Memorization.nearestPatches(
      of: training, among: training, excludingSameIndex: true)
    #expect(control.allSatisfy { $0.query != $0.reference && $0.distance > 1 })
    #expect(Memorization.medianRatio(own, control: control) == 0)
    #expect(Memorization.medianRatio(control, control: control) == 1)
    #expect(Memorization.medianRatio(control, control: own) == nil)
  }

  @Test func vectorsHaveNeighborsToo() throws {
    let references: [[Float]] = [[0, 0], [3, 4], [10, 0]]
    let pairs = try Memorization.nearestVectors(of: [[3, 3], [9, 1]], among: references)
    #expect(pairs.map(\.reference) == [1, 2])
    #expect(pairs[0].distance == 1 && pairs[0].symmetry == nil)
  }

  @Test func setsThatCannotBeComparedAreRefused() throws {
    #expect(throws: DeformationStatisticsError.self) {
      try Memorization.nearestPatches(of: noisePatches(1), among: noisePatches(1, size: 8))
    }
    let one = try noisePatches(1)
    #expect(throws: DeformationStatisticsError.tooFewPatches(set: "noise", count: 1, needed: 2)) {
      try Memorization.nearestPatches(of: one, among: one, excludingSameIndex: true)
    }
    #expect(throws: DeformationStatisticsError.self) {
      try Memorization.nearestVectors(of: [[1, 2]], among: [[1]])
    }
    #expect(throws: DeformationStatisticsError.self) {
      try Memorization.nearestVectors(of: [[1, 2]], among: [])
    }
  }
}
