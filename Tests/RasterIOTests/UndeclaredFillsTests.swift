import Rasters
import TestSupport
import Testing

@testable import RasterIO

@Suite struct UndeclaredFillsTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// 400 rates from -3 to 60 of which the first 20 are `fill`, and `others` one each.
  func values(_ fill: Float, count: Int = 20, scale: Float = 1, others: [Float] = []) -> [Float] {
    let rates = (0..<400).map { (Float($0 * 37 % 400) / 400 * 63 - 3) * scale }
    return Array(repeating: fill, count: count) + rates.dropFirst(count + others.count) + others
  }

  @Test(
    arguments: [
      -9999, -32768, 1e20, -.greatestFiniteMagnitude, -3.4e38, 9.96921e36, 1.70141e38, -999,
      32767, -99_999, 1e10, 12345, -777, 999,
    ] as [Float])
  func fillsAreFound(fill: Float) throws {
    let found = try #require(UndeclaredFills.find(in: values(fill)))
    #expect(found.fills == [.init(value: fill, count: 20)])
    #expect(found.restMinimum >= -3 && found.restMaximum <= 60)
    // The remedy that the message names is one.
    let path = folder.file("a.npy")
    try NpyArray(shape: [20, 20], values: values(fill)).write(to: path)
    let scene = try RasterReader.read(path)
    #expect(scene.description.noDataCount == 0 && scene.description.undeclaredFills == found)
    #expect(
      scene.description.notes.contains { $0.contains("5 % of") && $0.contains(found.options) })
    let number = try #require(found.options.split(separator: " ").last.flatMap { Double($0) })
    let masked = try RasterReader.read(path, options: .init(noData: [number]))
    #expect(masked.description.noDataCount == 20 && masked.description.undeclaredFills == nil)
    let kept = try RasterReader.read(path, options: .init(noData: [.nan]))
    #expect(kept.description.noDataCount == 0 && kept.description.undeclaredFills == nil)
  }

  @Test func theLargestFloatIsKnownHoweverItIsRounded() throws {
    let path = folder.file("a.npy")
    for stored in [-Float.greatestFiniteMagnitude, -3.4e38, -3.40282306e38] as [Float] {
      try NpyArray(shape: [20, 20], values: values(stored)).write(to: path)
      for given in [-3.4e38, -3.4028235e38, -3.4028234663852886e38, -1.7976931348623157e308] {
        // A double beyond float is read as infinite or as the largest float.
        if given < -1e39 && stored > -Float.greatestFiniteMagnitude { continue }
        let scene = try RasterReader.read(path, options: .init(noData: [given]))
        #expect(scene.description.noDataCount == 20, "\(stored) \(given)")
      }
    }
  }

  @Test func severalFillsAreFoundTogether() throws {
    let both = values(-9999, others: [-32768, -32768, 1e20, 1e20, 1e20])
    let found = try #require(UndeclaredFills.find(in: both))
    #expect(found.fills.map(\.value) == [-32768, -9999, 1e20])
    #expect(found.fills.map(\.count) == [2, 20, 3])
    #expect(found.options == "noData: -32768 noData: -9999 noData: 1e+20")
    // Most of a scene may be missing.
    #expect(UndeclaredFills.find(in: values(-9999, count: 380))?.fills.first?.count == 380)
    // Edges smeared by resampling lie between the fill and the rest.
    let smeared = values(-9999, others: [-5000, -2500, -8000])
    #expect(UndeclaredFills.find(in: smeared)?.fills.map(\.value) == [-9999])
  }

  @Test func aFormatsConventionStaysInTheRemedy() {
    let found = UndeclaredFills.find(in: values(-9999), convention: [0])
    #expect(found?.options == "noData: -9999 noData: 0")
  }

  @Test func realValuesAreNoFills() {
    #expect(UndeclaredFills.find(in: values(0)) == nil)
    // Rates cut at a limit, steps, outliers that stand alone, whole numbers, one value, none.
    #expect(UndeclaredFills.find(in: values(1).map { min(max($0, -2), 50) }) == nil)
    #expect(UndeclaredFills.find(in: values(5, count: 0, others: [800])) == nil)
    #expect(UndeclaredFills.find(in: values(0).map { $0.rounded() }) == nil)
    #expect(UndeclaredFills.find(in: [0, 0, 1000, 1000, 0, 1000]) == nil)
    #expect(UndeclaredFills.find(in: [-9999, -9999]) == nil)
    #expect(UndeclaredFills.find(in: []) == nil)
    #expect(UndeclaredFills.find(in: [.nan, .infinity, -.infinity, .infinity]) == nil)
    #expect(UndeclaredFills.find(in: values(0).map { $0 == 0 ? 0 : 5 + $0 / 1000 }) == nil)
    // Rates of a glacier in m/yr, seen beside -99 that is one of them.
    #expect(UndeclaredFills.find(in: values(-99, count: 2, scale: 50)) == nil)
    #expect(UndeclaredFills.find(in: values(-9999, count: 1)) == nil)
    #expect(UndeclaredFills.find(in: values(1e20, count: 1)) != nil)
  }
}
