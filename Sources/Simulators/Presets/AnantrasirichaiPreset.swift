import Foundation
import InSARPhase
import Kernel

/// Numbers of the preset `anantrasirichai`: lists are the published steps, one of which is drawn.
/// Displacements in m are treated as those of one year.
public struct AnantrasirichaiSettings: Codable, Sendable, Equatable {
  public var kinds = ["mogi", "penny-crack", "sill", "dyke", "fault"]
  public var incidencesDegrees = [30.0, 33, 36, 39, 42, 45]
  public var mogiHeadingsDegrees = [5.0, 45, 85, 125, 165, 205, 245, 285, 325]
  public var crackHeadingsDegrees = [0.0, 72, 144]
  public var faultHeadingsDegrees = [0.0, 192]
  public var mogiVolumeExponents = [6.2, 6.7, 6.9, 7.2, 7.4, 7.7]
  public var crackRadiiKilometers = [4.0, 5, 6]
  public var crackDepthsKilometers = [4.0, 4.5, 5]
  public var crackPressurePascals = 1e6
  public var sillDipsDegrees = [0.0, 10]
  public var sillOpeningsMeters = [5.0, 10, 15]
  public var sillLengthsKilometers = [0.75, 1, 3]
  public var sillWidthsKilometers = [2.0, 5]
  public var sillDepthsKilometers = [4.0, 5, 6]
  public var dykeDipsDegrees = [70.0, 75, 80, 85, 90]
  public var dykeOpeningsMeters = [0.5, 0.75]
  public var dykeLengthsKilometers = [2.0, 5, 8]
  public var dykeBottomDepthsKilometers = [2.0, 5]
  public var faultDipsDegrees = [70.0, 75, 80, 85, 90]
  public var faultRakesDegrees = [60.0, 75, 90, 105, 120, -110, -95, -80]
  public var faultSlipMeters = 1.0
  public var faultLengthsKilometers = [1.5, 2, 5]
  public var faultBottomDepthsKilometers = [6.0, 10]
  /// Line-of-sight displacement of one cycle of phase.
  public var metersPerTurn = 0.028333
  /// A deformation whose phase spans less than the first value is scaled to the second; one that
  /// spans more than the third, to the fourth.
  public var smallSpanRadians = 15.0
  public var raisedSpanRadians = 18.0
  public var largeSpanRadians = 50.0
  public var loweredSpanRadians = 40.0
  public var turbulenceVariances = [5.5, 6.5, 7.5, 8.25, 9]
  /// alpha, per pixel of 500 m.
  public var turbulenceDecays = [0.5, 0.75, 1, 1.5, 2].map { 0.008 * $0 }
  public var turbulencePixelMeters = 500.0
  /// Our choice, instead of pairs of weather models: the difference of two delays of 56 +- 2
  /// rad/km.
  public var stratifiedRadiansPerKilometer = 2.0 * 2.0.squareRoot()

  public init() {}
}

struct AnantrasirichaiRecord: Encodable, Sendable {
  var source: SourceRecord
  var lineOfSight: LineOfSight
  var radiansPerMeter: Double
  /// The factor that scaled the deformation so that its phase is in range.
  var scale: Double
  var turbulence: CovarianceTexture
  var stratifiedRadiansPerKilometer: Double
  var terrain: Terrain.Origin
}

extension ScenePreset {
  public static let anantrasirichai = ScenePreset(
    name: "anantrasirichai",
    summary: "a Mogi source, penny crack, sill, dyke or fault; turbulent and stratified atmosphere",
    source: "Anantrasirichai et al., Remote Sensing of Environment 230, 111179, 2019, after their "
      + "public code",
    pixelSizeMeters: 100, settings: AnantrasirichaiSettings()
  ) { grid, inputs, random in
    let settings = AnantrasirichaiSettings()
    let (source, lineOfSight) = try settings.draw(grid: grid, random: &random)
    var field = DeformationField(grid: grid, sources: [source])
    // Motion toward the satellite lowers the phase: the project's sign convention.
    let radiansPerMeter = -2 * Double.pi / settings.metersPerTurn
    let span = field.losCMPerYear(lineOfSight).span / 100 * abs(radiansPerMeter)
    let scale = settings.scale(spanRadians: span)
    field.multiply(by: Float(scale))
    let rate = field.losCMPerYear(lineOfSight)

    let decay = random.choice(settings.turbulenceDecays)
    let turbulence = try CovarianceTexture(
      seed: random.next(), variance: random.choice(settings.turbulenceVariances),
      lengthMeters: settings.turbulencePixelMeters / decay)
    let perKilometer = settings.stratifiedRadiansPerKilometer * random.normal()
    let (heights, origin) = try inputs.terrain.heightsMeters(grid: grid, random: &random)
    let turbulent = try turbulence.values(grid: grid)
    let stratified = heights.map { $0 / 1000 * Float(perKilometer) }
    let factor = Float(radiansPerMeter / 100)
    let phase = rate.indices.map { rate[$0] * factor + turbulent[$0] + stratified[$0] }
    return SimulatedSample(
      grid: grid, rateCMPerYear: rate, components: field,
      layers: [
        SampleLayer("turbulence", .radians, turbulent),
        SampleLayer("stratified", .radians, stratified),
        SampleLayer("height", .meters, heights),
        SampleLayer("phase", .radians, phase),
        SampleLayer("wrapped-phase", .radians, wrapped(phase)),
      ],
      record: AnantrasirichaiRecord(
        source: SourceRecord(source), lineOfSight: lineOfSight, radiansPerMeter: radiansPerMeter,
        scale: scale, turbulence: turbulence, stratifiedRadiansPerKilometer: perKilometer,
        terrain: origin))
  }
}

extension AnantrasirichaiSettings {
  /// 1 if the span of the phase is in range.
  func scale(spanRadians: Double) -> Double {
    guard spanRadians > 0 else { return 1 }
    if spanRadians <= smallSpanRadians { return raisedSpanRadians / spanRadians }
    return spanRadians >= largeSpanRadians ? loweredSpanRadians / spanRadians : 1
  }

  /// A source in the middle of the scene, and the geometry for its kind.
  func draw(
    grid: SceneGrid, random: inout CounterRandom
  ) throws -> (any DeformationSource, LineOfSight) {
    let kind = random.choice(kinds)
    let incidence = random.choice(incidencesDegrees)
    func lineOfSight(_ headings: [Double]) throws -> LineOfSight {
      try LineOfSight(incidenceDegrees: incidence, headingDegrees: random.choice(headings))
    }
    let east = grid.widthMeters / 2
    let north = grid.heightMeters / 2
    switch kind {
    case "mogi":
      let exponent = random.choice(mogiVolumeExponents)
      let source = try MogiSource(
        eastMeters: east, northMeters: north,
        depthMeters: 1000 * random.choice(mogiDepthsKilometers(exponent: exponent)),
        volumeRateCubicMetersPerYear: pow(10, exponent))
      return (source, try lineOfSight(mogiHeadingsDegrees))
    case "penny-crack":
      let source = try PennyCrack(
        eastMeters: east, northMeters: north,
        depthMeters: 1000 * random.choice(crackDepthsKilometers),
        radiusMeters: 1000 * random.choice(crackRadiiKilometers),
        pressureRatePascalsPerYear: crackPressurePascals)
      return (source, try lineOfSight(crackHeadingsDegrees))
    case "sill": return (try drawSill(east, north, &random), try lineOfSight(crackHeadingsDegrees))
    case "dyke": return (try drawDyke(east, north, &random), try lineOfSight(faultHeadingsDegrees))
    default: return (try drawFault(east, north, &random), try lineOfSight(faultHeadingsDegrees))
    }
  }

  /// Small volumes are shallow, so that they are visible, and large ones deep.
  private func mogiDepthsKilometers(exponent: Double) -> [Double] {
    switch exponent {
    case ...6.5: [2, 2.5, 2.8, 3]
    case ...7: [2.5, 2.8, 3, 4, 5, 5.5, 6]
    default: [5, 6, 7, 7.5, 8]
    }
  }

  private func drawSill(
    _ east: Double, _ north: Double, _ random: inout CounterRandom
  ) throws -> OkadaDislocation {
    let dip = random.choice(sillDipsDegrees)
    let strike = random.uniform(0...360)  // the published code rotates the image instead
    let width = 1000 * random.choice(sillWidthsKilometers)
    let reach = width / 2 * cos(dip * .pi / 180)
    let (left, up) = unrotated(along: 0, across: -reach, azimuthDegrees: strike)
    let depth = 1000 * random.choice(sillDepthsKilometers)
    return try OkadaDislocation(
      .init(
        eastMeters: east + left, northMeters: north + up,
        topDepthMeters: depth - width / 2 * sin(dip * .pi / 180),
        lengthMeters: 1000 * random.choice(sillLengthsKilometers), widthMeters: width,
        strikeDegrees: strike, dipDegrees: dip),
      openingCMPerYear: 100 * random.choice(sillOpeningsMeters))
  }

  private func drawDyke(
    _ east: Double, _ north: Double, _ random: inout CounterRandom
  ) throws -> OkadaDislocation {
    let bottom = random.choice(dykeBottomDepthsKilometers)
    return try OkadaDislocation.dyke(
      eastMeters: east, northMeters: north,
      topDepthMeters: 1000 * random.choice(bottom < 3 ? [0.25, 0.5, 0.75] : [0.5, 0.75, 1]),
      bottomDepthMeters: 1000 * bottom, lengthMeters: 1000 * random.choice(dykeLengthsKilometers),
      strikeDegrees: 36 * Double(random.integer(below: 10)),
      dipDegrees: random.choice(dykeDipsDegrees),
      openingCMPerYear: 100 * random.choice(dykeOpeningsMeters))
  }

  private func drawFault(
    _ east: Double, _ north: Double, _ random: inout CounterRandom
  ) throws -> OkadaDislocation {
    let bottom = random.choice(faultBottomDepthsKilometers)
    let top = random.choice(bottom < 8 ? [2.5, 3, 3.5] : [3.0, 4, 5])
    let dip = random.choice(faultDipsDegrees)
    let rake = random.choice(faultRakesDegrees) * .pi / 180
    return try OkadaDislocation(
      .init(
        eastMeters: east, northMeters: north, topDepthMeters: 1000 * top,
        lengthMeters: 1000 * random.choice(faultLengthsKilometers),
        widthMeters: 1000 * (bottom - top) / sin(dip * .pi / 180),
        strikeDegrees: 36 * Double(random.integer(below: 10)), dipDegrees: dip),
      strikeSlipCMPerYear: 100 * faultSlipMeters * cos(rake),
      dipSlipCMPerYear: 100 * faultSlipMeters * sin(rake))
  }
}

extension CounterRandom {
  /// One of `values`, which is not empty.
  mutating func choice<Value>(_ values: [Value]) -> Value {
    values[integer(below: values.count)]
  }
}

extension [Float] {
  /// Largest minus smallest value.
  var span: Double { Double((self.max() ?? 0) - (self.min() ?? 0)) }
}

extension DeformationField {
  mutating func multiply(by factor: Float) {
    for pixel in 0..<grid.count {
      eastCMPerYear[pixel] *= factor
      northCMPerYear[pixel] *= factor
      upCMPerYear[pixel] *= factor
    }
  }
}
