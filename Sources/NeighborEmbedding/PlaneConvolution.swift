import Kernel

/// The convolution of numbers on a square grid with a kernel that is the same mirrored in either
/// axis, with nothing beyond the edges.
///
/// The grid is padded to twice its side, so that no point meets another one around the edge. Two
/// real columns are the real and the imaginary part of one complex column, and the second axis is
/// transformed for the half of the frequencies that does not follow from the other half.
/// Source: Cooley, Lewis and Welch, IEEE Transactions on Audio and Electroacoustics 15 (1967).
struct PlaneConvolution: Sendable {
  /// Of the grid; a power of two, 32 or more.
  let side: Int
  private let period: Int
  let transform: FourierTransform
  /// The kernel's transform [frequencies of the rows, period], scaled for the way back.
  private let spectrum: [Double]

  /// Columns transformed side by side.
  private static let width = 16

  /// - Parameter spectrum: the kernel's transform [side + 1, 2 * side] over a period of
  ///   2 * side, in which it is real.
  init(side: Int, transform: FourierTransform, spectrum: [Double]) {
    (self.side, self.transform, self.spectrum) = (side, transform, spectrum)
    period = 2 * side
  }

  /// The transform [side + 1, 2 * side] of a mirrored kernel given by its [side + 1, side + 1]
  /// values from the middle outward.
  static func spectrum(
    of quarter: [Double], side: Int, transform: FourierTransform, threads: Int
  ) -> [Double] {
    let period = 2 * side
    let frequencies = side + 1
    // Both axes have the same transform: along rows, turn, along rows.
    var values = quarter
    for _ in 0..<2 {
      let source = values
      values.withUnsafeMutableBufferPointer { values in
        let values = values.baseAddress!
        Parallel.forEach(frequencies, piece: width, threads: threads) { block in
          var real = [Double](repeating: 0, count: period * block.count)
          var imaginary = real
          for row in 0..<period {
            let mirrored = min(row, period - row)
            for (lane, column) in block.enumerated() {
              real[row * block.count + lane] = source[mirrored * frequencies + column]
            }
          }
          transform(&real, &imaginary, columns: block.count)
          for row in 0..<frequencies {
            for (lane, column) in block.enumerated() {
              values[column * frequencies + row] = real[row * block.count + lane]
            }
          }
        }
      }
    }
    var spectrum = [Double](repeating: 0, count: frequencies * period)
    for row in 0..<frequencies {
      for column in 0..<period {
        spectrum[row * period + column] =
          values[row * frequencies + min(column, period - column)]
      }
    }
    return spectrum
  }

  /// Replaces `grid` [side, side] by its convolution with the kernel. `half` is working memory.
  func callAsFunction(_ grid: inout [Double], _ half: inout HalfSpectrum, threads: Int) {
    half.resize(to: (side + 1) * side)
    grid.withUnsafeMutableBufferPointer { grid in
      half.real.withUnsafeMutableBufferPointer { real in
        half.imaginary.withUnsafeMutableBufferPointer { imaginary in
          let (grid, real, imaginary) = (
            grid.baseAddress!, real.baseAddress!, imaginary.baseAddress!
          )
          Parallel.forEach(side, piece: 2 * Self.width, threads: threads) {
            alongColumns(grid, real, imaginary, first: $0.lowerBound)
          }
          Parallel.forEach(side + 1, piece: Self.width, threads: threads) {
            alongRows(real, imaginary, $0)
          }
          Parallel.forEach(side, piece: 2 * Self.width, threads: threads) {
            backAlongColumns(grid, real, imaginary, first: $0.lowerBound)
          }
        }
      }
    }
  }

  /// Between the two transforms: [side + 1, side] complex numbers.
  struct HalfSpectrum: Sendable {
    fileprivate(set) var real: [Double] = []
    fileprivate(set) var imaginary: [Double] = []

    fileprivate mutating func resize(to count: Int) {
      guard real.count != count else { return }
      real = [Double](repeating: 0, count: count)
      imaginary = real
    }
  }

  /// Transforms 32 columns of the grid into the half spectrum.
  private func alongColumns(
    _ grid: UnsafePointer<Double>, _ halfReal: UnsafeMutablePointer<Double>,
    _ halfImaginary: UnsafeMutablePointer<Double>, first: Int
  ) {
    let width = Self.width
    withScratch(period * width) { re, im in
      for row in 0..<side {
        let source = grid + row * side + first
        for lane in 0..<width {
          re[row * width + lane] = source[lane]
          im[row * width + lane] = source[width + lane]
        }
      }
      (re + side * width).update(repeating: 0, count: side * width)
      (im + side * width).update(repeating: 0, count: side * width)
      transform.transform(re, im, columns: width)
      for row in 0...side {
        let mirrored = (period - row) % period * width
        let target = row * side + first
        for lane in 0..<width {
          let (xr, xi) = (re[row * width + lane], im[row * width + lane])
          let (yr, yi) = (re[mirrored + lane], im[mirrored + lane])
          halfReal[target + lane] = 0.5 * (xr + yr)
          halfImaginary[target + lane] = 0.5 * (xi - yi)
          halfReal[target + width + lane] = 0.5 * (xi + yi)
          halfImaginary[target + width + lane] = 0.5 * (yr - xr)
        }
      }
    }
  }

  /// Transforms some frequencies of the half spectrum along the other axis, times the kernel, and
  /// back. The imaginary part changes its sign before and after, so that the forward transform
  /// serves as the inverse.
  private func alongRows(
    _ halfReal: UnsafeMutablePointer<Double>, _ halfImaginary: UnsafeMutablePointer<Double>,
    _ block: Range<Int>
  ) {
    let width = block.count
    withScratch(period * width) { re, im in
      for (lane, row) in block.enumerated() {
        for column in 0..<side {
          re[column * width + lane] = halfReal[row * side + column]
          im[column * width + lane] = halfImaginary[row * side + column]
        }
      }
      (re + side * width).update(repeating: 0, count: side * width)
      (im + side * width).update(repeating: 0, count: side * width)
      transform.transform(re, im, columns: width)
      spectrum.withUnsafeBufferPointer { spectrum in
        for (lane, row) in block.enumerated() {
          for column in 0..<period {
            let factor = spectrum[row * period + column]
            re[column * width + lane] *= factor
            im[column * width + lane] *= -factor
          }
        }
      }
      transform.transform(re, im, columns: width)
      for (lane, row) in block.enumerated() {
        for column in 0..<side {
          halfReal[row * side + column] = re[column * width + lane]
          halfImaginary[row * side + column] = -im[column * width + lane]
        }
      }
    }
  }

  /// Transforms 32 columns of the half spectrum back onto the grid.
  private func backAlongColumns(
    _ grid: UnsafeMutablePointer<Double>, _ halfReal: UnsafePointer<Double>,
    _ halfImaginary: UnsafePointer<Double>, first: Int
  ) {
    let width = Self.width
    withScratch(period * width) { re, im in
      for row in 0..<period {
        // The frequencies of the other half are conjugates.
        let sign: Double = row > side ? -1 : 1
        let source = min(row, period - row) * side + first
        for lane in 0..<width {
          let (xr, xi) = (halfReal[source + lane], sign * halfImaginary[source + lane])
          let yr = halfReal[source + width + lane]
          let yi = sign * halfImaginary[source + width + lane]
          re[row * width + lane] = xr - yi
          im[row * width + lane] = -(xi + yr)
        }
      }
      transform.transform(re, im, columns: width)
      for row in 0..<side {
        let target = grid + row * side + first
        for lane in 0..<width {
          target[lane] = re[row * width + lane]
          target[width + lane] = -im[row * width + lane]
        }
      }
    }
  }

  private func withScratch(
    _ count: Int, _ body: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) {
    let scratch = UnsafeMutablePointer<Double>.allocate(capacity: 2 * count)
    defer { scratch.deallocate() }
    body(scratch, scratch + count)
  }
}
