import Foundation

extension SafetensorsFile {
  /// Atomically writes arrays in order of their names, metadata, and a checksum of both.
  ///
  /// - Parameters:
  ///   - arrays: type and shape of each.
  ///   - bytes: calls the closure with the bytes of an array, little-endian, in row-major order; called
  ///     twice per array.
  /// - Throws: `RunError.cannotWrite`; what `bytes` throws.
  package static func write(
    _ arrays: [String: (type: ElementType, shape: [Int])], metadata: [String: String] = [:],
    to path: String,
    bytes: (_ name: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    try AtomicFile.write(to: path) { temporary in
      try writeDirectly(arrays, metadata: metadata, to: temporary, named: path, bytes)
    }
  }

  private static func writeDirectly(
    _ arrays: [String: (type: ElementType, shape: [Int])], metadata: [String: String],
    to temporary: String, named path: String,
    _ bytes: (String, (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    var header: [String: SafetensorsHeader] = [:]
    var metadata = metadata
    metadata[layoutKey] = layoutChecksum(arrays.mapValues { ($0.type, $0.shape) })
    var hash = SHA256()
    hash.update(fingerprint(of: metadata))
    var offset = 0
    let names = arrays.keys.sorted()
    for name in names {
      let (type, shape) = arrays[name]!
      let size = shape.reduce(type.byteCount, *)
      header[name] = .array(
        SafetensorsDescription(
          dtype: type.rawValue, shape: shape, dataOffsets: [offset, offset + size]))
      offset += size
      try bytes(name) { hash.update($0) }
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
    for name in names { try bytes(name) { try file.write($0) } }
  }
}
