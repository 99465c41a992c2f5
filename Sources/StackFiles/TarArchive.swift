import DurableFiles
import Foundation

/// Writes a tar archive sequentially.
///
/// Headers contain nothing that changes from run to run (times and owners are 0), so equal members
/// give equal bytes. Source: POSIX.1-1988 `ustar` interchange format.
struct TarArchive {
  private let file: FileWriter
  private static let block = 512

  /// - Parameter named: the path for error messages.
  init(path: String, named name: String) throws {
    file = try FileWriter(path: path, named: name)
  }

  /// Appends a member; its name has at most 100 bytes and its content less than 8 GiB.
  func add(_ content: Data, named name: String) throws {
    try file.write(Data(Self.header(name: name, byteCount: content.count)))
    try file.write(content)
    let rest = content.count % Self.block
    if rest > 0 { try file.write(Data(count: Self.block - rest)) }
  }

  /// Writes the end marker; without it `tar` warns of a truncated archive.
  func finish() throws { try file.write(Data(count: 2 * Self.block)) }

  static func header(name: String, byteCount: Int) -> [UInt8] {
    precondition(name.utf8.count <= 100 && byteCount < 1 << 33, "a member that ustar can hold")
    var header = [UInt8](repeating: 0, count: block)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    func octal(_ value: Int, _ digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(name, at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(byteCount, 11), at: 124)
    put("00000000000", at: 136)
    put("        ", at: 148)  // the checksum treats its own field as spaces
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(octal(sum, 6) + "\0 ", at: 148)
    return header
  }
}
