import Testing

@testable import RasterIO

@Suite struct HalfPrecisionTests {
  /// Against the standard library's conversion, over all exponents and both signs.
  @Test func roundsAsTheStandardLibraryDoes() {
    var pattern: UInt32 = 1
    for _ in 0..<200_000 {
      pattern = pattern &* 1_664_525 &+ 1_013_904_223
      let value = Float(bitPattern: pattern)
      guard !value.isNaN else { continue }
      #expect(HalfPrecision.bits(value) == Float16(value).bitPattern, "\(value)")
    }
  }

  @Test(arguments: [
    0, -0.0, 1, 65504, 65519.996, 65520, 1e9, .infinity, -.infinity, 6e-8, 3e-8, 1e-9,
  ])
  func edgesToo(_ value: Float) {
    #expect(HalfPrecision.bits(value) == Float16(value).bitPattern)
  }

  @Test func notANumberStaysSo() {
    #expect(Float16(bitPattern: HalfPrecision.bits(.nan)).isNaN)
  }
}
