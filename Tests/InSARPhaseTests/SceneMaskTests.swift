import Testing

@testable import InSARPhase

@Suite struct SceneMaskTests {
  static func masked(border: Double = 0, water: Double = 0, index: Int) throws -> [Bool] {
    try SceneMask.isWithoutData(
      StackGeometry(width: 96, height: 96, pixelSizeMeters: 30, radar: RadarGeometry(.sentinel1)),
      borderFraction: border, waterFraction: water, waterScaleMeters: 800, seed: 1, index: index,
      fields: SharedFields())
  }

  @Test(arguments: [0.05, 0.3, 0.9]) func fractionsAreMet(_ fraction: Double) throws {
    for index in 0..<8 {
      for mask in [
        try Self.masked(border: fraction, index: index),
        try Self.masked(water: fraction, index: index),
      ] {
        let found = Double(mask.count { $0 }) / Double(mask.count)
        #expect(abs(found - fraction) < 0.01)
      }
    }
  }

  /// One straight edge: along a row or a column, data begin or end at most once.
  @Test func theBorderIsAHalfPlane() throws {
    let mask = try Self.masked(border: 0.3, index: 3)
    for line in 0..<96 {
      let row = (0..<96).map { mask[line * 96 + $0] }
      let column = (0..<96).map { mask[$0 * 96 + line] }
      for cut in [row, column] {
        #expect(zip(cut, cut.dropFirst()).count { $0 != $1 } <= 1)
      }
    }
  }

  /// Bodies are connected: few pixels have a neighbor on the other side of a shore.
  @Test func waterIsInBodies() throws {
    let mask = try Self.masked(water: 0.3, index: 0)
    var shores = 0
    for row in 0..<96 {
      for place in row * 96..<row * 96 + 95 where mask[place] != mask[place + 1] { shores += 1 }
    }
    // Without bodies it would be 42 %.
    #expect(shores < 96 * 95 / 8)
    #expect(try Self.masked(water: 0.3, index: 1) != mask)
  }
}
