/// Loops over the pixels of planes, each [height x width], row-major. Each pixel is one rounded operation
/// after the other, so that results do not depend on how many are done at a time.
package enum Planes {
  /// `count` numbers that `fill` writes, all of them.
  package static func filled(_ count: Int, _ fill: (UnsafeMutablePointer<Float>) throws -> Void)
    rethrows
    -> [Float]
  {
    try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress { try fill(start) }
      initialized = count
    }
  }

  /// How many values have a bit pattern without its sign of this kind: infinite is 0x7f80_0000, NaN
  /// more, finite less.
  package static func count(_ plane: [Float], where isMeant: (UInt32) -> Bool) -> Int {
    plane.withUnsafeBufferPointer { plane in
      var count = 0
      // In blocks, so that the sum of a block fits the lanes of a vector.
      for start in stride(from: 0, to: plane.count, by: 4096) {
        var part: UInt32 = 0
        for pixel in start..<min(start + 4096, plane.count) {
          part &+= isMeant(plane[pixel].bitPattern & 0x7fff_ffff) ? 1 : 0
        }
        count += Int(part)
      }
      return count
    }
  }

  package static func scaled(_ plane: [Float], by factor: Float) -> [Float] {
    plane.withUnsafeBufferPointer { plane in
      filled(plane.count) { out in
        for pixel in 0..<plane.count { out[pixel] = plane[pixel] * factor }
      }
    }
  }

  /// `later` minus `earlier`, which has as many pixels.
  package static func difference(_ later: [Float], _ earlier: [Float]) -> [Float] {
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
