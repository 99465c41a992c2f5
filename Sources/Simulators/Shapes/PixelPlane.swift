/// A map being built: values in rows of SIMD vectors, so that shapes are added eight pixels at a
/// time. Columns run east, rows south; rows are padded at the end.
struct PixelPlane: ~Copyable {
  typealias Vector = SIMD8<Float>
  static let lanes = 8

  let width: Int
  let height: Int
  /// Number of vectors per row.
  let stride: Int
  private let vectors: UnsafeMutablePointer<Vector>

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    stride = (width + Self.lanes - 1) / Self.lanes
    vectors = .allocate(capacity: stride * height)
    vectors.initialize(repeating: .zero, count: stride * height)
  }

  deinit { vectors.deallocate() }

  /// The vectors of a row.
  @inline(__always)
  func row(_ row: Int) -> UnsafeMutablePointer<Vector> { vectors + row * stride }

  /// The pixels of a row.
  @inline(__always)
  func pixels(_ row: Int) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(vectors + row * stride).assumingMemoryBound(to: Float.self)
  }

  /// The integer columns in an interval, clipped to the map; may be empty.
  @inline(__always)
  func columns(_ first: Float, _ last: Float) -> Range<Int> {
    guard first <= last, first < Float(width), last >= 0 else { return 0..<0 }
    let start = Int(max(first, 0).rounded(.up))
    let end = Int(min(last, Float(width - 1)).rounded(.down))
    return start..<max(start, end + 1)
  }

  /// As `columns`, for rows.
  @inline(__always)
  func rows(_ first: Float, _ last: Float) -> Range<Int> {
    guard first <= last, first < Float(height), last >= 0 else { return 0..<0 }
    let start = Int(max(first, 0).rounded(.up))
    let end = Int(min(last, Float(height - 1)).rounded(.down))
    return start..<max(start, end + 1)
  }

  /// Row-major, without the padding.
  func values() -> [Float] {
    [Float](unsafeUninitializedCapacity: width * height) { buffer, count in
      for row in 0..<height {
        (buffer.baseAddress! + row * width).initialize(from: pixels(row), count: width)
      }
      count = width * height
    }
  }
}

/// exp(x) to a relative error of 3e-7; below -87 the value is exp(-87).
///
/// x log2(e) is split into an integer, which becomes the exponent bits, and a remainder within
/// +-1/2, whose power of two is computed by a Taylor polynomial of degree 6.
@inline(__always)
func fastExp(_ x: SIMD8<Float>) -> SIMD8<Float> {
  let x = x.replacing(with: -87, where: x .< -87)
  let t = x * 1.442_695_04
  let magic = SIMD8<Float>(repeating: 12_582_912)  // 1.5 * 2^23: adding it rounds to an integer
  let shifted = t + magic
  let f = t - (shifted - magic)
  var p = SIMD8<Float>(repeating: 1.535_336e-4)
  p = p * f + 1.339_887e-3
  p = p * f + 9.618_437e-3
  p = p * f + 5.550_332_5e-2
  p = p * f + 2.402_264_6e-1
  p = p * f + 6.931_472e-1
  p = p * f + 1
  let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
  return unsafeBitCast(unsafeBitCast(p, to: SIMD8<Int32>.self) &+ exponent, to: SIMD8<Float>.self)
}
