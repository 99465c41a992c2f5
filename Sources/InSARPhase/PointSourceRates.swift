import CPhaseLoops
import Kernel

/// LOS rate maps of random Mogi sources: quick deformation for samples.
///
/// u = s (x, y, d) d^2 / R^3 with s the uplift rate above the source: the pattern of a point source
/// whose strength is given by its uplift at the surface. Source: Mogi 1958; Segall, Earthquake and
/// Volcano Deformation, 2010, equation 7.14.
public struct PointSourceRates: Sendable, Equatable, Codable {
  /// Peak rates are drawn from -`peakLimitCMPerYear` to `peakLimitCMPerYear`.
  public var peakLimitCMPerYear = 20.0
  public var shallowestMeters = 800.0
  public var deepestMeters = 4000.0

  public init() {}

  /// Map `index`, [size x size] in cm/yr; it depends on these limits, the seed and `index` alone.
  /// - Throws: `InSARPhaseError.settings` for limits out of order or of 0 or less, for a size or pixel
  ///   of 0 or less, and for a negative index.
  public func map(
    _ index: Int, size: Int, pixelSizeMeters: Double, radar: RadarGeometry, seed: UInt64
  ) throws -> [Float] {
    var check = ParameterCheck()
    check.notNegative("peakLimitCMPerYear", peakLimitCMPerYear)
    check.positive("shallowestMeters", shallowestMeters)
    check.require(
      deepestMeters >= shallowestMeters && deepestMeters.isFinite,
      "deepestMeters is \(deepestMeters); give at least shallowestMeters")
    check.inside("size", Double(size), 1...65_536)
    check.positive("pixelSizeMeters", pixelSizeMeters)
    check.require(index >= 0, "index is \(index); give 0 or more")
    try check.throwFaults()

    let extent = Double(size) * pixelSizeMeters
    var random = CounterRandom(seed, .pointSources, UInt64(index))
    let east = Float(random.uniform(0...extent))
    let north = Float(random.uniform(0...extent))
    let drawnDepth = random.uniform(shallowestMeters...deepestMeters)
    let peak = random.uniform(-peakLimitCMPerYear...peakLimitCMPerYear)
    let depth = Float(drawnDepth)
    let strength = Float(peak * drawnDepth * drawnDepth)
    let unit = SIMD3<Float>(LineOfSight(radar).unitVector)
    let places = (0..<size).map { Float((Double($0) + 0.5) * pixelSizeMeters) }
    let squares = places.map { ($0 - east) * ($0 - east) }
    let along = places.map { ($0 - east) * unit.x * strength }
    return Planes.filled(size * size) { out in
      for row in 0..<size {
        let y = places[size - 1 - row] - north
        let square = y * y + depth * depth
        let rest = (y * unit.y + depth * unit.z) * strength
        cpl_point_source(squares, along, square, rest, out + row * size, size)
      }
    }
  }
}
