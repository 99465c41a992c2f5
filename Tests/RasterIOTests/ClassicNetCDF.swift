import Foundation

/// A classic netCDF file (CDF-1) made in memory.
/// Source: Unidata, NetCDF Classic Format Specification.
struct ClassicNetCDF {
  enum Attribute {
    case text(String)
    case floats([Float])
    case doubles([Double])
  }

  struct Variable {
    var name: String
    /// Indices of the dimensions.
    var dimensions: [Int]
    var attributes: [(String, Attribute)] = []
    var values: [Double]
    /// float32 instead of float64.
    var isFloat = false
  }

  var dimensions: [(name: String, size: Int)]
  var variables: [Variable]
  var attributes: [(String, Attribute)] = []

  /// A float32 variable `z` of 3 x 4 over two axes, whose rows have the coordinates `rows`.
  static func grid(
    rows: (String, [Double]), columns: (String, [Double]), values: [Double],
    rowAttributes: [(String, Attribute)] = [], columnAttributes: [(String, Attribute)] = [],
    attributes: [(String, Attribute)] = []
  ) -> ClassicNetCDF {
    ClassicNetCDF(
      dimensions: [(rows.0, rows.1.count), (columns.0, columns.1.count)],
      variables: [
        Variable(name: rows.0, dimensions: [0], attributes: rowAttributes, values: rows.1),
        Variable(name: columns.0, dimensions: [1], attributes: columnAttributes, values: columns.1),
        Variable(
          name: "z", dimensions: [0, 1], attributes: attributes, values: values, isFloat: true),
      ])
  }

  var bytes: [UInt8] {
    // The offsets of the values follow from the length of the header, which does not depend on them.
    let length = header(offsets: variables.map { _ in 0 }).count
    var offsets: [Int] = []
    var data: [UInt8] = []
    for variable in variables {
      offsets.append(length + data.count)
      for value in variable.values {
        data += variable.isFloat ? number(Float(value).bitPattern) : number(value.bitPattern)
      }
    }
    return header(offsets: offsets) + data
  }

  private func header(offsets: [Int]) -> [UInt8] {
    var result = Array("CDF".utf8) + [1] + integer(0)
    result += integer(10) + integer(dimensions.count)
    for dimension in dimensions { result += text(dimension.name) + integer(dimension.size) }
    result += list(attributes) + integer(11) + integer(variables.count)
    for (variable, offset) in zip(variables, offsets) {
      result += text(variable.name) + integer(variable.dimensions.count)
      for dimension in variable.dimensions { result += integer(dimension) }
      let bytes = variable.values.count * (variable.isFloat ? 4 : 8)
      result += list(variable.attributes) + integer(variable.isFloat ? 5 : 6) + integer(bytes)
      result += integer(offset)
    }
    return result
  }

  private func list(_ attributes: [(String, Attribute)]) -> [UInt8] {
    if attributes.isEmpty { return integer(0) + integer(0) }
    return integer(12) + integer(attributes.count)
      + attributes.flatMap { name, attribute in
        let value: [UInt8] =
          switch attribute {
          case .text(let text): integer(2) + self.text(text)
          case .floats(let values):
            integer(5) + integer(values.count) + values.flatMap { number($0.bitPattern) }
          case .doubles(let values):
            integer(6) + integer(values.count) + values.flatMap { number($0.bitPattern) }
          }
        return text(name) + value
      }
  }

  private func integer(_ value: Int) -> [UInt8] { number(UInt32(value)) }

  private func text(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return integer(bytes.count) + bytes + Array(repeating: 0, count: (4 - bytes.count % 4) % 4)
  }

  private func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
