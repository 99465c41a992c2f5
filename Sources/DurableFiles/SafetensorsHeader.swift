extension SafetensorsFile {
  /// Types of elements; the raw values are the format's names.
  package enum ElementType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case int16 = "I16"
    case int32 = "I32"
    case int64 = "I64"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case float32 = "F32"
    case float64 = "F64"
    case complex64 = "C64"

    package var byteCount: Int {
      switch self {
      case .bool, .uint8, .int8: 1
      case .int16, .float16, .bfloat16: 2
      case .int32, .float32: 4
      case .int64, .float64, .complex64: 8
      }
    }

    /// The number of the type in LibTorch, which the checksum of the layout contains.
    package var code: Int32 {
      switch self {
      case .uint8: 0
      case .int8: 1
      case .int16: 2
      case .int32: 3
      case .int64: 4
      case .float16: 5
      case .float32: 6
      case .float64: 7
      case .complex64: 9
      case .bool: 11
      case .bfloat16: 15
      }
    }
  }
}

/// A value of the header: the description of an array, or the metadata.
enum SafetensorsHeader: Codable {
  case array(SafetensorsDescription)
  case metadata([String: String])
  init(from decoder: Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let strings = try? container.decode([String: String].self) {
      self = .metadata(strings)
    } else {
      self = .array(try container.decode(SafetensorsDescription.self))
    }
  }
  func encode(to encoder: Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .array(let description): try container.encode(description)
    case .metadata(let strings): try container.encode(strings)
    }
  }
}

/// Type, shape and place of an array.
struct SafetensorsDescription: Codable {
  let dtype: String
  let shape: [Int]
  let dataOffsets: [Int]

  enum CodingKeys: String, CodingKey {
    case dtype, shape
    case dataOffsets = "data_offsets"
  }

  func entry(
    _ name: String, dataBytes: Int, _ failure: (String) -> RunError
  ) throws -> SafetensorsFile.Entry {
    guard let type = SafetensorsFile.ElementType(rawValue: dtype) else {
      throw failure("'\(name)' has the unknown type \(dtype)")
    }
    var bytes = type.byteCount
    guard shape.count <= 16, shape.allSatisfy({ $0 >= 0 }) else {
      throw failure("'\(name)' has the impossible shape \(shape)")
    }
    for size in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow else { throw failure("'\(name)' has the impossible shape \(shape)") }
      bytes = product
    }
    guard dataOffsets.count == 2, dataOffsets[0] >= 0, dataOffsets[0] <= dataOffsets[1],
      dataOffsets[1] <= dataBytes, dataOffsets[1] - dataOffsets[0] == bytes
    else {
      throw failure(
        "'\(name)' of shape \(shape) needs \(bytes) bytes, but its offsets are \(dataOffsets) "
          + "of \(dataBytes): truncated or damaged")
    }
    return SafetensorsFile.Entry(
      type: type, shape: shape, range: dataOffsets[0]..<dataOffsets[1])
  }
}
