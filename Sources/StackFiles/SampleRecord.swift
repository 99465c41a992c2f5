import Foundation
import RasterIO

/// A named array of a training sample, with what its numbers mean.
public struct SampleArray: Sendable, Equatable {
  /// Letters, digits and underscores: it becomes part of file names.
  public var name: String
  /// Such as `cm/yr` or `rad`; `1` for a pure number.
  public var unit: String
  /// A phrase with the sign convention, such as `line-of-sight rate, positive toward the satellite`.
  public var meaning: String
  public var array: NpyArray

  public init(name: String, unit: String, meaning: String, array: NpyArray) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
    self.array = array
  }
}

/// One sample for machine learning: arrays of float32 and a JSON object about them.
public struct SampleRecord: Sendable, Equatable {
  public let arrays: [SampleArray]
  /// JSON text of one line, keys sorted, so that equal samples are equal bytes.
  public let metadata: String

  /// - Throws: `EncodingError` for metadata that JSON cannot hold, such as NaN.
  public init(arrays: [SampleArray], metadata: some Encodable) throws {
    self.arrays = arrays
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.metadata = String(decoding: try encoder.encode(metadata), as: UTF8.self)
  }
}

/// What every sample of a dataset has in common: names, units, meanings and shapes of its arrays.
public struct SampleLayout: Sendable, Equatable, Codable {
  public struct Entry: Sendable, Equatable, Codable {
    public var name: String
    public var unit: String
    public var meaning: String
    public var shape: [Int]
  }

  public var arrays: [Entry]

  /// - Throws: `StackIOError.badSample` for no array, a name twice or one that files cannot bear.
  init(_ record: SampleRecord) throws {
    arrays = record.arrays.map {
      Entry(name: $0.name, unit: $0.unit, meaning: $0.meaning, shape: $0.array.shape)
    }
    let names = arrays.map(\.name)
    guard !names.isEmpty, Set(names).count == names.count else {
      throw StackIOError.badSample(reason: "its arrays are named \(names)")
    }
    for name in names where name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_]{0,59}/) == nil {
      throw StackIOError.badSample(
        reason: "'\(name)' is no name for an array: use letters, digits and underscores")
    }
  }

  /// Bytes of one sample's arrays.
  var byteCount: Int { arrays.reduce(0) { $0 + $1.shape.reduce(4, *) } }

  /// - Throws: `StackIOError.badSample` unless `record` is as the first one was.
  func check(_ record: SampleRecord, index: Int) throws {
    let other = try SampleLayout(record)
    guard other == self else {
      let shapes = { (layout: SampleLayout) in
        layout.arrays.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
      }
      throw StackIOError.badSample(
        reason: "sample \(index) has \(shapes(other)), and the first one has \(shapes(self))")
    }
  }
}
