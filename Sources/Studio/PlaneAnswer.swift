import Foundation
import Kernel
import Pictures

/// Planes of numbers as the page gets them: the length of a JSON header in four bytes, the header,
/// padded with spaces to a multiple of four, and each plane as float32, all little-endian.
struct PlaneAnswer {
  /// How a plane is colored.
  struct Plane: Encodable {
    var name: String
    var unit: String
    /// The name of a color map.
    var map: String
    var low: Float
    var high: Float
    var mean: Double
    var deviation: Double
    var least: Float
    var greatest: Float
  }

  private struct Header<Facts: Encodable>: Encodable {
    var width: Int
    var height: Int
    var planes: [Plane]
    var facts: Facts
  }

  let width: Int
  let height: Int
  private(set) var planes: [Plane] = []
  private var values: [[Float]] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// - Parameter plane: [height x width].
  mutating func add(_ name: String, unit: String, _ kind: MapKind, _ plane: [Float]) {
    precondition(plane.count == width * height, "a plane of this size")
    let scale = ColorScale.choice(kind, values: plane, unit: unit)
    let valid = plane.filter(\.isFinite)
    let count = Double(max(1, valid.count))
    let mean = valid.reduce(0) { $0 + Double($1) } / count
    let variance = valid.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    planes.append(
      Plane(
        name: name, unit: unit, map: kind.rawValue, low: scale.range.lowerBound,
        high: scale.range.upperBound, mean: mean, deviation: variance.squareRoot(),
        least: valid.min() ?? 0, greatest: valid.max() ?? 0))
    values.append(plane)
  }

  /// - Parameter facts: what the page shows beside the planes.
  func data(_ facts: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header = try encoder.encode(
      Header(width: width, height: height, planes: planes, facts: facts))
    header += Data(repeating: UInt8(ascii: " "), count: (4 - header.count % 4) % 4)
    var data = Data(capacity: 4 + header.count + values.count * width * height * 4)
    withUnsafeBytes(of: UInt32(header.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(header)
    for plane in values { data.append(littleEndian: plane) }
    return data
  }
}
