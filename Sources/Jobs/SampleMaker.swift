import Foundation
import InSARPhase
import Kernel
import RasterIO
import Rasters
import Settings
import StackFiles
import Synchronization

/// A rate map of which samples show windows.
struct SampleGround: Sendable {
  var name: String
  var ground: StackComposition.Ground
  /// Computed when a sample first needs it: sorting a map takes longer than composing a sample.
  private let percentile = Percentile()

  private final class Percentile: Sendable {
    let value = Mutex<Double?>(nil)
  }

  init(name: String, ground: StackComposition.Ground) {
    self.name = name
    self.ground = ground
  }

  /// The 99.5th percentile of |rate| in cm/yr.
  var p995: Double {
    percentile.value.withLock { value in
      if let value { return value }
      let new = RateChanges.p995(of: ground.rate.values)
      value = new
      return new
    }
  }
}

/// Makes samples for machine learning, each in a situation of its own: settings, window, atmosphere,
/// noise and mask of sample i depend on the seed, its rate map and i alone.
struct SampleMaker: Sendable {
  let settings: @Sendable (Int) throws -> (ComposeConfiguration, drawn: ValueTree)
  let set: SampleSet
  /// Rows and columns.
  let size: Int
  let seed: UInt64
  private let rasters: SceneRasters
  private let fields = SharedFields()

  init(
    set: SampleSet, size: Int, seed: UInt64, rasters: SceneRasters,
    settings: @escaping @Sendable (Int) throws -> (ComposeConfiguration, drawn: ValueTree)
  ) {
    self.settings = settings
    self.set = set
    self.size = size
    self.seed = seed
    self.rasters = rasters
  }

  /// - Parameter part: the part of the dataset that it belongs to.
  /// - Throws: `RunError.configuration` for drawn settings that do not go together, `StackIOError` for
  ///   a map that is too small, `InSARPhaseError`.
  func record(_ index: Int, of map: SampleGround, part: String? = nil) throws -> SampleRecord {
    var (configuration, drawn) = try settings(index)
    var random = CounterRandom(seed, .sampleSeeds, UInt64(index))
    configuration.seed = random.next()
    let window = try window(index, of: map)
    let scene = try SceneSituation(
      rasters.completed(
        map.ground.cropped(row: window.row, column: window.column, size: size), configuration,
        stackSeed: configuration.seed, fields: fields),
      configuration: configuration,
      p995: configuration.rates.p995CMPerYear == nil ? 0 : map.p995, seed: seed, index: index,
      fields: fields)
    let network = try configuration.interferogramNetwork()
    let stack = try StackComposition.stack(
      scene.ground, configuration: configuration, network: network, seed: configuration.seed,
      fields: fields)
    let pairs =
      set.content == .stack
      ? Array(network.pairs.indices) : [random.integer(below: network.pairs.count)]
    let reference = scene.referencePixel(configuration.reference, seed: seed, index: index)
    var interferograms: [Interferogram] = []
    if set.content == .pair {
      interferograms = [
        try stack.loneInterferogram(pairs[0], referencePixel: reference)
          .finished(configuration, referencePixel: nil)
      ]
    } else {
      try stack.forEachInterferogram(pairs) {
        interferograms.append(try $0.finished(configuration, referencePixel: reference))
      }
    }
    return try SampleRecord(
      arrays: set.arrays.map {
        Self.array(
          $0, set, shape: [size, size], rates: (scene.rateCMPerYear, scene.ground.rate.values),
          interferograms)
      },
      metadata: SampleMetadata(
        sample: index, rate: map.name, part: part, windowRow: window.row,
        windowColumn: window.column,
        pairs: pairs.map { SamplePair(network, network.pairs[$0]) },
        isStack: set.content == .stack,
        scene: SampleScene(
          stack, sensor: configuration.sensor, referencePixel: reference,
          heights: scene.ground.dem?.origin, coherence: scene.ground.coherence?.origin,
          atmosphere: try scene.ground.atmosphere?.origins(
            pairs.flatMap { [network.pairs[$0].reference, network.pairs[$0].secondary] }
              .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }.sorted()
              .map { network.dates[$0] })),
        drawn: drawn, rateFactor: scene.rateFactor, validFraction: scene.validFraction))
  }

  /// A window that is mostly data, where there is one.
  private func window(_ index: Int, of map: SampleGround) throws -> (row: Int, column: Int) {
    let rate = map.ground.rate
    guard rate.width >= size, rate.height >= size else {
      throw StackIOError.badJob(
        faults: [
          "\(map.name) has \(rate.width) x \(rate.height) pixels, fewer than samples of \(size) x "
            + "\(size); give \(OptionName.size("\(min(rate.width, rate.height))")) or larger rate maps"
        ])
    }
    guard rate.width > size || rate.height > size else { return (0, 0) }
    var random = CounterRandom(seed, .sampleWindow, UInt64(index))
    var best = (row: 0, column: 0, valid: -1)
    for _ in 0..<20 {
      let row = random.integer(in: 0...rate.height - size)
      let column = random.integer(in: 0...rate.width - size)
      var valid = 0
      // Every fourth pixel of every fourth row is enough to tell.
      for y in stride(from: row, to: row + size, by: 4) {
        for x in stride(from: column, to: column + size, by: 4)
        where rate.values[y * rate.width + x].isFinite { valid += 1 }
      }
      if valid > best.valid { best = (row, column, valid) }
      if valid * 16 * 2 >= size * size { break }
    }
    return (best.row, best.column)
  }

  /// - Parameter rates: in all pixels, and NaN where there are no data, in cm/yr.
  static func array(
    _ name: SampleArrayName, _ set: SampleSet, shape: [Int], rates: (all: [Float], valid: [Float]),
    _ interferograms: [Interferogram]
  ) -> SampleArray {
    let planes: [[Float]]
    switch name {
    case .rate: planes = [rates.all]
    case .moving:
      let least = Float(set.movingCMPerYear)
      planes = [rates.all.map { abs($0) >= least ? 1 : 0 }]
    case .valid: planes = [rates.valid.map { $0.isFinite ? 1 : 0 }]
    default: planes = interferograms.map(name.values)
    }
    let isStacked = name.belongsToPairs && set.content == .stack
    let values = planes.count == 1 ? planes[0] : planes.flatMap { $0 }
    return SampleArray(
      name: name.rawValue, unit: name.unit, meaning: name.meaning,
      array: NpyArray(shape: (isStacked ? [planes.count] : []) + shape, values: values),
      type: set.float16.contains(name) ? .float16 : .float32)
  }
}

extension SampleArrayName {
  /// The layer of an interferogram; `nil` for what is none.
  private var layer: StackLayer? {
    switch self {
    case .wrapped: .wrapped
    case .unwrapped: .unwrapped
    case .filtered: .filtered
    case .coherence: .coherence
    case .clean, .rate, .moving, .valid: nil
    default: PhaseComponent(rawValue: rawValue).map(StackLayer.component)
    }
  }

  fileprivate func values(_ interferogram: Interferogram) -> [Float] {
    layer?.values(interferogram) ?? interferogram.noiseFreeWrappedRadians
  }

  fileprivate var unit: String {
    switch self {
    case .rate: "cm/yr"
    case .moving, .valid: "1"
    default: layer?.unit ?? "rad"
    }
  }

  fileprivate var meaning: String {
    switch self {
    case .rate: "line-of-sight rate, positive toward the satellite"
    case .moving: "1 where |rate| reaches samples.movingCMPerYear, else 0"
    case .valid: "1 where the rate map and the frame have data, else 0"
    case .clean: "the wrapped phase without decorrelation noise"
    default: layer?.meaning ?? ""
    }
  }
}

extension StackComposition.Ground {
  /// A square window of the rate map and of what lies over it.
  func cropped(row: Int, column: Int, size: Int) -> Self {
    guard rate.width != size || rate.height != size else { return self }
    func cut(_ values: [Float]) -> [Float] {
      var result: [Float] = []
      result.reserveCapacity(size * size)
      for y in row..<row + size {
        let start = y * rate.width + column
        result.append(contentsOf: values[start..<start + size])
      }
      return result
    }
    var ground = self
    ground.rate.values = cut(rate.values)
    (ground.rate.width, ground.rate.height) = (size, size)
    ground.dem?.values = cut(dem?.values ?? [])
    ground.demError = demError.map(cut)
    ground.coherence?.values = cut(coherence?.values ?? [])
    return ground
  }
}

/// The dates of an interferogram.
struct SamplePair: Encodable {
  var pair: String
  var referenceDate: AcquisitionDate
  var secondaryDate: AcquisitionDate
  var days: Int
  var perpendicularBaselineMeters: Double

  init(_ network: InterferogramNetwork, _ pair: InterferogramPair) {
    self.pair = network.name(pair)
    referenceDate = network.dates[pair.reference]
    secondaryDate = network.dates[pair.secondary]
    days = network.days(pair)
    perpendicularBaselineMeters = network.perpendicularBaselineMeters(pair)
  }
}

/// The scene of an interferogram.
struct SampleScene: Encodable {
  var sensor: Sensor
  var radar: RadarGeometry
  var pixelSizeMeters: Double
  var seed: UInt64
  var referenceRow: Int?
  var referenceColumn: Int?
  var heights: RasterOrigin?
  var coherence: RasterOrigin?
  var atmosphere: [DateOrigin]?
  /// Fractions of the scene under each ground cover, where it is drawn.
  var coverFractions: GroundCoverFractions?

  init(
    _ stack: InterferogramStack, sensor: Sensor, referencePixel: Int?, heights: RasterOrigin?,
    coherence: RasterOrigin?, atmosphere: [DateOrigin]? = nil
  ) {
    self.sensor = sensor
    radar = stack.geometry.radar
    pixelSizeMeters = stack.geometry.pixelSizeMeters
    seed = stack.seed
    referenceRow = referencePixel.map { $0 / stack.geometry.width }
    referenceColumn = referencePixel.map { $0 % stack.geometry.width }
    self.heights = heights
    self.coherence = coherence
    self.atmosphere = atmosphere
    coverFractions = stack.coverFractions
  }
}

/// The JSON object of a sample.
struct SampleMetadata: Encodable {
  var sample: Int
  /// The rate map's name.
  var rate: String
  var part: String?
  var windowRow: Int
  var windowColumn: Int
  var pairs: [SamplePair]
  var isStack: Bool
  var scene: SampleScene
  /// Each setting that was drawn, with its value.
  var drawn: ValueTree
  var rateFactor: Double
  var validFraction: Double

  private enum Key: CodingKey {
    case sample, rate, part, windowRow, windowColumn, pairs, drawn, rateFactor, validFraction
  }

  /// The keys of the scene, and of the pair if there is one, stand beside the sample's own.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(sample, forKey: .sample)
    try container.encode(rate, forKey: .rate)
    try container.encodeIfPresent(part, forKey: .part)
    try container.encode(windowRow, forKey: .windowRow)
    try container.encode(windowColumn, forKey: .windowColumn)
    if isStack {
      try container.encode(pairs, forKey: .pairs)
    } else {
      try pairs[0].encode(to: encoder)
    }
    try scene.encode(to: encoder)
    try container.encode(drawn, forKey: .drawn)
    try container.encode(rateFactor, forKey: .rateFactor)
    try container.encode(validFraction, forKey: .validFraction)
  }
}
