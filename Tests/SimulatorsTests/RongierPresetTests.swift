import Geostatistics
import Testing

@testable import Simulators

/// The presets that learn from measured maps.
struct RongierPresetTests {
  static func images() throws -> TrainingImages {
    let images = try (1...2).map { number in
      var values = (0..<48 * 40).map { (index: Int) -> Float in
        let place = (index % 48 * 7 + index / 48 * 5) % 31
        return Float(number * place) / 10 - 1
      }
      values[77] = .nan
      return try TrainingImage(name: "image-\(number)", width: 48, height: 40, values: values)
    }
    return try TrainingImages(images)
  }

  static let presets: [ScenePreset] = [.rongierSGS, .rongierDS, .lefebvreHoppe]

  @Test(arguments: ["rongier-sgs", "rongier-ds", "lefebvre-hoppe"])
  func samplesAreFunctionsOfSeedAndIndex(name: String) throws {
    let preset = try ScenePreset.named(name)
    let grid = try SceneGrid(width: 21, height: 17, pixelSizeMeters: 90)
    let inputs = SceneInputs(training: try Self.images())
    var seen: [[Float]] = []
    for index in 0..<6 {
      let sample = try preset.sample(grid: grid, seed: 3, index: index, inputs: inputs)
      #expect(sample.isFinite && sample.rateCMPerYear.count == grid.count)
      #expect(!seen.contains(sample.rateCMPerYear))
      seen.append(sample.rateCMPerYear)
    }
    // A job that begins with the last sample learns the same.
    let other = SceneInputs(training: try Self.images())
    let again = try preset.sample(grid: grid, seed: 3, index: 5, inputs: other)
    #expect(again.rateCMPerYear == seen[5])
  }

  @Test(arguments: ["rongier-sgs", "rongier-ds"])
  func givenPixelsAreKeptExactly(name: String) throws {
    let grid = try SceneGrid(width: 20, height: 20, pixelSizeMeters: 90)
    var values = [Float](repeating: .nan, count: 400)
    (values[0], values[210], values[399]) = (0.123, -0.7, 1.9)
    let inputs = SceneInputs(
      training: try Self.images(), given: try Conditioning(width: 20, height: 20, values: values))
    let preset = try ScenePreset.named(name)
    let sample = try preset.sample(grid: grid, seed: 1, index: 0, inputs: inputs)
    for pixel in [0, 210, 399] { #expect(sample.rateCMPerYear[pixel] == values[pixel]) }
    let larger = try SceneGrid(width: 21, height: 20, pixelSizeMeters: 90)
    #expect(throws: GeostatisticsError.self) {
      try preset.sample(grid: larger, seed: 1, index: 0, inputs: inputs)
    }
  }

  @Test func wholeFeaturesCannotKeepPixels() throws {
    let grid = try SceneGrid(width: 20, height: 20, pixelSizeMeters: 90)
    let given = try Conditioning(
      width: 20, height: 20, values: (0..<400).map { $0 == 7 ? 1 : .nan })
    let inputs = SceneInputs(training: try Self.images(), given: given)
    #expect(throws: GeostatisticsError.self) {
      try ScenePreset.lefebvreHoppe.sample(grid: grid, seed: 1, index: 0, inputs: inputs)
    }
  }

  @Test func withoutTrainingImagesThereIsAnError() throws {
    let grid = try SceneGrid(width: 20, height: 20, pixelSizeMeters: 90)
    for preset in Self.presets {
      #expect(throws: SimulatorError.noTrainingImage(preset: preset.name)) {
        try preset.sample(grid: grid, seed: 1, index: 0)
      }
    }
    #expect(throws: GeostatisticsError.self) { try TrainingImages([]) }
  }
}
