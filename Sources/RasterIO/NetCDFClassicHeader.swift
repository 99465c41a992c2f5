import Rasters

/// The header of a classic netCDF file (CDF-1, -2 and -5), as far as needed to compute the length
/// of the file: the netCDF library reads zeros past the end of a truncated file.
/// Source: Unidata, NetCDF Classic Format Specification.
struct NetCDFClassicHeader {
  private let file: OpenedFile
  private var position = 4
  private let version: UInt8

  /// `nil` for any other kind of file.
  init?(of file: OpenedFile) throws {
    guard file.byteCount >= 4 else { return nil }
    let magic = try file.bytes(4, at: 0)
    guard magic.starts(with: Array("CDF".utf8)), [1, 2, 5].contains(magic[3]) else { return nil }
    self.file = file
    version = magic[3]
  }

  /// - Throws: `RasterError.malformed` if not all variables lie within the file.
  mutating func checkLength() throws {
    let recordCount = try size()
    let dimensions = try list { header -> Int in
      try header.skipName()
      return try header.size()
    }
    try skipAttributes()
    // The values of record variables are interleaved, one record after another.
    let variables = try list { header -> (begin: Int, bytes: Int, isRecord: Bool) in
      try header.skipName()
      let identifiers = try header.checkedCount(header.size()).map { _ in try header.size() }
      guard identifiers.allSatisfy(dimensions.indices.contains) else { throw header.damaged }
      try header.skipAttributes()
      let type = try header.integer(bytes: 4)
      _ = try header.size()  // Its own size field overflows in large files; the dimensions do not.
      let begin = try header.integer(bytes: header.version == 1 ? 4 : 8)
      let isRecord = identifiers.first.map { dimensions[$0] == 0 } ?? false
      var bytes = try header.byteCount(ofType: type)
      for identifier in identifiers.dropFirst(isRecord ? 1 : 0) {
        bytes = try header.product(bytes, dimensions[identifier])
      }
      return (begin, bytes, isRecord)
    }
    let recordVariables = variables.filter(\.isRecord)
    let recordBytes = try recordVariables.reduce(0) {
      try sum($0, recordVariables.count == 1 ? $1.bytes : ($1.bytes + 3) / 4 * 4)
    }
    for variable in variables {
      let before =
        variable.isRecord ? try product(max(0, recordCount - 1), recordBytes) : 0
      let end = try sum(sum(variable.begin, before), variable.bytes)
      let isEmpty = variable.isRecord && recordCount == 0
      guard isEmpty || end <= file.byteCount else {
        throw RasterError.malformed(
          path: file.path,
          reason: "its values end at byte \(end), and the file at byte \(file.byteCount)")
      }
    }
  }

  private var damaged: RasterError {
    .malformed(path: file.path, reason: "its netCDF header is invalid")
  }

  private func product(_ a: Int, _ b: Int) throws -> Int {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    guard !overflow, result <= 1 << 60 else { throw damaged }
    return result
  }

  private func sum(_ a: Int, _ b: Int) throws -> Int {
    let (result, overflow) = a.addingReportingOverflow(b)
    guard !overflow, result <= 1 << 60 else { throw damaged }
    return result
  }

  private func byteCount(ofType type: Int) throws -> Int {
    switch type {
    case 1, 2, 7: 1
    case 3, 8: 2
    case 4, 5, 9: 4
    case 6, 10, 11: 8
    default: throw damaged
    }
  }

  /// A non-negative big-endian number; if all bits are set (record count of a stream), it is read
  /// as 0.
  private mutating func integer(bytes count: Int) throws -> Int {
    let bytes = try file.bytes(count, at: position)
    position += count
    if bytes.allSatisfy({ $0 == 0xff }) { return 0 }
    guard count < 8 || bytes[0] < 0x10 else { throw damaged }
    return bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func size() throws -> Int { try integer(bytes: version == 5 ? 8 : 4) }

  /// Checks a count of elements that need at least four bytes of the file each.
  private func checkedCount(_ count: Int) throws -> Range<Int> {
    guard count <= file.byteCount / 4 else { throw damaged }
    return 0..<count
  }

  private mutating func skip(_ count: Int) throws {
    guard count >= 0, count <= file.byteCount - position else { throw damaged }
    position += count
  }

  private mutating func skipName() throws {
    let count = try size()
    guard count <= file.byteCount else { throw damaged }
    try skip((count + 3) / 4 * 4)
  }

  private mutating func list<T>(_ element: (inout Self) throws -> T) throws -> [T] {
    _ = try integer(bytes: 4)  // the tag, 0 for an absent list
    let count = try size()
    return try checkedCount(count).map { _ in try element(&self) }
  }

  private mutating func skipAttributes() throws {
    _ = try list { header in
      try header.skipName()
      let type = try header.integer(bytes: 4)
      let bytes = try header.product(try header.size(), try header.byteCount(ofType: type))
      try header.skip((bytes + 3) / 4 * 4)
    }
  }
}
