import Kernel
import Pictures
import Testing

@testable import InceptionFeatures

@Suite struct PatchClassifierTests {
  /// White noise, averaged along rows over `length` pixels and brought to one spread.
  private func images(_ count: Int, side: Int = 24, length: Int = 1, seed: UInt64) -> ImageSet {
    var random = CounterRandom(seed, .testInput)
    let scale = 30 * Double(length).squareRoot()
    var pixels: [UInt8] = []
    for _ in 0..<count * side {
      let noise = (0..<side + length).map { _ in random.normal() }
      pixels += (0..<side).map { column in
        let mean = noise[column..<column + length].reduce(0, +) / Double(length)
        return UInt8(min(255, max(0, 128 + scale * mean)))
      }
    }
    return ImageSet(
      name: "noise", count: count, width: side, height: side, channels: .gray, pixels: pixels)
  }

  @Test func textureIsTold() throws {
    let estimate = try #require(
      try PatchClassifier().accuracy(
        real: images(100, seed: 1), generated: images(100, length: 3, seed: 2)))
    #expect(estimate.value > 0.9)
    #expect(try #require(estimate.low) < estimate.value)
  }

  @Test func setsOfOneKindAreNot() throws {
    let estimate = try #require(
      try PatchClassifier().accuracy(real: images(100, seed: 1), generated: images(120, seed: 2)))
    #expect(abs(estimate.value - 0.5) < 0.15)
    let again = try PatchClassifier().accuracy(
      real: images(100, seed: 1), generated: images(120, seed: 2))
    #expect(again == estimate)
  }

  /// Larger images are seen in parts and as a whole.
  @Test func largeImagesAreTold() throws {
    let estimate = try #require(
      try PatchClassifier().accuracy(
        real: images(80, side: 80, seed: 1), generated: images(80, side: 80, length: 3, seed: 2)))
    #expect(estimate.value > 0.8)
  }

  @Test func fewOrOtherImagesGiveNothing() throws {
    let few = images(24, seed: 1)
    #expect(try PatchClassifier().accuracy(real: few, generated: few) == nil)
    #expect(
      try PatchClassifier().accuracy(
        real: images(30, seed: 1), generated: images(30, side: 20, seed: 2)) == nil)
  }
}
