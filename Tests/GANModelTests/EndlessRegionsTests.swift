import Testing

@testable import GANModel

@Suite struct EndlessRegionsTests {
  private let regions = EndlessRegions(side: 512, seed: 3, map: 1)

  @Test func partsAddUpToOne() {
    for (rows, columns) in [(490..<530, -30..<20), (-530..<(-500), 1010..<1040)] {
      let parts = regions.weights(rows: rows, columns: columns)
      #expect(parts.count == 4)
      for pixel in 0..<rows.count * columns.count {
        let sum = parts.reduce(Float(0)) { $0 + ($1.plane?[pixel] ?? 1) }
        #expect(abs(sum - 1) < 1e-5)
      }
    }
  }

  @Test func theMiddleIsOfOneRegion() {
    let parts = regions.weights(rows: 640..<896, columns: -384..<(-128))
    #expect(parts.count == 1 && parts[0].plane == nil)
    #expect(parts[0].region == EndlessRegions.Position(row: 1, column: -1))
  }

  /// A pixel's parts do not depend on the window.
  @Test func partsDependOnThePlaceAlone() throws {
    let wide = regions.weights(rows: 480..<540, columns: 470..<540)
    let narrow = regions.weights(rows: 500..<520, columns: 510..<530)
    for part in narrow {
      let same = try #require(wide.first { $0.region == part.region })
      for row in 500..<520 {
        for column in 510..<530 {
          let a = part.plane?[(row - 500) * 20 + column - 510]
          let b = same.plane?[(row - 480) * 70 + column - 470]
          #expect(a == b)
        }
      }
    }
  }

  /// The border between two regions does not run along the lattice.
  @Test func bordersWind() throws {
    let parts = regions.weights(rows: 400..<624, columns: 640..<896)
    let upper = try #require(parts.first { $0.region == .init(row: 0, column: 1) }?.plane)
    let heights = (0..<256).map { column in (0..<224).count { upper[$0 * 256 + column] > 0.5 } }
    #expect(heights.max()! - heights.min()! > 20)
    #expect(heights.allSatisfy { abs($0 - 112) <= 64 })
  }

  @Test(arguments: [-2, -1, 0, 3]) func theReferenceLiesInTheRegion(number: Int) {
    let start = regions.referenceStart(number)
    #expect(start == number * 512)
    let large = EndlessRegions(side: 1024, seed: 1, map: 1)
    #expect(large.referenceStart(number) == number * 1024 + 256)
  }
}
