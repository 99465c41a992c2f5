/// Width and height of a map in pixels.
public struct MapSize: Sendable, Equatable, Codable, CustomStringConvertible {
  public var width: Int
  public var height: Int

  /// The largest side in pixels; a GeoTIFF of 20,000 x 20,000 px takes 1.6 GB.
  public static let largestSide = 20_000

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Reads `256` and `640x480`.
  /// - Throws: `SamplingError.arguments` for any other text, and for sides out of range.
  public init(parsing text: String) throws {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard let width = sides[0], let height = sides.count == 1 ? width : sides[1], sides.count < 3
    else {
      throw SamplingError.arguments([
        "the size is '\(text)': use pixels, such as 256 or 640x480 (width x height)"
      ])
    }
    self.init(width: width, height: height)
    try Self.check(self)
  }

  /// - Throws: `SamplingError.arguments` for sides out of range.
  static func check(_ size: MapSize) throws {
    for side in [size.width, size.height] where !(1...largestSide).contains(side) {
      throw SamplingError.arguments([
        "the size is \(size): use 1 to \(largestSide) pixels per side"
      ])
    }
  }

  public var description: String { "\(width)x\(height)" }
}
