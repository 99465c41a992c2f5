import Rasters

/// The order of the bytes of one number in a file.
public enum ByteOrder: String, Sendable, Codable, CaseIterable {
  case little, big

  #if _endian(little)
    static let native = ByteOrder.little
  #else
    static let native = ByteOrder.big
  #endif
}

/// The type of the numbers in a file. All are read as Float: integers beyond 2^24 and float64
/// values are rounded to the nearest Float.
public enum SampleType: String, Sendable, Codable, CaseIterable {
  case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, float32, float64
  /// Real and imaginary float32; read as its phase in radians, in (-pi, pi].
  case complex64

  public var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .uint16, .int16, .float16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64, .complex64: 8
    }
  }

  /// The type that NumPy's character code and size name (`f4`, `i2`, `b1`).
  init?(numpyCode: Substring) {
    switch numpyCode {
    case "u1", "b1": self = .uint8
    case "i1": self = .int8
    case "u2": self = .uint16
    case "i2": self = .int16
    case "u4": self = .uint32
    case "i4": self = .int32
    case "u8": self = .uint64
    case "i8": self = .int64
    case "f2": self = .float16
    case "f4": self = .float32
    case "f8": self = .float64
    default: return nil
    }
  }

  /// - Parameter lengths: those of complex numbers in place of their phases.
  func appendFloats(
    from bytes: UnsafeRawBufferPointer, order: ByteOrder, lengths: Bool = false,
    to result: inout [Float]
  ) {
    func integers<T: FixedWidthInteger>(_: T.Type, _ body: (T) -> Float) {
      for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<T>.size) {
        let raw = bytes.loadUnaligned(fromByteOffset: offset, as: T.self)
        result.append(body(order == .native ? raw : raw.byteSwapped))
      }
    }
    switch self {
    case .uint8: integers(UInt8.self) { Float($0) }
    case .int8: integers(Int8.self) { Float($0) }
    case .uint16: integers(UInt16.self) { Float($0) }
    case .int16: integers(Int16.self) { Float($0) }
    case .uint32: integers(UInt32.self) { Float($0) }
    case .int32: integers(Int32.self) { Float($0) }
    case .uint64: integers(UInt64.self) { Float($0) }
    case .int64: integers(Int64.self) { Float($0) }
    case .float16: integers(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .float32: integers(UInt32.self) { Float(bitPattern: $0) }
    case .float64: integers(UInt64.self) { Float(Double(bitPattern: $0)) }
    case .complex64:
      var parts = [Float]()
      SampleType.float32.appendFloats(from: bytes, order: order, to: &parts)
      for index in stride(from: 0, to: parts.count, by: 2) {
        let (real, imaginary) = (parts[index], parts[index + 1])
        result.append(
          lengths
            ? Phase.lengthOfComplex(real: real, imaginary: imaginary)
            : Phase.ofComplex(real: real, imaginary: imaginary))
      }
    }
  }
}
