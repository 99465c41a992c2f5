import TestSupport
import Testing

@testable import GANSampling

@Suite struct MapSizeTests {
  @Test(arguments: [("256", 256, 256), ("640x480", 640, 480), ("1x20000", 1, 20_000)])
  func textIsRead(text: String, width: Int, height: Int) throws {
    let size = try MapSize(parsing: text)
    #expect(size == MapSize(width: width, height: height))
    #expect(size.description == "\(width)x\(height)")
  }

  @Test(arguments: ["", "x", "64x", "x64", "64x64x64", "64 x 64", "6.4", "large"])
  func otherTextIsRefused(text: String) {
    #expect(message { _ = try MapSize(parsing: text) }.contains("'\(text)'"))
  }

  @Test(arguments: ["0", "-3", "64x0", "20001", "64x20001"])
  func sidesOutOfRangeAreRefused(text: String) {
    #expect(message { _ = try MapSize(parsing: text) }.contains("use 1 to 20000"))
  }
}
