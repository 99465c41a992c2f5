/// The CRC-32C checksum (Castagnoli polynomial), which TensorBoard's event files use.
///
/// Source: RFC 3720, section 12.1 and appendix B.4.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? (value >> 1) ^ 0x82f6_3b78 : value >> 1
    }
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      table[Int((crc ^ UInt32(byte)) & 0xff)] ^ (crc >> 8)
    }
  }

  /// The rotated checksum plus an offset, as TFRecord files store it: the check would not be
  /// reliable for data that contain their own plain checksums.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = checksum(bytes)
    return ((crc >> 15) | (crc << 17)) &+ 0xa282_ead8
  }
}
