import Foundation
import InSARPhase
import Kernel

extension ScenePreset {
  /// Wide scenes as in satellite data: mostly quiet ground, and provinces of deformation from tens
  /// of meters to ten kilometers across, with a heavy tail up to about 25 cm/yr.
  public static let mixed = ScenePreset(
    name: "mixed",
    summary: "wide, mostly quiet scenes with aquifers, mines, volcanoes, creeping faults, "
      + "landslides and settling lines",
    source: "composed by this project of the sources cited in docs/simulators.md",
    pixelSizeMeters: 30, settings: [String: String]()
  ) { grid, _, random in
    var builder = MixedScene(grid: grid, random: random)
    return try builder.build().sample()
  }

  /// Scene `index` of the preset `mixed`, with its sources as values.
  public static func mixedScene(grid: SceneGrid, seed: UInt64, index: Int) throws -> Scene {
    var builder = MixedScene(grid: grid, random: random(seed: seed, index: index))
    return try builder.build()
  }
}

/// Draws one scene of the `mixed` preset, province by province.
struct MixedScene {
  let grid: SceneGrid
  var random: CounterRandom
  var sources: [any DeformationSource] = []

  init(grid: SceneGrid, random: CounterRandom) {
    self.grid = grid
    self.random = random
  }

  mutating func build() throws -> Scene {
    // About two provinces for every 15 km x 15 km: ten in the default 31 km scene.
    let area = grid.widthMeters * grid.heightMeters / (15_000 * 15_000)
    // Their number grows with the area, and the computing time with its square.
    guard area <= 5_000 else {
      throw SimulatorError.badGrid(faults: [
        "\(Int(grid.widthMeters / 1000)) km x \(Int(grid.heightMeters / 1000)) km are too large for "
          + "the preset mixed: give fewer or smaller pixels, up to about 1000 km x 1000 km"
      ])
    }
    let provinces = max(1, Int((area * random.uniform(1.8...2.9)).rounded()))
    for place in scatteredPlaces(provinces) {
      switch random.uniform() {
      case ..<0.34: try addAquifer(at: place)
      case ..<0.48: try addMine(at: place)
      case ..<0.62: try addVolcano(at: place)
      case ..<0.80: try addLandslides(at: place)
      default: try addWells(at: place)
      }
    }
    if random.uniform() < 0.4 { try addFault() }
    for _ in 0..<random.integer(in: 0...2) { try addLine() }
    let texture = try PowerLawTexture(
      seed: random.next(), spectralSlope: random.uniform(2.2...2.9),
      standardDeviationCMPerYear: random.uniform(0.12...0.28),
      outerScaleMeters: random.uniform(4_000...10_000))
    let ascending = random.uniform() < 0.5
    let lineOfSight = try LineOfSight(
      incidenceDegrees: random.uniform(30...45),
      headingDegrees: ascending ? random.uniform(-14 ... -9) : random.uniform(-171 ... -166))
    return Scene(grid: grid, lineOfSight: lineOfSight, sources: sources, texture: texture)
  }

  // MARK: Random parameters of all provinces

  /// A peak rate with a heavy tail: median `median`, one in ten above 2.6 times it, at most 25.
  mutating func heavyTail(median: Double) -> Double {
    while true {
      let rate = median * exp(0.75 * random.normal())
      if rate <= 25 { return rate }
    }
  }

  /// Log-uniform: equally many values between 1 and 2 as between 2 and 4.
  mutating func logUniform(_ range: ClosedRange<Double>) -> Double {
    exp(random.uniform(log(range.lowerBound)...log(range.upperBound)))
  }

  mutating func sign(negativeShare: Double) -> Double {
    random.uniform() < negativeShare ? -1 : 1
  }

  /// `count` points with distance from each other: each is the best of a few candidates.
  mutating func scatteredPlaces(_ count: Int) -> [LinearStructure.Point] {
    var places: [LinearStructure.Point] = []
    for _ in 0..<count {
      let candidates = (0..<4).map { _ in
        LinearStructure.Point(
          eastMeters: random.uniform(-0.05...1.05) * grid.widthMeters,
          northMeters: random.uniform(-0.05...1.05) * grid.heightMeters)
      }
      func distance(_ a: LinearStructure.Point) -> Double {
        places.map { hypot($0.eastMeters - a.eastMeters, $0.northMeters - a.northMeters) }.min()
          ?? 0
      }
      places.append(candidates.max { distance($0) < distance($1) }!)
    }
    return places
  }

  /// A place around `center`, normally scattered.
  mutating func near(
    _ center: LinearStructure.Point, spreadMeters: Double
  ) -> LinearStructure.Point {
    LinearStructure.Point(
      eastMeters: center.eastMeters + spreadMeters * random.normal(),
      northMeters: center.northMeters + spreadMeters * random.normal())
  }

  /// An outline whose harmonics fall off, so that it has bays rather than spikes.
  mutating func outline(
    at place: LinearStructure.Point, radiusMeters: Double, elongation: Double,
    azimuthDegrees: Double, roughness: Double
  ) -> IrregularOutline {
    let harmonics = (2...9).map { order in
      IrregularOutline.Harmonic(
        amplitude: min(max(random.normal(), -2), 2) * roughness / pow(Double(order), 1.2),
        phaseRadians: random.uniform(0...(2 * .pi)))
    }
    return IrregularOutline(
      eastMeters: place.eastMeters, northMeters: place.northMeters, meanRadiusMeters: radiusMeters,
      elongation: elongation, azimuthDegrees: azimuthDegrees, harmonics: harmonics)
  }

  mutating func warp(ofShape sizeMeters: Double, strength: Double) -> DomainWarp {
    DomainWarp(
      amplitudeMeters: strength * sizeMeters, wavelengthMeters: 1.6 * sizeMeters, octaves: 4,
      persistence: 0.5, seed: random.next())
  }
}
