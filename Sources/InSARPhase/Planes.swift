/// Loops over the pixels of planes, each [height x width], row-major. Each pixel is one rounded operation
/// after the other, so that results do not depend on how many are done at a time.
enum Planes {
  /// `count` numbers that `fill` writes, all of them.
  static func filled(_ count: Int, _ fill: (UnsafeMutablePointer<Float>) throws -> Void) rethrows
    -> [Float]
  {
    try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress { try fill(start) }
      initialized = count
    }
  }

  static func scaled(_ plane: [Float], by factor: Float) -> [Float] {
    plane.withUnsafeBufferPointer { plane in
      filled(plane.count) { out in
        for pixel in 0..<plane.count { out[pixel] = plane[pixel] * factor }
      }
    }
  }

  /// `later` minus `earlier`, which has as many pixels.
  static func difference(_ later: [Float], _ earlier: [Float]) -> [Float] {
    precondition(later.count == earlier.count, "planes of one size")
    return later.withUnsafeBufferPointer { later in
      earlier.withUnsafeBufferPointer { earlier in
        filled(later.count) { out in
          for pixel in 0..<later.count { out[pixel] = later[pixel] - earlier[pixel] }
        }
      }
    }
  }

  /// 0 plus each plane in turn. Each plane has `count` pixels.
  static func sum(_ planes: [[Float]], count: Int) -> [Float] {
    precondition(planes.allSatisfy { $0.count == count }, "planes of one size")
    return filled(count) { out in
      // A block at a time, so that the sum stays in the cache.
      for start in stride(from: 0, to: count, by: 2048) {
        let pixels = start..<min(start + 2048, count)
        for pixel in pixels { out[pixel] = 0 }
        for plane in planes {
          plane.withUnsafeBufferPointer { plane in
            for pixel in pixels { out[pixel] += plane[pixel] }
          }
        }
      }
    }
  }
}
