import Foundation
import InSARPhase
import Kernel

/// Numbers of the presets `wu` and `wu-dem`: phases in rad, lengths in pixels.
public struct WuSettings: Codable, Sendable, Equatable {
  public var usesTerrain = false
  public var constantRadians = -Double.pi ... .pi
  public var terrainRadians = -6 * Double.pi...6 * .pi
  public var slopeProbability = 0.1
  /// Phase of the largest slope across the image, in rad per column.
  public var slopeRadiansPerColumn = Double.pi / 4
  public var buildingProbability = 0.2
  public var buildingCount = 0...20
  public var buildingRadians = Double.pi / 2...4 * .pi
  public var turbulenceProbability = 0.8
  public var turbulenceRadians = 0...Double.pi
  public var turbulenceOctaves = 1...5
  public var turbulencePersistence = 0.5...1.0
  public var turbulenceCells = 2...7
  public var gaussianProbability = 0.2
  public var gaussianRadians = -20 * Double.pi...20 * .pi
  public var gaussianCenter = 0.3...0.7
  public var gaussianShiftPixels = 20.0
  public var faultProbability = 0.2
  /// The length is drawn from 4 pixels to this fraction of the image.
  public var faultLengthShare = 1.0 / 3
  public var faultAspect = 0.8...1.2
  public var faultDepthPixels = 1.0...20.0
  public var faultDipDegrees = -140.0 ... -40.0
  public var faultSlipMeters = -1.5...1.5
  public var faultOpeningProbability = 0.05
  public var faultOpeningMeters = 0.0...10.0
  public var waterProbability = 0.5
  public var waterCells = 2...6
  public var waterNoise = 5 * Double.pi...10 * .pi
  public var noise = 0...1.2 * Double.pi
  public var noiseExponent = 0.1...0.7
  public var noiseFloor = 0.0...0.5
  public var looks = 4
  /// Pixels of `mean incidence 34.17 degrees, heading -13.33 or -166.49 degrees`.
  public var incidenceDegrees = 34.17
  public var headingsDegrees = [-13.3281, -166.487]
  public var reading = PhaseReading(.sentinel1)

  public init() {}
}

/// The random parameters of one sample; absent parts are `nil`.
struct WuRecord: Encodable, Sendable {
  var reading: PhaseReading
  var constantRadians = 0.0
  var terrain: Terrain.Origin?
  var terrainRadians: Double?
  var slope: WuSlope?
  var buildings: WuBuildings?
  var turbulence: PerlinNoise?
  var turbulenceRadians: Double?
  var gaussian: DistortedGaussian?
  var gaussianRadians: Double?
  var fault: OkadaDislocation?
  var faultLineOfSight: LineOfSight?
  var water: PerlinNoise?
  var waterThreshold: Double?
  var waterNoise: Double?
  var noise = 0.0
  var noiseExponent = 0.0
  var noiseFloor = 0.0
  var noiseSeed: UInt64 = 0
}

extension ScenePreset {
  public static let wu = wuPreset(
    name: "wu",
    summary: "interferograms with a distorted Gaussian, a fault, buildings, a slope, "
      + "Perlin turbulence, water and noise; no DEM", settings: WuSettings())
  public static let wuDEM = wuPreset(
    name: "wu-dem", summary: "as wu, with the phase of a DEM crop",
    settings: {
      var settings = WuSettings()
      settings.usesTerrain = true
      return settings
    }())

  private static func wuPreset(name: String, summary: String, settings: WuSettings) -> ScenePreset {
    ScenePreset(
      name: name, summary: summary,
      source: "Wu et al., IEEE TGRS 60, 2022 (phase discontinuity prediction; detection and "
        + "unwrapping of mining deformation), after their public simulator",
      pixelSizeMeters: 30, settings: settings
    ) { grid, inputs, random in
      var builder = WuBuilder(settings: settings, grid: grid, random: random)
      return try builder.build(inputs.terrain)
    }
  }
}

/// Adds the parts of one interferogram.
private struct WuBuilder {
  let settings: WuSettings
  let grid: SceneGrid
  var random: CounterRandom
  var record: WuRecord
  var phase: [Float]
  var deformation: [Float]

  init(settings: WuSettings, grid: SceneGrid, random: CounterRandom) {
    self.settings = settings
    self.grid = grid
    self.random = random
    record = WuRecord(reading: settings.reading)
    phase = [Float](repeating: 0, count: grid.count)
    deformation = phase
  }

  mutating func build(_ terrain: Terrain) throws -> SimulatedSample {
    var ground = phase
    if settings.usesTerrain {
      let (heights, origin) = try terrain.heightsMeters(grid: grid, random: &random)
      let range = random.uniform(settings.terrainRadians)
      ground = normalized(heights).map { $0 * Float(range) }
      record.terrain = origin
      record.terrainRadians = range
    }
    addPhaseParts()
    try addDeformation()
    for pixel in phase.indices { phase[pixel] += ground[pixel] + deformation[pixel] }
    let isWater = drawWater()
    let sigma = noiseSigma(ground: ground, isWater: isWater)
    return SimulatedSample(
      grid: grid, rateCMPerYear: settings.reading.rateCMPerYear(radians: phase),
      layers: [
        SampleLayer("phase", .radians, phase),
        SampleLayer("deformation-phase", .radians, deformation),
        SampleLayer("noisy-wrapped-phase", .radians, noisy(sigma: sigma, isWater: isWater)),
        SampleLayer("noise-sigma", nil, sigma),
        SampleLayer("coherence", nil, sigma.map { 1 / (1 + 2 * $0 * $0).squareRoot() }),
      ], record: record)
  }

  private mutating func addPhaseParts() {
    record.constantRadians = random.uniform(settings.constantRadians)
    for pixel in phase.indices { phase[pixel] += Float(record.constantRadians) }
    if random.uniform() < settings.slopeProbability {
      let slope = WuSlope(
        radians: random.uniform(0...settings.slopeRadiansPerColumn * Double(grid.width)),
        random: &random)
      slope.add(to: &phase, grid: grid)
      record.slope = slope
    }
    if random.uniform() < settings.buildingProbability {
      let buildings = WuBuildings(
        count: settings.buildingCount, radians: settings.buildingRadians, grid: grid,
        random: &random)
      buildings.add(to: &phase, grid: grid)
      record.buildings = buildings
    }
    if random.uniform() < settings.turbulenceProbability {
      let noise = PerlinNoise(
        octaves: settings.turbulenceOctaves, persistence: settings.turbulencePersistence,
        cells: settings.turbulenceCells, random: &random)
      let radians = random.uniform(settings.turbulenceRadians)
      add(noise.values(width: grid.width, height: grid.height), Float(radians), to: &phase)
      record.turbulence = noise
      record.turbulenceRadians = radians
    }
  }

  private mutating func addDeformation() throws {
    if random.uniform() < settings.gaussianProbability {
      let gaussian = DistortedGaussian(
        center: settings.gaussianCenter, shiftPixels: settings.gaussianShiftPixels,
        random: &random)
      let radians = random.uniform(settings.gaussianRadians)
      add(gaussian.values(width: grid.width, height: grid.height), Float(radians), to: &deformation)
      record.gaussian = gaussian
      record.gaussianRadians = radians
    }
    if random.uniform() < settings.faultProbability {
      let fault = try drawFault()
      let heading = settings.headingsDegrees[
        random.integer(below: settings.headingsDegrees.count)]
      let lineOfSight = try LineOfSight(
        incidenceDegrees: settings.incidenceDegrees, headingDegrees: heading)
      // Slips in m are treated as slips in one year, so that the rate equals the displacement.
      let rate = DeformationField(grid: grid, sources: [fault]).losCMPerYear(lineOfSight)
      var reading = settings.reading
      reading.intervalDays = DeformationPhase.daysPerYear
      add(reading.radians(rateCMPerYear: rate), 1, to: &deformation)
      record.fault = fault
      record.faultLineOfSight = lineOfSight
    }
  }

  /// A negative dip is a plane that dips to the other side. A slip of 1 m is 100 cm/yr.
  private mutating func drawFault() throws -> OkadaDislocation {
    let pixel = grid.pixelSizeMeters
    let longest = max(4, settings.faultLengthShare * Double(grid.width))
    let length = random.uniform(4...longest) * pixel
    let width = random.uniform(settings.faultAspect) * length
    let depth = random.uniform(settings.faultDepthPixels) * pixel
    let dip = random.uniform(settings.faultDipDegrees)
    let strike = random.uniform(0...360)
    let east = random.uniform(0.1...0.9) * grid.widthMeters
    let north = random.uniform(0.1...0.9) * grid.heightMeters
    let strikeSlip = random.uniform(settings.faultSlipMeters)
    let dipSlip = random.uniform(settings.faultSlipMeters)
    let isOpen = random.uniform() < settings.faultOpeningProbability
    let opening = random.uniform(settings.faultOpeningMeters)
    return try OkadaDislocation(
      .init(
        eastMeters: east, northMeters: north, topDepthMeters: depth, lengthMeters: length,
        widthMeters: width, strikeDegrees: dip < -90 ? strike + 180 : strike,
        dipDegrees: dip < -90 ? 180 + dip : -dip), strikeSlipCMPerYear: strikeSlip * 100,
      dipSlipCMPerYear: dipSlip * 100, openingCMPerYear: isOpen ? opening * 100 : 0)
  }

  private mutating func drawWater() -> [Bool]? {
    guard random.uniform() < settings.waterProbability else { return nil }
    let noise = PerlinNoise(
      octaves: 1...1, persistence: 1...1, cells: settings.waterCells, random: &random)
    let threshold = random.uniform()
    record.water = noise
    record.waterThreshold = threshold
    return noise.values(width: grid.width, height: grid.height).map { $0 > Float(threshold) }
  }

  /// Standard deviation of the noise before multilooking: larger on high ground and where
  /// deformation is uneven. The mean of |deformation| is a sum over 33 x 33 pixels divided by the
  /// count of 17 x 17, as in the public code.
  private mutating func noiseSigma(ground: [Float], isWater: [Bool]?) -> [Float] {
    let (width, height) = (grid.width, grid.height)
    let lowest = ground.min() ?? 0
    let ones = BoxSums([Float](repeating: 1, count: grid.count), width: width, height: height)
    let values = BoxSums(deformation, width: width, height: height)
    let squares = BoxSums(deformation.map { $0 * $0 }, width: width, height: height)
    let magnitudes = BoxSums(deformation.map { abs($0) }, width: width, height: height)
    var map = [Float](repeating: 0, count: grid.count)
    for row in 0..<height {
      for column in 0..<width {
        let count = ones.sum(row: row, column: column, reach: 8)
        let mean = values.sum(row: row, column: column, reach: 8) / count
        let square = squares.sum(row: row, column: column, reach: 8) / count
        let deviation = max(0, square - mean * mean).squareRoot()
        let magnitude = magnitudes.sum(row: row, column: column, reach: 16) / count
        let pixel = row * width + column
        // Differences of running sums may be slightly negative because of rounding.
        map[pixel] = ground[pixel] - lowest + Float(deviation + 0.15 * max(0, magnitude))
      }
    }
    record.noiseExponent = random.uniform(settings.noiseExponent)
    record.noiseFloor = random.uniform(settings.noiseFloor)
    record.noise = random.uniform(settings.noise)
    record.noiseSeed = random.next()
    if isWater != nil { record.waterNoise = random.uniform(settings.waterNoise) }
    let greatest = map.max() ?? 0
    return map.indices.map { pixel in
      if isWater?[pixel] == true { return Float(record.waterNoise ?? 0) }
      let share = greatest > 0 ? pow(map[pixel] / greatest, Float(record.noiseExponent)) : 0
      let floor = Float(record.noiseFloor)
      return Float(record.noise) * (share * (1 - floor) + floor)
    }
  }

  /// The mean of `looks` noisy unit phasors of one phase; the phase of water is 0.
  private func noisy(sigma: [Float], isWater: [Bool]?) -> [Float] {
    var random = CounterRandom(record.noiseSeed, .lookNoise)
    let looks = Float(settings.looks).squareRoot()
    return phase.indices.map { pixel in
      let phase = isWater?[pixel] == true ? 0 : phase[pixel]
      let deviation = sigma[pixel] / looks
      let real = cos(phase) + deviation * Float(random.normal())
      let imaginary = sin(phase) + deviation * Float(random.normal())
      return wrapped(atan2(imaginary, real))
    }
  }

  private func add(_ values: [Float], _ factor: Float, to sum: inout [Float]) {
    for pixel in sum.indices { sum[pixel] += factor * values[pixel] }
  }
}
