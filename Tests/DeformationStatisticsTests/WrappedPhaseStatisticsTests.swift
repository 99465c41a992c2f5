import Foundation
import Kernel
import Testing

@testable import DeformationStatistics

@Suite struct WrappedPhaseStatisticsTests {
  static let side = 64

  func statistics(_ phase: (Int, Int) -> Double) -> WrappedPhaseStatistics {
    let values = (0..<Self.side * Self.side).map { index in
      let value = phase(index / Self.side, index % Self.side)
      return Float(value - 2 * .pi * (value / (2 * .pi)).rounded())
    }
    return WrappedPhaseStatistics(values, width: Self.side, height: Self.side)
  }

  @Test(arguments: [(0.3, 0.0), (-0.9, 0.4), (0, 2.0)])
  func aRampIsSmoothAndHasItsFringes(east: Double, south: Double) {
    let found = statistics { Double($1) * east + Double($0) * south }
    #expect(found.residuesPerLoop == 0)
    #expect(found.smoothness.allSatisfy { abs($0 - 1) < 1e-4 })
    let expected = (east * east + south * south).squareRoot() / (2 * .pi)
    #expect(found.fringesPerPixel.count == found.smoothness.count)
    #expect(found.fringesPerPixel.allSatisfy { abs(Double($0) - expected) < 1e-4 })
  }

  /// A loop of independent phases has a residue with probability 1/3.
  @Test func noiseHasAThirdOfAResidueInEachLoop() {
    var random = CounterRandom(1, .sheetPatches)
    let found = statistics { _, _ in random.uniform(-Double.pi...Double.pi) }
    #expect(abs(found.residuesPerLoop - 1.0 / 3) < 0.03)
    let mean = found.smoothness.reduce(0, +) / Float(found.smoothness.count)
    #expect(mean > 0.15 && mean < 0.35)
  }

  /// Independent normal phases of variance v differ by 2 v at every lag, also beyond a cycle.
  @Test(arguments: [0.04, 0.5, 1.5])
  func theStructureFunctionIsNotLimitedByWrapping(variance: Double) {
    var random = CounterRandom(2, .sheetPatches)
    let found = statistics { _, _ in random.normal() * variance.squareRoot() }
    for (sum, count) in found.cosines {
      let value = WrappedPhaseStatistics.structure(meanCosine: sum / Double(count))
      #expect(abs(value / (2 * variance) - 1) < 0.2, "\(value)")
    }
    #expect(found.lagsPixels == [1, 2, 4, 8, 16, 32])
  }

  @Test func missingPixelsAreLeftOut() {
    let whole = statistics { Double($1) * 0.2 + Double($0) * 0.1 }
    let holes = statistics { $0 == 20 || $1 == 31 ? .nan : Double($1) * 0.2 + Double($0) * 0.1 }
    #expect(holes.residuesPerLoop == 0 && holes.smoothness.count < whole.smoothness.count)
    #expect(holes.smoothness.allSatisfy { $0 > 0.999 })
    let empty = statistics { _, _ in .nan }
    #expect(empty.residuesPerLoop.isNaN && empty.smoothness.isEmpty)
  }
}
