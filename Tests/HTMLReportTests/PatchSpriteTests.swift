import Foundation
import Testing

@testable import HTMLReport

@Suite struct PatchSpriteTests {
  @Test func ratesBecomeBytesOverTheScale() throws {
    let sprite = try PatchSprite(
      patches: [[-10, -5, 0, 10], [-99, 99, 5, 0]], size: 2, labels: ["a", "b"],
      limitCMPerYear: 10, side: 64)
    #expect(sprite.side == 2 && sprite.count == 2)
    let bytes = try #require(Data(base64Encoded: sprite.pixels))
    #expect(Array(bytes) == [0, 64, 128, 255, 0, 255, 191, 128])
  }

  @Test(arguments: [2, 3, 5])
  func smallPicturesAreMeans(side: Int) throws {
    // A plane stays a plane, and its mean stays its mean where blocks are even.
    let plane = (0..<36).map { Float($0 % 6) }
    let sprite = try PatchSprite(
      patches: [plane], size: 6, labels: ["plane"], limitCMPerYear: 6, side: side)
    let bytes = try Array(#require(Data(base64Encoded: sprite.pixels)))
    #expect(bytes.count == side * side)
    for row in 0..<side {
      #expect(Array(bytes[row * side..<(row + 1) * side]) == Array(bytes[0..<side]))
    }
    #expect(bytes[0..<side].sorted() == Array(bytes[0..<side]))
    if side == 3 {  // means 0.5, 2.5 and 4.5 of 6
      #expect(Array(bytes[0..<3]) == [138, 181, 223])
    }
  }

  @Test func manyPatchesGetSmallerPictures() {
    let sizes = [100, 2000, 5000].map { PatchSprite.side(forCount: $0) }
    #expect(sizes == [64, 48, 32])
  }

  @Test func whatDoesNotFitIsNamed() {
    let error = #expect(throws: ReportError.self) {
      try PatchSprite(
        patches: [[1, 2, 3], [.nan, 0, 0, 0]], size: 2, labels: ["a"], limitCMPerYear: 0, side: 2)
    }
    for fault in ["2 patches have 1 labels", "ends at 0.0", "patch 0 has 3", "patch 1 holds NaN"] {
      #expect(error.map { "\($0)".contains(fault) } == true, "\(fault)")
    }
  }
}
