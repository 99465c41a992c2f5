import Foundation
import Kernel
import Testing

@testable import DeformationStatistics

@Suite struct ChannelCouplingTests {
  private let side = 32
  private let bootstrap: Bootstrap
  init() throws { bootstrap = try Bootstrap(resamples: 20) }

  private func noise(_ seed: UInt64, count: Int) -> [[Float]] {
    (0..<count).map { map in
      var random = CounterRandom(seed, .testInput, UInt64(map))
      return (0..<side * side).map { _ in Float(random.normal()) }
    }
  }

  private func set(_ name: String, _ patches: [[Float]]) throws -> RatePatches {
    try RatePatches(name: name, size: side, patches: patches)
  }

  /// Gaussian values with correlation r have -log2(1 - r^2) / 2 bits, of which 16 bins keep most.
  @Test(arguments: [0.3, -0.6, 0.9]) func correlatedNoise(r: Double) throws {
    let (a, c) = (noise(1, count: 24), noise(2, count: 24))
    let b = zip(a, c).map { a, c in
      zip(a, c).map { Float(r) * $0 + Float((1 - r * r).squareRoot()) * $1 }
    }
    let found = try ChannelCoupling(set("a", a), set("b", b), bootstrap: bootstrap)
    let bits = -log2(1 - r * r) / 2
    let measured = try #require(found.mutualInformationBits.measured)
    #expect(measured.value < bits + 0.02 && measured.value > 0.9 * bits - 0.02)
    #expect(abs(try #require(found.mutualInformationBits.shuffled).value) < 0.005)
    #expect(found.bands.map(\.longestPixels) == [32, 16, 8, 4])
    for band in found.bands.dropFirst() {
      #expect(abs(try #require(band.correlation.measured).value - r) < 0.1)
      #expect(abs(try #require(band.correlation.shuffled).value) < 0.1)
    }
    // Few pixels: the interval is that of a plug-in estimate, whose bias is about 0.01 here.
    let low = try #require(measured.low)
    #expect(low <= measured.value + 0.01 && low > 0)
  }

  @Test func onlySharedWavelengthsAreCorrelated() throws {
    // Waves of 16 px in both, of opposite sign; other waves of 5 px.
    func waves(_ long: Float, _ phase: Float) -> [[Float]] {
      noise(phase == 0 ? 3 : 4, count: 6).enumerated().map { map, noise in
        noise.indices.map { index in
          let (x, y) = (Float(index % side), Float(index / side))
          return long * sinf(2 * .pi * x / 12 + Float(map)) + sinf(2 * .pi * y / 5 + phase)
            + 0.1 * noise[index]
        }
      }
    }
    let found = try ChannelCoupling(
      set("a", waves(1, 0)), set("b", waves(-1, 1.6)), bootstrap: bootstrap)
    #expect(try #require(found.bands[1].correlation.measured).value < -0.95)
    #expect(abs(try #require(found.bands[2].correlation.measured).value) < 0.25)
    #expect(try #require(found.bands[1].squaredCoherence.measured).value > 0.9)
  }

  /// Offsets of whole maps make pixels dependent, but not within maps.
  @Test func mapsThatDifferAsAWholeAreToldApartFromStructure() throws {
    func offset(_ maps: [[Float]]) -> [[Float]] {
      maps.enumerated().map { map, values in values.map { $0 + Float(10 * (map % 2)) } }
    }
    let found = try ChannelCoupling(
      set("a", offset(noise(5, count: 12))), set("b", offset(noise(6, count: 12))),
      bootstrap: bootstrap)
    #expect(try #require(found.mutualInformationBits.measured).value > 0.9)
    #expect(abs(try #require(found.mutualInformationWithinMapsBits.measured).value) < 0.01)
  }

  @Test func constantMapsHaveNoValue() throws {
    let flat = [[Float]](repeating: [Float](repeating: 1, count: side * side), count: 3)
    let found = try ChannelCoupling(
      set("a", noise(7, count: 3)), set("b", flat), bootstrap: bootstrap)
    #expect(found.bands.allSatisfy { $0.correlation.measured == nil })
    #expect(found.mutualInformationWithinMapsBits.measured == nil)
    #expect(throws: DeformationStatisticsError.self) {
      try ChannelCoupling(set("a", noise(7, count: 1)), set("b", [flat[0]]), bootstrap: bootstrap)
    }
  }

  /// Of counts 2, 1, 1, 4 in two by two bins: H(row) = 0.9544, H(column) = 0.9544, H(joint) = 1.75 bits,
  /// and a correction of (2 + 2 - 4 - 1) / 16 nats.
  @Test func mutualInformationByHand() throws {
    var joint = [Double](repeating: 0, count: 256)
    (joint[0], joint[1], joint[16], joint[17]) = (2, 1, 1, 4)
    let expected = 2 * 0.954434 - 1.75 - 1.0 / 16 / log(2)
    #expect(abs(try #require(MutualInformation.bits(joint)) - expected) < 1e-5)
  }
}
