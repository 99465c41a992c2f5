import InSARPhase

/// A source of deformation below or on the ground, with a steady rate.
///
/// Sources are values with units in the names of their properties; their rates add up.
public protocol DeformationSource: Sendable, Encodable {
  /// Its name in manifests and messages.
  static var kind: String { get }

  /// All parameters that are out of range; empty for a valid source.
  func faults() -> [String]

  /// Surface rate (east, north, up) in cm/yr at a point given in m east and north of the scene's
  /// origin.
  func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double>

  /// Outside these bounds the rate is zero, or below a millionth of the peak; `nil` for no bounds.
  var bounds: GroundBounds? { get }

  /// Adds this source's rates to `field`. The default evaluates `rateCMPerYear` at every pixel
  /// within `bounds`; sources that can prepare values for the whole grid have their own
  /// implementation.
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

  /// A field of zeros.
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

  /// Adds `rate(east, north)` in cm/yr, with coordinates in m, at every pixel within `bounds`.
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
