import Foundation
import Testing

@testable import Kernel

@Suite struct FourierTransformTests {
  /// Columns go by eights and the rest by themselves; powers of two by one or two steps a pass.
  @Test(arguments: [1, 2, 4, 8, 16, 32, 3, 10, 21], [1, 2, 8, 11])
  func itIsTheSumThatDefinesIt(length: Int, columns: Int) {
    let real = (0..<length * columns).map { sin(Double($0 * $0) * 0.7) }
    let imaginary = (0..<length * columns).map { cos(Double($0) * 1.3) }
    var (re, im) = (real, imaginary)
    FourierTransform(length: length)(&re, &im, columns: columns)
    for k in 0..<length {
      for column in 0..<columns {
        var (sumRe, sumIm) = (0.0, 0.0)
        for n in 0..<length {
          let angle = -2 * Double.pi * Double(k * n) / Double(length)
          let (x, y) = (real[n * columns + column], imaginary[n * columns + column])
          sumRe += x * cos(angle) - y * sin(angle)
          sumIm += x * sin(angle) + y * cos(angle)
        }
        #expect(abs(re[k * columns + column] - sumRe) < 1e-10)
        #expect(abs(im[k * columns + column] - sumIm) < 1e-10)
      }
    }
  }
}
