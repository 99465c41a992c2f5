import Foundation
import Kernel
import Testing

@testable import Geostatistics

struct DirectSamplingTests {
  /// A stationary field with a hole.
  static func image(width: Int = 96, height: Int = 80) throws -> TrainingImage {
    let model = VariogramModel(
      nugget: 0.02, structures: [.init(shape: .gaussian, sill: 0.98, lengthPixels: 5)])
    var random = CounterRandom(9, .testInput)
    var values = try SequentialGaussianSimulation(model, width: width, height: height, seed: 1)
      .field(&random)
    for row in 30..<38 { for column in 50..<60 { values[row * width + column] = .nan } }
    return try TrainingImage(name: "hills", width: width, height: height, values: values)
  }

  private func map(
    _ settings: DirectSampling.Settings = .init(), width: Int = 40, height: Int = 36,
    given: Conditioning? = nil, seed: UInt64 = 1
  ) throws -> DirectSampling.Result {
    var random = CounterRandom(seed, .testInput, 7)
    return try DirectSampling(Self.image(), settings: settings)
      .map(width: width, height: height, given: given, random: &random)
  }

  @Test func mapsAreMadeOfValuesOfTheImage() throws {
    let first = try map()
    let values = Set(try Self.image().values.filter(\.isFinite))
    let areAllOfTheImage = first.values.allSatisfy { values.contains($0) }
    #expect(first.values.count == 40 * 36 && areAllOfTheImage)
    let (again, other) = (try map(), try map(seed: 2))
    #expect(again.values == first.values)
    #expect(other.values != first.values)
  }

  /// The variogram of a stationary image, within what maps of this size scatter by.
  @Test func mapsHaveTheVariogramOfTheImage() throws {
    let image = try Self.image()
    let expected = MapVariogram(
      of: image.values, width: image.width, height: image.height, longestLag: 8)
    let maps = try (0..<6).map { try map(width: 64, height: 64, seed: UInt64($0)).values }
    let found = maps.map { MapVariogram(of: $0, width: 64, height: 64, longestLag: 8).values }
    for lag in [1, 2, 4, 8] {
      let gamma = found.map { $0[lag - 1] }.reduce(0, +) / Double(found.count)
      #expect(abs(gamma / expected.values[lag - 1] - 1) < 0.3, "\(lag): \(gamma)")
    }
  }

  @Test(arguments: [0, 1, 2], [5, 60]) func noCopyIsLargerThanStated(reach: Int, limit: Int) throws
  {
    var settings = DirectSampling.Settings()
    settings.pastedReachPixels = reach
    settings.largestCopyPixels = limit
    settings.threshold = 0
    let result = try map(settings)
    #expect(result.largestCopyPixels <= limit, "\(result.largestCopyPixels)")
    #expect((0...1).contains(result.copiedFraction))
  }

  @Test func givenPixelsAreKeptExactly() throws {
    var values = [Float](repeating: .nan, count: 40 * 36)
    for (pixel, value) in [(0, Float(1.25)), (700, -0.5), (1439, 2.5), (41, 0.125)] {
      values[pixel] = value
    }
    let given = try Conditioning(width: 40, height: 36, values: values)
    let result = try map(given: given)
    for pixel in values.indices where !values[pixel].isNaN {
      #expect(result.values[pixel] == values[pixel])
    }
    let isWhole = result.values.allSatisfy(\.isFinite)
    #expect(isWhole)
    #expect(throws: GeostatisticsError.self) { try self.map(width: 41, given: given) }
  }

  @Test func aMapMayBeLargerThanTheImageAndTheImageNarrow() throws {
    let large = try map(width: 130, height: 20)
    let isWhole = large.values.allSatisfy(\.isFinite)
    #expect(isWhole)
    var random = CounterRandom(1, .testInput)
    let narrow = try TrainingImage(
      name: "strip", width: 16, height: 70, values: (0..<16 * 70).map { Float($0 % 16) })
    let result = try DirectSampling(narrow).map(width: 20, height: 20, random: &random)
    let isNarrowWhole = result.values.allSatisfy(\.isFinite)
    #expect(isNarrowWhole)
  }

  @Test func theScanFindsWhatASimpleLoopFinds() throws {
    let image = try Self.image()
    var pattern = DirectSampling.Pattern()
    for (row, column, value, weight) in [(-2, 1, 0.3, 0.5), (0, -1, 0.1, 0.3), (3, 2, -0.4, 0.2)] {
      pattern.rows.append(row)
      pattern.columns.append(column)
      pattern.values.append(Float(value))
      pattern.weights.append(Float(weight))
    }
    let scan = PatternScan(image.values, width: image.width, height: image.height, pattern)
    var found: [Int: Float] = [:]
    for block in 0..<scan.blockCount {
      scan.visit(block, from: 3, below: 0.05) { place, square in
        found[place] = square
        return true
      }
    }
    var expected: [Int: Float] = [:]
    for row in 2..<image.height - 3 {
      for column in 1..<image.width - 2 where !image.values[row * image.width + column].isNaN {
        var square: Float = 0
        for index in pattern.values.indices {
          let place =
            (row + pattern.rows[index]) * image.width + column + pattern.columns[index]
          let difference = image.values[place] - pattern.values[index]
          square += pattern.weights[index] * difference * difference
        }
        if square < 0.05 { expected[row * image.width + column] = square }
      }
    }
    #expect(!expected.isEmpty && found == expected)
  }

  @Test func imagesThatDoNotServeAreTold() {
    func image(_ width: Int, _ values: [Float]) -> GeostatisticsError? {
      do {
        _ = try TrainingImage(
          name: "a.tif", width: width, height: values.count / width, values: values)
        return nil
      } catch { return error as? GeostatisticsError }
    }
    for values in [
      [Float](repeating: 1, count: 1600), [Float](repeating: .nan, count: 1600),
      [Float](repeating: 1, count: 100),
      (0..<1600).map { $0 == 5 ? .infinity : Float($0) },
    ] {
      #expect(
        image(values.count == 100 ? 10 : 40, values).map { "\($0)".contains("a.tif") } == true)
    }
    var settings = DirectSampling.Settings()
    (settings.neighbors, settings.scannedFraction, settings.threshold) = (0, 0, -1)
    #expect(throws: GeostatisticsError.self) { try settings.validate() }
    #expect(throws: GeostatisticsError.self) {
      try Conditioning(width: 2, height: 2, values: [Float](repeating: .nan, count: 4))
    }
  }
}
