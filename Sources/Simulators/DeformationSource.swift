import InSARPhase

/// Something below or on the ground that moves its surface at a steady rate.
///
/// Sources are plain values with units in their names, and compose by addition.
public protocol DeformationSource: Sendable, Encodable {
  /// The word for it in manifests and messages.
  static var kind: String { get }

  /// Everything that is out of range; empty for a source that can be evaluated anywhere.
  func faults() -> [String]

  /// Surface rate (east, north, up) in cm/yr at a point in metres of the scene's east and north.
  func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double>

  /// Outside of it the rate is zero, or below a millionth of the peak; `nil` when it reaches
  /// everywhere.
  var bounds: GroundBounds? { get }
}

extension DeformationSource {
  public var bounds: GroundBounds? { nil }

  /// - Throws: `SimulatorError.badSource` with every fault at once.
  func validate() throws {
    let faults = faults()
    guard faults.isEmpty else { throw SimulatorError.badSource(kind: Self.kind, faults: faults) }
  }

  /// Adds this source's rates to `field`.
  public func add(to field: inout DeformationField) {
    let grid = field.grid
    let (rows, columns) = grid.window(bounds)
    for row in rows {
      let north = grid.northMeters(row: row)
      for column in columns {
        let rate = rateCMPerYear(eastMeters: grid.eastMeters(column: column), northMeters: north)
        let pixel = row * grid.width + column
        field.eastCMPerYear[pixel] += Float(rate.x)
        field.northCMPerYear[pixel] += Float(rate.y)
        field.upCMPerYear[pixel] += Float(rate.z)
      }
    }
  }
}

/// Surface rates in three dimensions on a grid, row-major, row 0 in the north, all in cm/yr.
public struct DeformationField: Sendable, Equatable {
  public let grid: SceneGrid
  public var eastCMPerYear: [Float]
  public var northCMPerYear: [Float]
  public var upCMPerYear: [Float]

  /// Ground at rest.
  public init(grid: SceneGrid) {
    self.grid = grid
    eastCMPerYear = [Float](repeating: 0, count: grid.count)
    northCMPerYear = eastCMPerYear
    upCMPerYear = eastCMPerYear
  }

  /// The sum of `sources` on `grid`.
  public init(grid: SceneGrid, sources: [any DeformationSource]) {
    self.init(grid: grid)
    for source in sources { source.add(to: &self) }
  }

  /// The rate toward the satellite in cm/yr, of `grid`'s shape.
  public func losCMPerYear(_ lineOfSight: LineOfSight) -> [Float] {
    let unit = SIMD3<Float>(lineOfSight.unitVector)
    return (0..<grid.count).map {
      eastCMPerYear[$0] * unit.x + northCMPerYear[$0] * unit.y + upCMPerYear[$0] * unit.z
    }
  }
}

/// Collects what is wrong with a source's parameters, in its own words.
struct ParameterCheck {
  private(set) var faults: [String] = []

  mutating func finite(_ name: String, _ value: Double) {
    if !value.isFinite { faults.append("\(name) is \(value), not a finite number") }
  }

  mutating func positive(_ name: String, _ value: Double) {
    if !(value > 0 && value.isFinite) { faults.append("\(name) is \(value), not above 0") }
  }

  mutating func notNegative(_ name: String, _ value: Double) {
    if !(value >= 0 && value.isFinite) { faults.append("\(name) is \(value), below 0") }
  }

  mutating func inside(_ name: String, _ value: Double, _ range: ClosedRange<Double>) {
    if !range.contains(value) {
      faults.append("\(name) is \(value), not in \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
