import Foundation

/// Named arrays and string metadata in one file, in the safetensors format: the length of a JSON
/// header (8 bytes, little-endian), the header, the raw values.
///
/// Reading maps the file into memory; arrays are copied when they are asked for. Every length, shape
/// and offset of the header is checked against the size of the file first.
/// Source: the format's description in the repository huggingface/safetensors.
package struct SafetensorsFile: @unchecked Sendable {
  // `@unchecked Sendable` because `mapping` is read-only memory that never changes after init.
  private let mapping: Data
  private let dataStart: Int
  private let entries: [String: Entry]
  package let metadata: [String: String]
  package let path: String

  /// What the header says of an array.
  package struct Entry: Sendable, Equatable {
    package let type: ElementType
    package let shape: [Int]
    /// Bytes after the header.
    let range: Range<Int>

    package var count: Int { shape.reduce(1, *) }
  }
  /// The header of a generator has a few kilobytes; decoding needs twenty times its size in memory.
  static let maximumHeaderBytes = 16 << 20

  /// Maps and checks a file.
  /// - Throws: `RunError.damaged` with `path` if it is missing, truncated, or not a safetensors
  ///   file.
  package init(path: String) throws {
    func failure(_ reason: String) -> RunError { .damaged(path: path, reason: reason) }
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
        "not a safetensors file, or truncated: its header claims \(length) bytes, "
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
  package func entry(_ name: String) -> Entry? { entries[name] }

  /// Calls `body` with the bytes of an array, little-endian, in row-major order.
  /// - Throws: `RunError.damaged` if there is no array of that name; what `body` throws.
  package func withBytes<Result>(
    of name: String, _ body: (Entry, UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard let entry = entries[name] else {
      throw RunError.damaged(path: path, reason: "holds no tensor '\(name)'")
    }
    return try mapping.withUnsafeBytes { bytes in
      let range = dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound
      return try body(entry, UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }

  /// Copies an array of float32.
  /// - Throws: `RunError.damaged` if there is no array of that name and type.
  package func floats(_ name: String) throws -> [Float] {
    try withBytes(of: name) { entry, bytes in
      guard entry.type == .float32 else {
        throw RunError.damaged(
          path: path, reason: "its '\(name)' is \(entry.type.rawValue), and F32 is expected")
      }
      // The values may begin at any byte.
      return [Float](unsafeUninitializedCapacity: entry.count) { buffer, count in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        count = entry.count
      }
    }
  }

  private static func parseHeader(
    _ bytes: Data, dataBytes: Int, _ failure: (String) -> RunError
  ) throws -> (entries: [String: Entry], metadata: [String: String]) {
    let header: [String: SafetensorsHeader]
    do {
      header = try JSONDecoder().decode([String: SafetensorsHeader].self, from: Data(bytes))
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
      case .array(let description):
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
      throw failure(
        "its tensors fill \(end) bytes, but \(dataBytes) are there: truncated or damaged")
    }
    return (entries, metadata)
  }

  /// The metadata key of the checksum of values and metadata.
  static let checksumKey = "sha256"
  /// The metadata key of the checksum of names, types and shapes.
  static let layoutKey = "layout_sha256"

  /// Verifies the checksum that `write` stored in the file.
  /// - Throws: `RunError.damaged` if a byte differs, or if the file has no checksum.
  package func verifyChecksum() throws {
    guard let expected = metadata[Self.checksumKey] else {
      throw RunError.damaged(
        path: path, reason: "has no checksum: it was written by another program")
    }
    var hash = SHA256()
    hash.update(Self.fingerprint(of: metadata))
    hash.update(mapping[dataStart...])
    let layout = Self.layoutChecksum(entries.mapValues { ($0.type, $0.shape) })
    guard hash.hex() == expected, metadata[Self.layoutKey] ?? layout == layout else {
      throw RunError.damaged(path: path, reason: "is damaged: its checksum does not match")
    }
  }

  static func layoutChecksum(_ tensors: [String: (ElementType, [Int])]) -> String {
    let lines = tensors.sorted { $0.key < $1.key }.map { name, tensor in
      "\(name)\u{0}\(tensor.0.code) \(tensor.1)\u{0}"
    }
    var hash = SHA256()
    hash.update(Data(lines.joined().utf8))
    return hash.hex()
  }

  static func fingerprint(of metadata: [String: String]) -> Data {
    let lines = metadata.filter { $0.key != checksumKey }.sorted { $0.key < $1.key }
    return Data(lines.map { "\($0.key)\u{0}\($0.value)\u{0}" }.joined().utf8)
  }
}
