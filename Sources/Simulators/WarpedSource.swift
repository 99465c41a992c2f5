import Kernel

/// A smooth distortion of the map that makes ideal shapes irregular: lobes, bays, asymmetry.
public struct DomainWarp: Sendable, Equatable, Codable {
  /// Typical displacement; the largest is three times that.
  public let amplitudeMeters: Double
  public let east: SmoothNoise
  public let north: SmoothNoise

  public init(
    amplitudeMeters: Double, wavelengthMeters: Double, octaves: Int = 3, persistence: Double = 0.5,
    seed: UInt64
  ) {
    self.amplitudeMeters = amplitudeMeters
    func noise(_ component: UInt64) -> SmoothNoise {
      var random = CounterRandom(seed, .domainWarp, component)
      return SmoothNoise(
        seed: random.next(), wavelengthMeters: wavelengthMeters, octaves: octaves,
        persistence: persistence)
    }
    (east, north) = (noise(0), noise(1))
  }

  /// The position at which the shape is evaluated for a point on the ground.
  public func callAsFunction(
    eastMeters: Double, northMeters: Double
  ) -> (eastMeters: Double, northMeters: Double) {
    let dx = 2 * amplitudeMeters * east.value(eastMeters: eastMeters, northMeters: northMeters)
    let dy = 2 * amplitudeMeters * north.value(eastMeters: eastMeters, northMeters: northMeters)
    return (eastMeters + dx, northMeters + dy)
  }
}

/// Any source distorted by a domain warp, which imitates heterogeneous ground. It is a description
/// of shapes, not a solution of elasticity.
public struct WarpedSource<Base: DeformationSource>: DeformationSource {
  public static var kind: String { "warped-\(Base.kind)" }

  public let base: Base
  public let warp: DomainWarp

  /// - Throws: `SimulatorError.badSource` for a negative amplitude or noise out of range.
  public init(_ base: Base, warp: DomainWarp) throws {
    self.base = base
    self.warp = warp
    try validate()
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    check.notNegative("amplitudeMeters of the warp", warp.amplitudeMeters)
    warp.east.check(into: &check)
    return base.faults() + check.faults
  }

  public var bounds: GroundBounds? { base.bounds?.grown(byMeters: 3 * warp.amplitudeMeters) }

  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    let place = warp(eastMeters: eastMeters, northMeters: northMeters)
    return base.rateCMPerYear(eastMeters: place.eastMeters, northMeters: place.northMeters)
  }
}

extension DeformationSource {
  /// This source distorted by `warp`.
  public func warped(_ warp: DomainWarp) throws -> WarpedSource<Self> {
    try WarpedSource(self, warp: warp)
  }
}
