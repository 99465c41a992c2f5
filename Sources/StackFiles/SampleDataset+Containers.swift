import DurableFiles
import Foundation
import RasterIO

/// Chunks of a Zarr v2 store as `ZarrWriter` writes them: one for each sample, not compressed.
enum ZarrChunk {
  private struct Description: Decodable {
    var dtype: String
  }

  static func read(store: String, _ array: SampleLayout.Entry, sample: Int) throws -> NpyArray {
    let description = "\(store)/\(array.name)/.zarray"
    let type: String
    do {
      type = try JSONDecoder().decode(Description.self, from: InputFile.read(description)).dtype
    } catch let error as DecodingError {
      throw SampleDataset.bad(description, "\(error)")
    }
    let size = type == "<f4" ? 4 : type == "<f2" ? 2 : 0
    guard size > 0 else { throw SampleDataset.bad(description, "its type is \(type)") }
    let key = ([sample] + array.shape.map { _ in 0 }).map(String.init).joined(separator: ".")
    let file = "\(store)/\(array.name)/\(key)"
    let bytes = try InputFile.read(file)
    let count = array.shape.reduce(1, *)
    guard bytes.count == count * size else {
      throw SampleDataset.bad(file, "it has \(bytes.count) bytes in place of \(count * size)")
    }
    let values = bytes.withUnsafeBytes { raw in
      (0..<count).map { index in
        size == 4
          ? Float(
            bitPattern: UInt32(
              littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
          : Float(
            Float16(
              bitPattern: UInt16(
                littleEndian: raw.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))))
      }
    }
    return NpyArray(shape: array.shape, values: values)
  }

  /// The texts of a chunk that the `vlen-utf8` filter encoded.
  static func texts(_ file: String) throws -> [String] {
    let bytes = [UInt8](try InputFile.read(file))
    var place = 0
    func number() throws -> Int {
      guard place + 4 <= bytes.count else { throw SampleDataset.bad(file, "it is truncated") }
      defer { place += 4 }
      return bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    var result: [String] = []
    for _ in 0..<(try number()) {
      let length = try number()
      guard length <= bytes.count - place else { throw SampleDataset.bad(file, "it is truncated") }
      result.append(String(decoding: bytes[place..<place + length], as: UTF8.self))
      place += length
    }
    return result
  }
}

/// Finds the members of a tar archive. Source: POSIX.1-1988 `ustar` interchange format.
struct TarReader {
  private let path: String
  private let data: Data

  init(_ path: String) throws {
    self.path = path
    data = try InputFile.map(path)
  }

  /// The places of the members whose names are wanted.
  func members(where isWanted: (String) -> Bool) throws -> [String: Range<Int>] {
    var result: [String: Range<Int>] = [:]
    var place = 0
    while place + 512 <= data.count {
      let header = data[place..<place + 512]
      if header.allSatisfy({ $0 == 0 }) { return result }
      let name = text(header.prefix(100))
      let start = place + 512
      guard let size = Int(text(header.dropFirst(124).prefix(12)), radix: 8), size >= 0,
        size <= data.count - start
      else { throw SampleDataset.bad(path, "the header at byte \(place) is damaged") }
      if isWanted(name) { result[name] = start..<start + size }
      place = start + (size + 511) / 512 * 512
    }
    return result
  }

  func bytes(_ part: Range<Int>) -> Data { data[part] }

  private func text(_ field: Data) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
      .trimmingCharacters(in: .whitespaces)
  }
}
