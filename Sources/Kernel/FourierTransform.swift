import Foundation

/// Discrete Fourier transforms of one length, of many columns at once.
///
/// Powers of two use radix-2 steps; other lengths are converted to a convolution of such a length.
/// Source: Cooley and Tukey, Mathematics of Computation 19 (1965); Bluestein, IEEE Transactions on
/// Audio and Electroacoustics 18 (1970).
package struct FourierTransform: Sendable {
  package let length: Int
  /// exp(-2 pi i k / n) for the internal power of two n.
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

  package init(length: Int) {
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
  /// `length` is a power of two.
  package func transform(
    _ real: UnsafeMutablePointer<Double>, _ imaginary: UnsafeMutablePointer<Double>, columns: Int
  ) {
    precondition(chirp == nil, "a power of two")
    radix2(ComplexRows(real, imaginary, columns: columns))
  }

  /// Transforms each of the `columns` columns of an array [length, columns] in place.
  package func callAsFunction(_ real: inout [Double], _ imaginary: inout [Double], columns: Int) {
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
        // Conjugated, so that a forward transform computes the inverse.
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

  private func radix2(_ real: inout [Double], _ imaginary: inout [Double], columns: Int) {
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        guard let re = real.baseAddress, let im = imaginary.baseAddress else { return }
        radix2(ComplexRows(re, im, columns: columns))
      }
    }
  }

  /// Butterflies between whole rows, whose columns lie side by side. Two steps are taken in one
  /// pass over memory, with the same arithmetic as one after the other.
  private func radix2(_ rows: ComplexRows) {
    let work = reversed.count
    for k in 0..<work where reversed[k] > k { rows.swapAt(k, reversed[k]) }
    var half = 1
    if work.trailingZeroBitCount % 2 == 1 {
      for start in stride(from: 0, to: work, by: 2) {
        rows.eachVector { c, width in
          var a = rows.load(start, c, width)
          var b = rows.load(start + 1, c, width)
          ComplexRows.butterfly(&a, &b, twiddleReal[0], twiddleImaginary[0])
          rows.store(a, start, c, width)
          rows.store(b, start + 1, c, width)
        }
      }
      half = 2
    }
    while half < work {
      let step = work / (4 * half)
      for start in stride(from: 0, to: work, by: 4 * half) {
        for k in 0..<half {
          let row = start + k
          let (nearReal, nearImaginary) = (
            twiddleReal[2 * k * step], twiddleImaginary[2 * k * step]
          )
          let (farReal, farImaginary) = (twiddleReal[k * step], twiddleImaginary[k * step])
          let other = (k + half) * step
          let (otherReal, otherImaginary) = (twiddleReal[other], twiddleImaginary[other])
          rows.eachVector { column, width in
            var a = rows.load(row, column, width)
            var b = rows.load(row + half, column, width)
            var c = rows.load(row + 2 * half, column, width)
            var d = rows.load(row + 3 * half, column, width)
            ComplexRows.butterfly(&a, &b, nearReal, nearImaginary)
            ComplexRows.butterfly(&c, &d, nearReal, nearImaginary)
            ComplexRows.butterfly(&a, &c, farReal, farImaginary)
            ComplexRows.butterfly(&b, &d, otherReal, otherImaginary)
            rows.store(a, row, column, width)
            rows.store(b, row + half, column, width)
            rows.store(c, row + 2 * half, column, width)
            rows.store(d, row + 3 * half, column, width)
          }
        }
      }
      half *= 4
    }
  }
}

/// Rows of complex numbers, real and imaginary parts apart, worked on eight columns at a time.
private struct ComplexRows {
  struct Vector {
    var real: SIMD8<Double>
    var imaginary: SIMD8<Double>
  }

  private let real: UnsafeMutablePointer<Double>
  private let imaginary: UnsafeMutablePointer<Double>
  private let columns: Int

  init(
    _ real: UnsafeMutablePointer<Double>, _ imaginary: UnsafeMutablePointer<Double>, columns: Int
  ) {
    (self.real, self.imaginary, self.columns) = (real, imaginary, columns)
  }

  func swapAt(_ row: Int, _ other: Int) {
    for c in 0..<columns {
      swap(&real[row * columns + c], &real[other * columns + c])
      swap(&imaginary[row * columns + c], &imaginary[other * columns + c])
    }
  }

  /// Calls `body` with the first column of each vector and how many columns it holds.
  @inline(__always)
  func eachVector(_ body: (Int, Int) -> Void) {
    var column = 0
    while column + 8 <= columns {
      body(column, 8)
      column += 8
    }
    if column < columns { body(column, columns - column) }
  }

  @inline(__always)
  func load(_ row: Int, _ column: Int, _ width: Int) -> Vector {
    let place = row * columns + column
    if width == 8 {
      return Vector(
        real: UnsafeRawPointer(real + place).loadUnaligned(as: SIMD8<Double>.self),
        imaginary: UnsafeRawPointer(imaginary + place).loadUnaligned(as: SIMD8<Double>.self))
    }
    var vector = Vector(real: .zero, imaginary: .zero)
    for lane in 0..<width {
      vector.real[lane] = real[place + lane]
      vector.imaginary[lane] = imaginary[place + lane]
    }
    return vector
  }

  @inline(__always)
  func store(_ vector: Vector, _ row: Int, _ column: Int, _ width: Int) {
    let place = row * columns + column
    if width == 8 {
      UnsafeMutableRawPointer(real + place).storeBytes(
        of: vector.real, as: SIMD8<Double>.self)
      UnsafeMutableRawPointer(imaginary + place).storeBytes(
        of: vector.imaginary, as: SIMD8<Double>.self)
      return
    }
    for lane in 0..<width {
      real[place + lane] = vector.real[lane]
      imaginary[place + lane] = vector.imaginary[lane]
    }
  }

  /// (a, b) become (a + w b, a - w b).
  @inline(__always)
  static func butterfly(_ a: inout Vector, _ b: inout Vector, _ wr: Double, _ wi: Double) {
    let turnedReal = b.real * wr - b.imaginary * wi
    let turnedImaginary = b.real * wi + b.imaginary * wr
    b.real = a.real - turnedReal
    b.imaginary = a.imaginary - turnedImaginary
    a.real += turnedReal
    a.imaginary += turnedImaginary
  }
}
