import Foundation
import Rasters

/// float16 (IEEE 754 binary16): 11 significant bits, up to 65504.
package enum HalfPrecision {
  package static let greatest: Float = 65504

  /// Rounded to nearest, ties to even; NaN stays NaN, and what is too large becomes infinite.
  ///
  /// In integers, so that a compiler turns the loop over an array into vector instructions.
  /// Source: Giesen, "float->half variants", 2012.
  package static func bits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: (bits >> 16) & 0x8000)
    let size = bits & 0x7fff_ffff
    let half: UInt32
    if size > 0x7f80_0000 {
      half = 0x7e00  // NaN
    } else if size >= 0x4780_0000 {
      half = 0x7c00  // 65536 and more
    } else if size < 0x3880_0000 {
      // Below the smallest normal half: the sum has the result in its last bits, rounded.
      half = (Float(bitPattern: size) + 0.5).bitPattern &- 0x3f00_0000
    } else {
      half = (size &+ 0xc800_0fff &+ ((size >> 13) & 1)) >> 13
    }
    return sign | UInt16(truncatingIfNeeded: half)
  }
}

extension Data {
  /// Appends the values as little-endian float16.
  package mutating func append(littleEndianHalf values: [Float]) {
    let bits = [UInt16](unsafeUninitializedCapacity: values.count) { out, count in
      for (index, value) in values.enumerated() {
        out[index] = HalfPrecision.bits(value).littleEndian
      }
      count = values.count
    }
    bits.withUnsafeBytes { append(contentsOf: $0) }
  }
}
