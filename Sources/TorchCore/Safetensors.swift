import DurableFiles
import Foundation

/// Named tensors and string metadata in one file, in the safetensors layout: the length of a JSON
/// header (8 bytes, little-endian), the header, the raw values.
///
/// Reading maps the file into memory and copies only the requested tensors. Every length, shape and
/// offset in the header is checked first.
package struct Safetensors: @unchecked Sendable {
  // `@unchecked Sendable` because `mapping` is read-only memory that never changes after init.
  private let mapping: Data
  private let dataStart: Int
  private let entries: [String: Entry]
  package let metadata: [String: String]
  package let path: String

  struct Entry: Equatable {
    let dtype: DType
    let shape: [Int]
    let range: Range<Int>
  }
  /// The header of a generator has a few kilobytes; decoding needs twenty times its size in memory.
  static let maximumHeaderBytes = 16 << 20

  /// Maps and checks a file.
  /// - Throws: `TorchError.file` with `path` if it is missing, truncated, or not a safetensors
  ///   file.
  package init(path: String) throws {
    func failure(_ reason: String) -> TorchError { .file(path: path, reason: reason) }
    do {
      mapping = try InputFile.map(path)
    } catch {
      let missing = !FileSystem.exists(path)
      throw failure(missing ? "no such file" : "cannot be read: check its permissions")
    }
    if let foreign = ForeignContent(placeholder: Array(mapping.prefix(ForeignContent.startLength)))
    {
      throw failure("\(foreign.reason). \(foreign.remedy)")
    }
    guard mapping.count >= 8 else { throw failure("too short to be a safetensors file") }
    let length = mapping.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(mapping.count - 8, Self.maximumHeaderBytes)) else {
      throw failure(
        "not a safetensors file, or cut off: its header claims \(length) bytes, "
          + "the file has \(mapping.count)")
    }
    dataStart = 8 + Int(length)
    let header = try Self.parseHeader(
      mapping[8..<dataStart], dataBytes: mapping.count - dataStart, failure)
    entries = header.entries
    metadata = header.metadata
    self.path = path
  }

  package var names: [String] { entries.keys.sorted() }
  package func contains(_ name: String) -> Bool { entries[name] != nil }
  package func shape(_ name: String) -> [Int]? { entries[name]?.shape }
  package func dtype(_ name: String) -> DType? { entries[name]?.dtype }

  /// Copies one tensor out of the file.
  /// - Throws: `TorchError.file` if there is no tensor of that name.
  package func tensor(_ name: String, device: Device = .cpu) throws -> Tensor {
    guard let entry = entries[name] else {
      throw TorchError.file(path: path, reason: "holds no tensor '\(name)'")
    }
    return try mapping.withUnsafeBytes { bytes in
      let values = bytes[
        (dataStart + entry.range.lowerBound)..<(dataStart + entry.range.upperBound)]
      return try Tensor(
        bytes: UnsafeRawBufferPointer(rebasing: values), dtype: entry.dtype, shape: entry.shape,
        device: device)
    }
  }

  /// Copies the requested tensors.
  package func tensors(where isWanted: (String) -> Bool = { _ in true }) throws -> [String: Tensor]
  {
    var result: [String: Tensor] = [:]
    for name in entries.keys where isWanted(name) { result[name] = try tensor(name) }
    return result
  }

  private static func parseHeader(
    _ bytes: Data, dataBytes: Int, _ failure: (String) -> TorchError
  ) throws -> (entries: [String: Entry], metadata: [String: String]) {
    let header: [String: HeaderValue]
    do {
      header = try JSONDecoder().decode([String: HeaderValue].self, from: Data(bytes))
    } catch {
      throw failure("its header is not the JSON of a safetensors file")
    }
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]
    for (name, value) in header {
      switch value {
      case .metadata(let strings):
        guard name == "__metadata__" else { throw failure("'\(name)' has no dtype or shape") }
        metadata = strings
      case .tensor(let description):
        entries[name] = try description.entry(name, dataBytes: dataBytes, failure)
      }
    }
    // The format has no gaps between tensors: a gap or an overlap means a damaged header.
    var end = 0
    for (name, entry) in entries.sorted(by: {
      $0.value.range.lowerBound < $1.value.range.lowerBound
    })
    where !entry.range.isEmpty {
      guard entry.range.lowerBound == end else {
        throw failure("'\(name)' starts at byte \(entry.range.lowerBound), not \(end)")
      }
      end = entry.range.upperBound
    }
    guard end == dataBytes else {
      throw failure("its tensors fill \(end) bytes, but \(dataBytes) are there: cut off or damaged")
    }
    return (entries, metadata)
  }

  private enum HeaderValue: Codable {
    case tensor(Description)
    case metadata([String: String])
    init(from decoder: Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let strings = try? container.decode([String: String].self) {
        self = .metadata(strings)
      } else {
        self = .tensor(try container.decode(Description.self))
      }
    }
    func encode(to encoder: Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .tensor(let description): try container.encode(description)
      case .metadata(let strings): try container.encode(strings)
      }
    }
  }

  private struct Description: Codable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }

    func entry(_ name: String, dataBytes: Int, _ failure: (String) -> TorchError) throws -> Entry {
      guard let type = typeNames.first(where: { $0.value == dtype })?.key else {
        throw failure("'\(name)' has the unknown type \(dtype)")
      }
      var bytes = type.bytesPerElement
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
            + "of \(dataBytes): cut off or damaged")
      }
      return Entry(dtype: type, shape: shape, range: dataOffsets[0]..<dataOffsets[1])
    }
  }

  private static let typeNames: [DType: String] = [
    .bool: "BOOL", .uint8: "U8", .int8: "I8", .int16: "I16", .int32: "I32", .int64: "I64",
    .float16: "F16", .bfloat16: "BF16", .float32: "F32", .float64: "F64", .complex64: "C64",
  ]

  /// The metadata key of the checksum of values and metadata.
  private static let checksumKey = "sha256"
  /// The metadata key of the checksum of names, types and shapes.
  private static let layoutKey = "layout_sha256"

  /// Verifies the checksum that `write` stored in the file.
  /// - Throws: `TorchError.file` if a byte differs, or if the file has no checksum.
  package func verifyChecksum() throws {
    guard let expected = metadata[Self.checksumKey] else {
      throw TorchError.file(
        path: path, reason: "has no checksum: it was written by another program")
    }
    var hash = SHA256()
    hash.update(Self.fingerprint(of: metadata))
    hash.update(mapping[dataStart...])
    let layout = Self.layoutChecksum(entries.mapValues { ($0.dtype, $0.shape) })
    guard hash.hex() == expected, metadata[Self.layoutKey] ?? layout == layout else {
      throw TorchError.file(path: path, reason: "is damaged: its checksum does not match")
    }
  }

  private static func layoutChecksum(_ tensors: [String: (DType, [Int])]) -> String {
    let lines = tensors.sorted { $0.key < $1.key }.map { name, tensor in
      "\(name)\u{0}\(tensor.0.rawValue) \(tensor.1)\u{0}"
    }
    var hash = SHA256()
    hash.update(Data(lines.joined().utf8))
    return hash.hex()
  }

  private static func fingerprint(of metadata: [String: String]) -> Data {
    let lines = metadata.filter { $0.key != checksumKey }.sorted { $0.key < $1.key }
    return Data(lines.map { "\($0.key)\u{0}\($0.value)\u{0}" }.joined().utf8)
  }

  /// Atomically writes tensors in order of their names, metadata, and a checksum of both.
  /// - Throws: `RunError.cannotWrite`, or `TorchError.file` for a type that the format does not
  ///   have.
  package static func write(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
  ) throws {
    try AtomicFile.write(to: path) { temporary in
      try writeDirectly(tensors, metadata: metadata, to: temporary, named: path)
    }
  }

  private static func writeDirectly(
    _ tensors: [String: Tensor], metadata: [String: String], to temporary: String,
    named path: String
  ) throws {
    var header: [String: HeaderValue] = [:]
    var metadata = metadata
    metadata[layoutKey] = layoutChecksum(tensors.mapValues { ($0.dtype, $0.shape) })
    var hash = SHA256()
    hash.update(fingerprint(of: metadata))
    var offset = 0
    let names = tensors.keys.sorted()
    for name in names {
      let tensor = tensors[name]!
      guard let type = typeNames[tensor.dtype] else {
        throw TorchError.file(path: path, reason: "cannot hold '\(name)' of type \(tensor.dtype)")
      }
      let bytes = tensor.count * tensor.dtype.bytesPerElement
      header[name] = .tensor(
        Description(dtype: type, shape: tensor.shape, dataOffsets: [offset, offset + bytes]))
      offset += bytes
      try tensor.withBytes { hash.update($0) }
    }
    header["__metadata__"] = .metadata(metadata.merging([checksumKey: hash.hex()]) { $1 })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(header)
    // Padded with spaces, so that the values start at a multiple of 8.
    json.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8))

    let file = try FileWriter(path: temporary, named: path)
    var length = UInt64(json.count).littleEndian
    try withUnsafeBytes(of: &length) { try file.write($0) }
    try json.withUnsafeBytes { try file.write($0) }
    for name in names { try tensors[name]!.withBytes { try file.write($0) } }
  }
}
