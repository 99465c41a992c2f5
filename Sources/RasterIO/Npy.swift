import DurableFiles
import Foundation
import Rasters

/// An array of any rank in memory, which `numpy.load` can read and `numpy.save` can write.
public struct NpyArray: Sendable, Equatable {
  public var shape: [Int]
  /// C order (the last index runs fastest).
  public var values: [Float]

  public init(shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "an array holds as many values as its shape")
    self.shape = shape
    self.values = values
  }

  /// Reads float, integer or Boolean values of either byte order; Fortran order is converted to C
  /// order.
  /// - Throws: `RasterError` for a missing, truncated or hostile file, and for complex, text and
  ///   structured types.
  public static func read(_ path: String) throws -> NpyArray {
    let reader = try NpyReader(path)
    let header = reader.header
    let values = try reader.file.samples(
      header.count, of: header.type, order: header.order, at: header.dataOffset)
    guard header.isFortranOrder, header.shape.count > 1 else {
      return NpyArray(shape: header.shape, values: values)
    }
    return NpyArray(shape: header.shape, values: cOrder(values, shape: header.shape))
  }

  /// Writes little-endian float32 in C order. The file is replaced atomically.
  /// - Throws: `RunError.cannotWrite`.
  public func write(to path: String) throws {
    guard ByteOrder.native == .little else {
      try AtomicFile.write(encoded(), to: path)
      return
    }
    // Straight from the array: a copy of a whole scene would be the largest part of its import.
    try AtomicFile.write(to: path) { temporary in
      let file = try FileWriter(path: temporary, named: path)
      try Self.header(shape: shape).withUnsafeBytes { try file.write($0) }
      try values.withUnsafeBytes { try file.write($0) }
    }
  }

  /// The bytes of the `.npy` file, for containers such as tar archives.
  public func encoded() -> Data {
    var data = Self.header(shape: shape)
    data.reserveCapacity(data.count + values.count * 4)
    data.append(littleEndian: values)
    return data
  }

  /// The header of a little-endian float32 array in C order.
  public static func header(shape: [Int]) -> Data { NpyHeader.bytes(floatShape: shape) }

  /// The same for float16, if `isHalf`.
  package static func header(shape: [Int], isHalf: Bool) -> Data {
    NpyHeader.bytes(floatShape: shape, isHalf: isHalf)
  }

  /// `values` of a Fortran-ordered array of `shape`, reordered.
  private static func cOrder(_ values: [Float], shape: [Int]) -> [Float] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in 1..<shape.count { strides[axis] = strides[axis - 1] * shape[axis - 1] }
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    var result = [Float]()
    result.reserveCapacity(values.count)
    for _ in values.indices {
      result.append(values[position])
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}

extension Data {
  /// Appends the values as little-endian float32.
  public mutating func append(littleEndian values: [Float]) {
    if ByteOrder.native == .little {
      values.withUnsafeBytes { append(contentsOf: $0) }
    } else {
      values.map(\.bitPattern.littleEndian).withUnsafeBytes { append(contentsOf: $0) }
    }
  }
}

/// Reads parts of an `.npy` file, which need not fit into memory; usable from any thread.
public final class NpyReader: Sendable {
  let file: OpenedFile
  let header: NpyHeader

  public var shape: [Int] { header.shape }
  /// The number of values of the array.
  public var count: Int { header.count }

  /// Opens `path` and checks that the file is complete, without reading the values.
  /// - Throws: `RasterError`, as `NpyArray.read`.
  public convenience init(_ path: String) throws { try self.init(path, part: nil) }

  /// Opens an array that is a part of a file, such as a member of an archive.
  /// - Throws: `RasterError`, as `NpyArray.read`.
  package init(_ path: String, part: Range<Int>?) throws {
    file = try OpenedFile(path, part: part)
    header = try NpyHeader(of: file)
  }

  /// The values with indices `range` in C order.
  /// - Throws: `RasterError.unsupported` for a Fortran-ordered array, `.malformed` if the file has
  ///   become shorter since it was opened.
  public func read(_ range: Range<Int>) throws -> [Float] {
    guard !header.isFortranOrder || header.shape.count < 2 else {
      throw RasterError.unsupported(
        path: file.path, reason: "Fortran order cannot be read in parts",
        remedy: "Save it again with numpy.ascontiguousarray.")
    }
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a range within the array")
    return try file.samples(
      range.count, of: header.type, order: header.order,
      at: header.dataOffset + range.lowerBound * header.type.byteCount)
  }

  /// Item `index` of the first axis, such as one map of a stack [N, H, W].
  public func readItem(_ index: Int) throws -> NpyArray {
    precondition(!shape.isEmpty && (0..<shape[0]).contains(index), "an item of the first axis")
    let size = count / shape[0]
    return NpyArray(
      shape: Array(shape.dropFirst()), values: try read(index * size..<(index + 1) * size))
  }
}
