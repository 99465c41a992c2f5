import Foundation
import RasterIO

/// A named array of a training sample, with unit and meaning.
public struct SampleArray: Sendable, Equatable {
  /// Letters, digits and underscores, because it becomes part of file names.
  public var name: String
  /// For example `cm/yr` or `rad`; `1` for a dimensionless number.
  public var unit: String
  /// A phrase with the sign convention, such as `line-of-sight rate, positive toward the satellite`.
  public var meaning: String
  public var array: NpyArray
  /// How the values are written.
  public var type: SampleNumberType

  public init(
    name: String, unit: String, meaning: String, array: NpyArray,
    type: SampleNumberType = .float32
  ) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
    self.array = array
    self.type = type
  }
}

/// Number types of a dataset's arrays.
public enum SampleNumberType: String, Sendable, Equatable, Codable {
  case float32, float16

  var byteCount: Int { self == .float32 ? 4 : 2 }
}

/// One sample for machine learning: float32 arrays and a JSON object with metadata.
public struct SampleRecord: Sendable, Equatable {
  public let arrays: [SampleArray]
  /// JSON text on one line with sorted keys, so that equal samples have equal bytes.
  public let metadata: String

  /// - Throws: `EncodingError` for metadata that JSON cannot represent, such as NaN.
  public init(arrays: [SampleArray], metadata: some Encodable) throws {
    self.arrays = arrays
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.metadata = String(decoding: try encoder.encode(metadata), as: UTF8.self)
  }
}

/// Names, units, meanings and shapes of the arrays, which are the same for all samples of a
/// dataset.
public struct SampleLayout: Sendable, Equatable, Codable {
  public struct Entry: Sendable, Equatable, Codable {
    public var name: String
    public var unit: String
    public var meaning: String
    public var shape: [Int]
    /// `nil` for float32.
    public var type: SampleNumberType?
  }

  public var arrays: [Entry]

  /// - Throws: `StackIOError.badSample` if there is no array, or if a name is duplicate or not
  ///   valid in file names.
  init(_ record: SampleRecord) throws {
    arrays = record.arrays.map {
      Entry(
        name: $0.name, unit: $0.unit, meaning: $0.meaning, shape: $0.array.shape,
        type: $0.type == .float32 ? nil : $0.type)
    }
    let names = arrays.map(\.name)
    guard !names.isEmpty, Set(names).count == names.count else {
      throw StackIOError.badSample(reason: "its arrays are named \(names)")
    }
    for name in names where !Self.isArrayName(name) {
      throw StackIOError.badSample(
        reason: "'\(name)' is not a valid array name: use letters, digits and underscores")
    }
  }

  /// A letter, and up to 59 letters, digits and underscores, all of ASCII: a name for files too.
  static func isArrayName(_ name: String) -> Bool {
    let bytes = name.utf8
    func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    return (1...60).contains(bytes.count) && isLetter(bytes.first!)
      && bytes.allSatisfy {
        isLetter($0) || $0 == UInt8(ascii: "_")
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      }
  }

  /// Bytes of one sample's arrays.
  var byteCount: Int { arrays.reduce(0) { $0 + $1.shape.reduce($1.byteCount, *) } }

  /// - Throws: `StackIOError.badSample` unless `record` has the same layout as the first one, and for
  ///   a value that float16 cannot hold.
  func check(_ record: SampleRecord, index: Int) throws {
    let other = try SampleLayout(record)
    guard other == self else {
      let shapes = { (layout: SampleLayout) in
        layout.arrays.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
      }
      throw StackIOError.badSample(
        reason: "sample \(index) has \(shapes(other)), but the first one has \(shapes(self))")
    }
    for array in record.arrays where array.type == .float16 {
      guard let large = array.array.values.first(where: { abs($0) > HalfPrecision.greatest }) else {
        continue
      }
      throw StackIOError.badSample(
        reason:
          "\(array.name) is \(large) in sample \(index), and float16 ends at 65504; write it as "
          + "float32")
    }
  }
}

extension SampleLayout.Entry {
  var byteCount: Int { (type ?? .float32).byteCount }
}

extension SampleArray {
  /// The values in C order, little-endian.
  var bytes: Data {
    var data = Data()
    switch type {
    case .float32: data.append(littleEndian: array.values)
    case .float16: data.append(littleEndianHalf: array.values)
    }
    return data
  }

  /// The bytes of an `.npy` file.
  var npy: Data { NpyArray.header(shape: array.shape, isHalf: type == .float16) + bytes }
}
