import Kernel

/// The pixel grid of a stack and the radar geometry.
public struct StackGeometry: Sendable, Equatable, Codable {
  /// Columns.
  public let width: Int
  /// Rows; row 0 is the northern edge.
  public let height: Int
  /// Size of a square pixel on the ground, in m.
  public let pixelSizeMeters: Double
  public let radar: RadarGeometry

  /// - Throws: `InSARPhaseError.settings` for a side outside 1...65536 or a pixel of 0 m or less.
  public init(width: Int, height: Int, pixelSizeMeters: Double, radar: RadarGeometry) throws {
    var check = ParameterCheck()
    check.inside("width", Double(width), 1...65_536)
    check.inside("height", Double(height), 1...65_536)
    check.positive("pixelSizeMeters", pixelSizeMeters)
    try check.throwFaults()
    self.width = width
    self.height = height
    self.pixelSizeMeters = pixelSizeMeters
    self.radar = radar
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      width: container.decode(Int.self, forKey: .width),
      height: container.decode(Int.self, forKey: .height),
      pixelSizeMeters: container.decode(Double.self, forKey: .pixelSizeMeters),
      radar: container.decode(RadarGeometry.self, forKey: .radar))
  }

  public var count: Int { width * height }
}
