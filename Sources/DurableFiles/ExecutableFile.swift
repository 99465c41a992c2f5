import Foundation

/// A program on disk, read without starting it.
package enum ExecutableFile {
  /// The text in a section of a 64-bit little-endian ELF file; `nil` for any other file, such as a
  /// script, and without such a section.
  package static func text(ofSection name: String, in path: String) -> String? {
    guard let file = try? InputFile.map(path),
      file.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])  // magic number, 64 bits, little-endian
    else { return nil }
    func number<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) -> Int? {
      guard offset >= 0, offset <= file.count - MemoryLayout<Value>.size else { return nil }
      return Int(
        exactly: file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) })
    }
    /// The bytes from an offset to the next zero.
    func text(_ offset: Int) -> String? {
      guard (0..<file.count).contains(offset) else { return nil }
      return String(decoding: file[offset...].prefix(256).prefix { $0 != 0 }, as: UTF8.self)
    }
    guard let table = number(0x28, UInt64.self), let size = number(0x3A, UInt16.self),
      let count = number(0x3C, UInt16.self), let namesIndex = number(0x3E, UInt16.self),
      table <= file.count, let names = number(table + namesIndex * size + 0x18, UInt64.self)
    else { return nil }
    for section in (0..<count).map({ table + $0 * size }) {
      guard let place = number(section, UInt32.self), names <= file.count,
        let offset = number(section + 0x18, UInt64.self)
      else { return nil }
      if text(names + place) == name { return text(offset) }
    }
    return nil
  }
}
