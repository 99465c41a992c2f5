import TestSupport
import Testing
import TorchCore

@testable import GANModel

@Suite struct TileCacheTests {
  /// The value of a pixel is a function of its place.
  private static func plane(_ rows: Range<Int>, _ columns: Range<Int>) throws -> Tensor {
    try Tensor(
      rows.flatMap { row in columns.map { Float(row * 1000 + $0) } },
      shape: [1, 1, rows.count, columns.count])
  }

  @Test(arguments: [0, 5]) func partsAreThoseOfThePlane(offset: Int) throws {
    let cache = TileCache(side: 16, offset: offset, grain: 4, device: .cpu)
    let parts = [(-20..<9, 3..<40), (-1..<0, 30..<31), (4..<60, -7..<41), (-20..<9, 3..<40)]
    for (rows, columns) in parts {
      let part = try cache.part(rows, columns, Self.plane)
      #expect(try part.floats() == Self.plane(rows, columns).floats())
    }
  }

  /// Parts in order, with a border of 5 pixels that is the offset, draw each pixel once and none beyond.
  @Test func noPixelIsDrawnTwice() throws {
    let cache = TileCache(side: 16, offset: 5, grain: 1, device: .cpu)
    var drawn: [[Int]] = []
    for band in (0..<70).parts(endingAt: 32) {
      cache.keep(band.extended(by: 5))
      for part in (0..<40).parts(endingAt: 16) {
        _ = try cache.part(band.extended(by: 5), part.extended(by: 5)) { rows, columns in
          drawn += rows.flatMap { row in columns.map { [row, $0] } }
          return try Self.plane(rows, columns)
        }
      }
    }
    #expect(drawn.count == 80 * 50 && Set(drawn).count == drawn.count)
  }

  @Test func whatIsNotKeptIsDrawnAgain() throws {
    let cache = TileCache(side: 16, grain: 16, device: .cpu)
    var count = 0
    func ask(_ rows: Range<Int>) throws {
      _ = try cache.part(rows, 0..<3) { rows, columns in
        #expect(rows.count == 16 && columns == 0..<16)
        count += 1
        return try Self.plane(rows, columns)
      }
    }
    try ask(0..<3)
    try ask(5..<16)
    #expect(count == 1)
    cache.keep(15..<30)
    try ask(0..<16)
    #expect(count == 1)
    cache.keep(16..<30)
    try ask(0..<16)
    #expect(count == 2)
  }

  @Test func rangesAreDividedAtMultiples() {
    #expect((-3..<9).parts(endingAt: 4) == [-3..<0, 0..<4, 4..<8, 8..<9])
    #expect((4..<8).parts(endingAt: 4) == [4..<8])
    #expect((-17..<1).numbers(of: 16) == -2..<1)
  }
}
