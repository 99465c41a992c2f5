import Foundation
import InSARPhase
import Kernel

/// Numbers of the preset `rouet-leduc`. The content of a series is published (point sources or
/// fault slip, growing in time, with independent stratified and turbulent delays on every date). No
/// code is public, so the ranges are our own, chosen for millimeters to centimeters of deformation.
public struct RouetLeducSettings: Codable, Sendable, Equatable {
  public var dateCount = 9
  public var intervalDays = 12.0
  public var pointSourceProbability = 0.5
  public var pointSourceDepthMeters = 500.0...10_000.0
  public var pointSourceDisplacementCM = 0.2...5.0
  public var faultLengthMeters = 1_000.0...20_000.0
  public var faultAspect = 0.3...1.0
  public var faultTopDepthMeters = 0.0...3_000.0
  public var faultDipDegrees = 30.0...90.0
  public var faultSlipCM = 0.5...10.0
  public var turbulenceCM = 0.2...1.5
  /// beta of the two-dimensional spectrum.
  public var turbulenceSlope = 2.67...3.67
  public var stratifiedCMPerKilometer = 1.5
  public var incidenceDegrees = 30.0...45.0

  public init() {}
}

struct RouetLeducRecord: Encodable, Sendable {
  var days: [Double]
  /// Fraction of the total deformation reached on each date.
  var shares: [Double]
  var source: SourceRecord
  var lineOfSight: LineOfSight
  var terrain: Terrain.Origin
  var turbulenceCM: Double
  var turbulenceSlope: Double
  var turbulenceSeeds: [UInt64]
  var stratifiedCMPerKilometer: [Double]
}

extension ScenePreset {
  public static let rouetLeduc = ScenePreset(
    name: "rouet-leduc",
    summary: "time series of a point source or a slipping fault, with delays on every date",
    source: "Rouet-Leduc et al., Nature Communications 12, 6480, 2021; ranges ours, no public code",
    pixelSizeMeters: 100, settings: RouetLeducSettings()
  ) { grid, inputs, random in
    let settings = RouetLeducSettings()
    let days = (0..<settings.dateCount).map { Double($0) * settings.intervalDays }
    let years = (days.last ?? 0) / DeformationPhase.daysPerYear
    let source = try settings.draw(grid: grid, years: years, random: &random)
    let ascending = random.uniform() < 0.5
    let lineOfSight = try LineOfSight(
      incidenceDegrees: random.uniform(settings.incidenceDegrees),
      headingDegrees: ascending ? -12 : -168)
    let (heights, origin) = try inputs.terrain.heightsMeters(grid: grid, random: &random)
    let record = RouetLeducRecord(
      days: days, shares: settings.shares(&random), source: SourceRecord(source),
      lineOfSight: lineOfSight, terrain: origin,
      turbulenceCM: random.uniform(settings.turbulenceCM),
      turbulenceSlope: random.uniform(settings.turbulenceSlope),
      turbulenceSeeds: days.map { _ in random.next() },
      stratifiedCMPerKilometer: days.map { _ in
        settings.stratifiedCMPerKilometer * random.normal()
      })
    let field = DeformationField(grid: grid, sources: [source])
    let rate = field.losCMPerYear(lineOfSight)
    var layers = [SampleLayer("height", .meters, heights)]
    for (date, share) in record.shares.enumerated() {
      let texture = try PowerLawTexture(
        seed: record.turbulenceSeeds[date], spectralSlope: record.turbulenceSlope,
        standardDeviationCMPerYear: record.turbulenceCM,
        outerScaleMeters: max(grid.widthMeters, grid.heightMeters))
      let turbulent = try texture.values(grid: grid)
      let perMeter = Float(record.stratifiedCMPerKilometer[date] / 1000)
      let scale = Float(share * years)
      let displacement = rate.map { $0 * scale }
      let name = date.zeroPadded(2)
      layers.append(SampleLayer("displacement-\(name)", .centimeters, displacement))
      layers.append(
        SampleLayer(
          "observed-\(name)", .centimeters,
          displacement.indices.map { displacement[$0] + turbulent[$0] + perMeter * heights[$0] }))
    }
    return SimulatedSample(
      grid: grid, rateCMPerYear: rate, components: field, layers: layers, record: record)
  }
}

extension RouetLeducSettings {
  /// Steady, or with a beginning and an end within the series; 1 on the last date.
  func shares(_ random: inout CounterRandom) -> [Double] {
    let last = Double(dateCount - 1)
    let isSteady = random.uniform() < 0.5
    let start = isSteady ? 0 : random.uniform(0...0.6) * last
    let end = isSteady ? last : random.uniform(start + 1...last)
    return (0..<dateCount).map { min(max((Double($0) - start) / (end - start), 0), 1) }
  }

  /// A source whose rate, over the whole series, gives the drawn displacement.
  func draw(
    grid: SceneGrid, years: Double, random: inout CounterRandom
  ) throws -> any DeformationSource {
    let east = random.uniform(0.15...0.85) * grid.widthMeters
    let north = random.uniform(0.15...0.85) * grid.heightMeters
    let sign: Double = random.uniform() < 0.5 ? -1 : 1
    if random.uniform() < pointSourceProbability {
      return try MogiSource(
        eastMeters: east, northMeters: north,
        depthMeters: random.logUniform(pointSourceDepthMeters),
        peakUpCMPerYear: sign * random.logUniform(pointSourceDisplacementCM) / years)
    }
    let length = random.logUniform(faultLengthMeters)
    let rake = random.uniform(0...(2 * .pi))
    let slip = random.logUniform(faultSlipCM) / years
    return try OkadaDislocation(
      .init(
        eastMeters: east, northMeters: north, topDepthMeters: random.uniform(faultTopDepthMeters),
        lengthMeters: length, widthMeters: length * random.uniform(faultAspect),
        strikeDegrees: random.uniform(0...360), dipDegrees: random.uniform(faultDipDegrees)),
      strikeSlipCMPerYear: slip * cos(rake), dipSlipCMPerYear: slip * sin(rake))
  }
}

extension CounterRandom {
  /// Log-uniform: equally many values between 1 and 2 as between 2 and 4; the range is above 0.
  mutating func logUniform(_ range: ClosedRange<Double>) -> Double {
    exp(uniform(log(range.lowerBound)...log(range.upperBound)))
  }
}
