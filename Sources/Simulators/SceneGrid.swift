/// The pixel grid of a simulated scene, in meters.
///
/// Row 0 is the northern edge. East and north are measured from the south-west corner of the scene;
/// a pixel's value is that at its center.
public struct SceneGrid: Sendable, Equatable, Codable {
  public let width: Int
  public let height: Int
  /// Size of a square pixel on the ground, in m.
  public let pixelSizeMeters: Double

  /// - Throws: `SimulatorError.badGrid` unless sides and pixel size are in their ranges.
  public init(width: Int, height: Int, pixelSizeMeters: Double) throws {
    var faults: [String] = []
    if !(1...65_536).contains(width) { faults.append("width \(width) is not in 1...65536 px") }
    if !(1...65_536).contains(height) { faults.append("height \(height) is not in 1...65536 px") }
    if !(0.1...100_000).contains(pixelSizeMeters) {
      faults.append("pixel size \(pixelSizeMeters) m is not in 0.1...100000 m")
    }
    guard faults.isEmpty else { throw SimulatorError.badGrid(faults: faults) }
    self.width = width
    self.height = height
    self.pixelSizeMeters = pixelSizeMeters
  }

  public var count: Int { width * height }
  public var widthMeters: Double { Double(width) * pixelSizeMeters }
  public var heightMeters: Double { Double(height) * pixelSizeMeters }

  public func eastMeters(column: Int) -> Double { (Double(column) + 0.5) * pixelSizeMeters }
  public func northMeters(row: Int) -> Double { (Double(height - row) - 0.5) * pixelSizeMeters }

  /// The rows and columns of pixels whose centers lie in `bounds`; may be empty.
  func window(_ bounds: GroundBounds?) -> (rows: Range<Int>, columns: Range<Int>) {
    guard let bounds else { return (0..<height, 0..<width) }
    // The next whole pixel below the first and above the last center, clipped to the grid.
    func clamped(_ value: Double, _ limit: Int) -> Int {
      Int(min(max(value, 0), Double(limit)))
    }
    let left = clamped((bounds.westMeters / pixelSizeMeters - 0.5).rounded(.down), width)
    let right = clamped((bounds.eastMeters / pixelSizeMeters + 0.5).rounded(.up), width)
    let top = clamped(
      ((heightMeters - bounds.northMeters) / pixelSizeMeters - 0.5).rounded(.down), height)
    let bottom = clamped(
      ((heightMeters - bounds.southMeters) / pixelSizeMeters + 0.5).rounded(.up), height)
    return (top..<max(top, bottom), left..<max(left, right))
  }
}

/// A rectangle on the ground outside which a source has no effect.
public struct GroundBounds: Sendable, Equatable, Codable {
  public var westMeters: Double
  public var eastMeters: Double
  public var southMeters: Double
  public var northMeters: Double

  public init(eastMeters: Double, northMeters: Double, reachMeters: Double) {
    westMeters = eastMeters - reachMeters
    self.eastMeters = eastMeters + reachMeters
    southMeters = northMeters - reachMeters
    self.northMeters = northMeters + reachMeters
  }

  /// The same rectangle, larger by `marginMeters` on every side.
  public func grown(byMeters marginMeters: Double) -> GroundBounds {
    var grown = self
    grown.westMeters -= marginMeters
    grown.eastMeters += marginMeters
    grown.southMeters -= marginMeters
    grown.northMeters += marginMeters
    return grown
  }
}
