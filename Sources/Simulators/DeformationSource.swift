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

  /// Adds this source's rates to `field`. The default evaluates `rateCMPerYear` at every pixel within
  /// `bounds`; sources that can prepare something for the whole grid have their own.
  func add(to field: inout DeformationField)
}

extension DeformationSource {
  public var bounds: GroundBounds? { nil }

  /// - Throws: `SimulatorError.badSource` with every fault at once.
  func validate() throws {
    let faults = faults()
    guard faults.isEmpty else { throw SimulatorError.badSource(kind: Self.kind, faults: faults) }
  }

  public func add(to field: inout DeformationField) {
    field.add(within: bounds) { rateCMPerYear(eastMeters: $0, northMeters: $1) }
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

  /// Adds `rate(east, north)`, in cm/yr at a place in metres, at every pixel within `bounds`.
  @inline(__always)
  mutating func add(
    within bounds: GroundBounds?, _ rate: (_ east: Double, _ north: Double) -> SIMD3<Double>
  ) {
    let grid = grid
    let (rows, columns) = grid.window(bounds)
    eastCMPerYear.withUnsafeMutableBufferPointer { east in
      northCMPerYear.withUnsafeMutableBufferPointer { north in
        upCMPerYear.withUnsafeMutableBufferPointer { up in
          for row in rows {
            let northMeters = grid.northMeters(row: row)
            for column in columns {
              let rate = rate(grid.eastMeters(column: column), northMeters)
              let pixel = row * grid.width + column
              east[pixel] += Float(rate.x)
              north[pixel] += Float(rate.y)
              up[pixel] += Float(rate.z)
            }
          }
        }
      }
    }
  }

  /// The rate toward the satellite in cm/yr, of `grid`'s shape.
  public func losCMPerYear(_ lineOfSight: LineOfSight) -> [Float] {
    let unit = SIMD3<Float>(lineOfSight.unitVector)
    return [Float](unsafeUninitializedCapacity: grid.count) { buffer, count in
      for pixel in 0..<grid.count {
        buffer[pixel] =
          eastCMPerYear[pixel] * unit.x + northCMPerYear[pixel] * unit.y
          + upCMPerYear[pixel] * unit.z
      }
      count = grid.count
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
