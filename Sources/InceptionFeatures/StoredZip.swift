import Foundation

/// A zip archive with uncompressed entries, as `torch.save` writes it.
///
/// Source: PKWARE APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16.
struct StoredZip {
  private let data: Data
  private let entries: [String: (header: Int, size: Int)]

  var names: [String] { entries.keys.sorted() }

  /// Reads the central directory.
  /// - Throws: `PickleFault` for a truncated or damaged archive.
  init(_ data: Data) throws {
    self.data = data
    // The end record has 22 bytes and a comment of up to 65535.
    let earliest = max(0, data.count - 22 - 65_535)
    var end: Int?
    var place = data.count - 22
    while place >= earliest, end == nil {
      if Self.number(data, place, 4) == 0x0605_4b50 { end = place }
      place -= 1
    }
    guard let end, let count = Self.number(data, end + 10, 2),
      let start = Self.number(data, end + 16, 4), start < 0xffff_ffff, count < 0xffff
    else { throw PickleFault("the zip's directory is missing: the file is cut off") }
    var entries: [String: (header: Int, size: Int)] = [:]
    var record = start
    for _ in 0..<count {
      guard Self.number(data, record, 4) == 0x0201_4b50,
        let method = Self.number(data, record + 10, 2),
        let size = Self.number(data, record + 20, 4),
        let nameLength = Self.number(data, record + 28, 2),
        let extraLength = Self.number(data, record + 30, 2),
        let commentLength = Self.number(data, record + 32, 2),
        let header = Self.number(data, record + 42, 4),
        record + 46 + nameLength <= data.count
      else { throw PickleFault("the zip's directory is damaged") }
      let nameStart = data.startIndex + record + 46
      let name = String(decoding: data[nameStart..<nameStart + nameLength], as: UTF8.self)
      guard method == 0 else { throw PickleFault("'\(name)' is compressed") }
      entries[name] = (header, size)
      record += 46 + nameLength + extraLength + commentLength
    }
    self.entries = entries
  }

  /// The bytes of one entry.
  func content(_ name: String) throws -> Data {
    guard let entry = entries[name] else { throw PickleFault("'\(name)' is missing") }
    guard Self.number(data, entry.header, 4) == 0x0403_4b50,
      let nameLength = Self.number(data, entry.header + 26, 2),
      let extraLength = Self.number(data, entry.header + 28, 2)
    else { throw PickleFault("'\(name)' is damaged") }
    let start = entry.header + 30 + nameLength + extraLength
    guard start <= data.count, entry.size <= data.count - start else {
      throw PickleFault("'\(name)' is cut off")
    }
    return data[data.startIndex + start..<data.startIndex + start + entry.size]
  }

  /// A little-endian number, or `nil` beyond the data.
  private static func number(_ data: Data, _ place: Int, _ count: Int) -> Int? {
    guard place >= 0, place <= data.count - count else { return nil }
    let start = data.startIndex + place
    return data[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
