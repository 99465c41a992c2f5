import Foundation
import Kernel
import Testing

@testable import Geostatistics

struct TextureSynthesisTests {
  private func map(
    of image: TrainingImage, _ settings: TextureSynthesis.Settings = .init(), width: Int = 64,
    height: Int = 48, seed: UInt64 = 1
  ) throws -> DirectSampling.Result {
    var random = CounterRandom(seed, .testInput, 11)
    return try TextureSynthesis(image, settings: settings)
      .map(width: width, height: height, random: &random)
  }

  @Test func mapsAreMadeOfValuesOfTheImage() throws {
    let image = try DirectSamplingTests.image()
    let values = Set(image.values.filter(\.isFinite))
    let first = try map(of: image)
    let areAllOfTheImage = first.values.allSatisfy { values.contains($0) }
    #expect(first.values.count == 64 * 48 && areAllOfTheImage)
    let (again, other) = (try map(of: image), try map(of: image, seed: 2))
    #expect(again.values == first.values && other.values != first.values)
    // Larger than the image, and odd sizes.
    #expect(try map(of: image, width: 131, height: 97).values.count == 131 * 97)
    #expect(try map(of: image, width: 1, height: 1).values.count == 1)
  }

  /// Places that fit their neighbors make a map as smooth as the image, where random ones would not.
  @Test func stepsBetweenPixelsAreThoseOfTheImage() throws {
    let image = try DirectSamplingTests.image()
    let expected = MapVariogram(
      of: image.values, width: image.width, height: image.height, longestLag: 4
    ).values
    let maps = try (0..<6).map { try map(of: image, width: 64, height: 64, seed: $0).values }
    for lag in [1, 2, 4] {
      let gamma =
        maps.map { MapVariogram(of: $0, width: 64, height: 64, longestLag: 4).values[lag - 1] }
        .reduce(0, +) / 6
      #expect(abs(gamma / expected[lag - 1] - 1) < 0.35, "\(lag): \(gamma), \(expected[lag - 1])")
    }
  }

  /// A map is no window of the image: it consists of several pieces.
  @Test func noMapIsAWholeWindow() throws {
    let image = try DirectSamplingTests.image()
    var often = TextureSynthesis.Settings()
    often.redraws = 0
    let (free, limited) = try (
      (0..<4).map { try map(of: image, often, width: 32, height: 32, seed: $0).largestCopyPixels },
      (0..<4).map { try map(of: image, width: 32, height: 32, seed: $0).largestCopyPixels }
    )
    for (first, kept) in zip(free, limited) {
      #expect(kept <= first)
      // Drawn again only where the first one had too large a piece.
      #expect((kept < first) == (first > 32 * 32 / 3), "\(first), \(kept)")
    }
    #expect(limited.max()! < 32 * 32 * 3 / 4, "\(limited)")
  }

  /// Columns of an image that count from 0 to 6 go on counting: the surroundings decide, not chance.
  @Test func columnsGoOnWhereTheImageDoes() throws {
    let values = (0..<70 * 70).map { Float(($0 % 70) % 7) }
    let image = try TrainingImage(name: "stripes", width: 70, height: 70, values: values)
    let result = try map(of: image, width: 63, height: 40).values
    var counted = 0
    for pixel in result.indices where pixel % 63 > 0 {
      let step = Int(result[pixel]) - Int(result[pixel - 1])
      if (step + 7) % 7 == 1 { counted += 1 }
    }
    let share = Double(counted) / Double(40 * 62)
    #expect(share > 0.85, "\(share)")
  }

  @Test func holesAreFilledOnlyForComparison() throws {
    let image = try DirectSamplingTests.image()
    let filled = SmoothImage(filling: image)
    let data = image.values.indices.filter { !image.values[$0].isNaN }
    let areKept = data.allSatisfy { filled.values[$0] == image.values[$0] }
    #expect(areKept && filled.values.allSatisfy(\.isFinite))
    // A constant stays one under smoothing, up to its border.
    let flat = try TrainingImage(
      name: "flat", width: 40, height: 40, values: (0..<1600).map { $0 == 0 ? 1.001 : 1 })
    let smooth = SmoothImage(filling: flat).smoothed(deviationPixels: 6).values
    #expect(smooth.allSatisfy { abs($0 - 1) < 1e-3 })
  }

  @Test func settingsOutOfRangeAreNamed() throws {
    var settings = TextureSynthesis.Settings()
    settings.startPixels = 12
    settings.passes = 0
    settings.jitteredFraction = .nan
    settings.randomCandidates = -1
    settings.largestCopyFraction = 0
    settings.redraws = -1
    let image = try DirectSamplingTests.image()
    #expect {
      try TextureSynthesis(image, settings: settings)
    } throws: { error in
      let text = "\(error)"
      return [
        "startPixels is 12", "passes is 0", "jitteredFraction is nan", "randomCandidates is -1",
      ]
      .allSatisfy(text.contains)
    }
  }
}
