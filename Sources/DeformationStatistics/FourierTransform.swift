import Foundation

/// Discrete Fourier transforms of one length, of many columns at once.
///
/// Powers of two go by radix-2 steps; other lengths are turned into a convolution of such a length.
/// Source: Cooley and Tukey, Mathematics of Computation 19 (1965); Bluestein, IEEE Transactions on
/// Audio and Electroacoustics 18 (1970).
struct FourierTransform: Sendable {
  let length: Int
  /// exp(-2 pi i k / n) of the power of two that is worked with.
  private let twiddleReal: [Double]
  private let twiddleImaginary: [Double]
  private let reversed: [Int]
  private var chirp: Chirp?

  private struct Chirp: Sendable {
    /// exp(-pi i k^2 / length), and the transform of its conjugate.
    var real: [Double]
    var imaginary: [Double]
    var spectrumReal: [Double]
    var spectrumImaginary: [Double]
  }

  init(length: Int) {
    precondition(length >= 1, "a transform has a length")
    self.length = length
    let isPower = length & (length - 1) == 0
    var work = 1
    while work < (isPower ? length : 2 * length - 1) { work *= 2 }
    let angles = (0..<max(1, work / 2)).map { -2 * Double.pi * Double($0) / Double(work) }
    twiddleReal = angles.map { cos($0) }
    twiddleImaginary = angles.map { sin($0) }
    var reversed = [Int](repeating: 0, count: work)
    for k in 1..<max(1, work) { reversed[k] = reversed[k / 2] / 2 + (k & 1) * work / 2 }
    self.reversed = reversed
    guard !isPower else {
      chirp = nil
      return
    }
    // k^2 modulo 2 length keeps the angle exact for long transforms.
    let turns = (0..<length).map { -Double.pi * Double($0 * $0 % (2 * length)) / Double(length) }
    var chirp = Chirp(
      real: turns.map { cos($0) }, imaginary: turns.map { sin($0) },
      spectrumReal: [Double](repeating: 0, count: work),
      spectrumImaginary: [Double](repeating: 0, count: work))
    for k in 0..<length {
      for place in [k, (work - k) % work] {
        chirp.spectrumReal[place] = chirp.real[k]
        chirp.spectrumImaginary[place] = -chirp.imaginary[k]
      }
    }
    self.chirp = nil
    radix2(&chirp.spectrumReal, &chirp.spectrumImaginary, columns: 1)
    self.chirp = chirp
  }

  /// Transforms each of the `columns` columns of an array [length, columns] in place.
  func callAsFunction(_ real: inout [Double], _ imaginary: inout [Double], columns: Int) {
    precondition(
      real.count == length * columns && imaginary.count == real.count, "[length, columns]")
    guard let chirp else {
      radix2(&real, &imaginary, columns: columns)
      return
    }
    let work = reversed.count
    var a = [Double](repeating: 0, count: work * columns)
    var b = a
    for k in 0..<length {
      for c in k * columns..<(k + 1) * columns {
        a[c] = real[c] * chirp.real[k] - imaginary[c] * chirp.imaginary[k]
        b[c] = real[c] * chirp.imaginary[k] + imaginary[c] * chirp.real[k]
      }
    }
    radix2(&a, &b, columns: columns)
    for k in 0..<work {
      let (x, y) = (chirp.spectrumReal[k], chirp.spectrumImaginary[k])
      for c in k * columns..<(k + 1) * columns {
        // Conjugated, so that a forward transform serves as the inverse.
        (a[c], b[c]) = (a[c] * x - b[c] * y, -(a[c] * y + b[c] * x))
      }
    }
    radix2(&a, &b, columns: columns)
    for k in 0..<length {
      let (x, y) = (chirp.real[k] / Double(work), chirp.imaginary[k] / Double(work))
      for c in k * columns..<(k + 1) * columns {
        real[c] = a[c] * x + b[c] * y
        imaginary[c] = a[c] * y - b[c] * x
      }
    }
  }

  /// Butterflies between whole rows: the inner loop runs over columns, which lie side by side.
  private func radix2(_ real: inout [Double], _ imaginary: inout [Double], columns: Int) {
    let work = reversed.count
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        guard let re = real.baseAddress, let im = imaginary.baseAddress else { return }
        for k in 0..<work where reversed[k] > k {
          for c in 0..<columns {
            swap(&re[k * columns + c], &re[reversed[k] * columns + c])
            swap(&im[k * columns + c], &im[reversed[k] * columns + c])
          }
        }
        var half = 1
        while half < work {
          for start in stride(from: 0, to: work, by: 2 * half) {
            for k in 0..<half {
              let (wr, wi) = (
                twiddleReal[k * work / (2 * half)], twiddleImaginary[k * work / (2 * half)]
              )
              let upper = (start + k) * columns
              let lower = (start + k + half) * columns
              for c in 0..<columns {
                let (x, y) = (re[lower + c], im[lower + c])
                let (tr, ti) = (x * wr - y * wi, x * wi + y * wr)
                re[lower + c] = re[upper + c] - tr
                im[lower + c] = im[upper + c] - ti
                re[upper + c] += tr
                im[upper + c] += ti
              }
            }
          }
          half *= 2
        }
      }
    }
  }
}
