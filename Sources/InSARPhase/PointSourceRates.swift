import RunSupport
import TorchCore

/// LOS rate maps of random Mogi sources by the batch: quick deformation for samples.
///
/// u = s (x, y, d) d^2 / R^3 with s the uplift rate above the source: the pattern of a point source
/// whose strength is given at the surface. Source: Mogi 1958; Segall, Earthquake and Volcano
/// Deformation, 2010, equation 7.14.
public struct PointSourceRates: Sendable, Equatable, Codable {
  /// Peaks are drawn from minus to plus this.
  public var peakLimitCMPerYear = 20.0
  public var shallowestMeters = 800.0
  public var deepestMeters = 4000.0

  public init() {}

  /// [count, 1, size, size] in cm/yr; map *i* is a function of (seed, firstIndex + i).
  /// - Throws: `InSARPhaseError.settings` for limits out of order or of 0 or less, and for a count,
  ///   size or pixel of 0 or less.
  public func maps(
    count: Int, size: Int, pixelSizeMeters: Double, radar: RadarGeometry, seed: UInt64,
    firstIndex: Int = 0, device: Device = .cpu
  ) throws -> Tensor {
    var check = ParameterCheck()
    check.notNegative("peakLimitCMPerYear", peakLimitCMPerYear)
    check.positive("shallowestMeters", shallowestMeters)
    check.require(
      deepestMeters >= shallowestMeters && deepestMeters.isFinite,
      "deepestMeters is \(deepestMeters); give at least shallowestMeters")
    check.inside("count", Double(count), 1...1_000_000)
    check.inside("size", Double(size), 1...65_536)
    check.positive("pixelSizeMeters", pixelSizeMeters)
    check.require(firstIndex >= 0, "firstIndex is \(firstIndex); give 0 or more")
    try check.throwFaults()

    let unit = LineOfSight(radar).unitVector
    let extent = Double(size) * pixelSizeMeters
    let sources = (0..<count).map { index in
      var random = CounterRandom(seed, .pointSources, UInt64(firstIndex + index))
      return (
        east: random.uniform(0...extent), north: random.uniform(0...extent),
        depth: random.uniform(shallowestMeters...deepestMeters),
        peak: random.uniform(-peakLimitCMPerYear...peakLimitCMPerYear)
      )
    }
    func column(_ values: [Double]) throws -> Tensor {
      try Tensor(values.map(Float.init), shape: [count, 1, 1, 1], device: device)
    }
    let places = (0..<size).map { Float((Double($0) + 0.5) * pixelSizeMeters) }
    let east = try Tensor(places, shape: [1, 1, 1, size], device: device)
    let north = try Tensor(Array(places.reversed()), shape: [1, 1, size, 1], device: device)
    let x = try east - column(sources.map(\.east))  // [N, 1, 1, W]
    let y = try north - column(sources.map(\.north))  // [N, 1, H, 1]
    let depths = try column(sources.map(\.depth))
    let inverse = try (x.square() + (y.square() + depths.square())).rsqrt()  // [N, 1, H, W]
    let strength = try column(sources.map { $0.peak * $0.depth * $0.depth })
    let along = try (x * unit.x) * strength
    let rest = try (y * unit.y + depths * unit.z) * strength
    return try (along + rest) * (inverse.square() * inverse)
  }
}
