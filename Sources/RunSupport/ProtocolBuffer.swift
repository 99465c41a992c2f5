import Foundation

/// Builds a protocol buffer message, field by field.
///
/// Source: the wire format of protocol buffers: a tag (field number and wire type), then the value.
struct ProtocolBuffer {
  private(set) var bytes = Data()

  mutating func double(_ field: UInt64, _ value: Double) {
    varint(field << 3 | 1)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func float(_ field: UInt64, _ value: Float) {
    varint(field << 3 | 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func integer(_ field: UInt64, _ value: Int) {
    varint(field << 3)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func data(_ field: UInt64, _ value: Data) {
    varint(field << 3 | 2)
    varint(UInt64(value.count))
    bytes.append(value)
  }

  mutating func string(_ field: UInt64, _ value: String) { data(field, Data(value.utf8)) }

  mutating func message(_ field: UInt64, _ build: (inout ProtocolBuffer) -> Void) {
    var inner = ProtocolBuffer()
    build(&inner)
    data(field, inner.bytes)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
