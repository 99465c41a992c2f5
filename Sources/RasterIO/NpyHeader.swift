import Foundation
import Rasters

/// The header of a NumPy `.npy` file, versions 1, 2 and 3.
struct NpyHeader: Sendable, Equatable {
  var type: SampleType
  var order: ByteOrder
  var isFortranOrder: Bool
  var shape: [Int]
  /// Offset of the values in bytes.
  var dataOffset: Int

  /// The number of values of an array of this `shape`.
  var count: Int { shape.reduce(1, *) }

  /// Reads and checks the header, and checks that the file holds `count` values.
  /// - Throws: `RasterError.malformed` or `.unsupported`; no memory is allocated before the check.
  init(of file: OpenedFile) throws {
    func malformed(_ reason: String) -> RasterError { .malformed(path: file.path, reason: reason) }
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard file.byteCount >= 10, try file.bytes(6, at: 0) == magic else {
      throw malformed("it does not begin like an .npy file")
    }
    let prefix = try file.bytes(10, at: 0)
    let version = prefix[6]
    let textOffset: Int
    let textCount: Int
    switch version {
    case 1:
      textOffset = 10
      textCount = Int(prefix[8]) | Int(prefix[9]) << 8
    case 2, 3:
      let size = try file.bytes(4, at: 8)
      textOffset = 12
      textCount = size.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    default:
      throw RasterError.unsupported(
        path: file.path, reason: ".npy version \(version)", remedy: "Save it again with NumPy.")
    }
    // A usual header has about a hundred bytes; no shape makes it larger than this.
    guard textCount <= 1 << 16, textOffset + textCount <= file.byteCount else {
      throw malformed("its header claims \(textCount) bytes")
    }
    let text = String(decoding: try file.bytes(textCount, at: textOffset), as: UTF8.self)
    guard let fields = Self.fields(of: text) else {
      throw malformed("its header cannot be parsed: \(text.prefix(80))")
    }
    guard let kind = fields.descr.first, let type = SampleType(numpyCode: fields.descr.dropFirst()),
      kind == "<" || kind == ">" || kind == "=" || (kind == "|" && type.byteCount == 1)
    else {
      throw RasterError.unsupported(
        path: file.path, reason: "values of type '\(fields.descr)'",
        remedy: "Save real numbers: array.astype('<f4').")
    }
    var count = 1
    for size in fields.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { throw malformed("impossible shape \(fields.shape)") }
      count = product
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    let available = file.byteCount - textOffset - textCount
    guard !overflow, bytes == available else {
      throw malformed(
        "shape \(fields.shape) of \(fields.descr) needs \(overflow ? "too many" : "\(bytes)") bytes "
          + "after the header, and it has \(available)")
    }
    self.type = type
    self.order = kind == ">" ? .big : .little
    self.isFortranOrder = fields.isFortranOrder
    self.shape = fields.shape
    self.dataOffset = textOffset + textCount
  }

  /// The three entries of the Python dictionary, or `nil`.
  private static func fields(of text: String) -> (
    descr: String, isFortranOrder: Bool, shape: [Int]
  )? {
    func value(after key: String) -> Substring? {
      for quote in ["'", "\""] {
        if let range = text.range(of: "\(quote)\(key)\(quote)") {
          let rest = text[range.upperBound...].drop { $0 == " " }
          guard rest.first == ":" else { return nil }
          return rest.dropFirst().drop { $0 == " " }
        }
      }
      return nil
    }
    guard let descr = value(after: "descr"), let order = value(after: "fortran_order"),
      let shape = value(after: "shape")
    else { return nil }
    guard
      let isFortranOrder = order.hasPrefix("True") ? true : order.hasPrefix("False") ? false : nil
    else { return nil }

    guard shape.first == "(", let close = shape.firstIndex(of: ")") else { return nil }
    let items = shape[..<close].dropFirst().split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.filter { $0 != " " && $0 != "L" } }
    var sizes = [Int]()
    for (index, item) in items.enumerated() {
      if item.isEmpty && index == items.count - 1 { break }  // "()" and "(3,)"
      guard let size = Int(item) else { return nil }
      sizes.append(size)
    }

    // A structured type is a list; it is not supported, but named in the error.
    guard let quote = descr.first, quote == "'" || quote == "\"" else {
      return (String(descr.prefix(40)), isFortranOrder, sizes)
    }
    let inside = descr.dropFirst()
    guard let end = inside.firstIndex(of: quote) else { return nil }
    return (String(inside[..<end]), isFortranOrder, sizes)
  }

  /// A version-1 header for little-endian float32 or float16 in C order, padded to 64 bytes as NumPy
  /// does.
  static func bytes(floatShape shape: [Int], isHalf: Bool = false) -> Data {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '<f\(isHalf ? 2 : 4)', 'fortran_order': False, 'shape': (\(sizes)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let count = text.utf8.count
    precondition(count <= 0xffff, "a shape of so many axes is a bug")
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xff), UInt8(count >> 8)])
      + Data(text.utf8)
  }
}
