import DurableFiles
import Foundation
import InSARPhase
import Kernel
import RasterIO
import Rasters
import RunSupport
import Settings
import StackFiles

/// Makes interferogram stacks from rate maps, as `ganinsar compose` does.
package struct StackComposition: Sendable {
  /// Rasters that are resampled to the grid of each rate map.
  package struct Rasters: Sendable, Equatable {
    /// Heights in m, on the grid of the rate map or to be cropped.
    package var dem: String?
    /// True height minus DEM height in m; drawn at random if `nil`.
    package var heightError: String?
    /// Factors of the coherence, 0 to 1, likewise; a file or a folder of them.
    package var coherence: String?
    /// Delays of the atmosphere in m, cm, mm or rad, likewise, in the place of drawn turbulence.
    package var atmosphere: String?
    /// A folder of maps of heights in m, of which each rate map gets a crop; in the place of `dem`.
    package var height: String?

    package init(dem: String? = nil, heightError: String? = nil, coherence: String? = nil) {
      self.dem = dem
      self.heightError = heightError
      self.coherence = coherence
    }
  }

  package var rates: RateMaps
  /// Where distributions stand for values, each rate map has settings of its own.
  package var settings: DrawnSettings<ComposeConfiguration>
  let rasters: SceneRasters
  /// Of the typical settings.
  let network: InterferogramNetwork

  /// - Throws: as with settings that are drawn.
  package init(
    rates: RateMaps, configuration: ComposeConfiguration, rasters: Rasters = Rasters()
  ) throws {
    try self.init(rates: rates, settings: DrawnSettings(configuration), rasters: rasters)
  }

  /// - Throws: `InSARPhaseError` if the network cannot be built; `StackIOError.badJob` for a folder
  ///   without coherence maps; `RunError.cannotRead`.
  package init(
    rates: RateMaps, settings: DrawnSettings<ComposeConfiguration>, rasters: Rasters = Rasters()
  ) throws {
    self.rates = rates.besides(rasters)
    self.settings = settings
    self.rasters = try SceneRasters(rasters)
    network = try settings.typical.interferogramNetwork()
    guard rasters.atmosphere == nil || settings.typical.model.has(.turbulence) else {
      throw StackIOError.badJob(
        faults: [
          "maps of the atmosphere are given, but model.components lacks turbulence, which they are: name it"
        ])
    }
  }

  /// Keys that cannot be drawn.
  package static let fixedKeys = ["seed"]

  var seed: UInt64 { settings.typical.seed }

  /// The settings of rate map `index`.
  func configuration(_ index: Int) throws -> ComposeConfiguration {
    try settings.draw(index, seed: seed).value
  }

  /// Number of interferograms of a shard, which consists of whole stacks.
  package func interferogramCount(of shard: JobShard = .whole) throws -> Int {
    let maps = shard.range(of: rates.entries.count)
    guard settings.isDrawn else { return maps.count * network.pairs.count }
    return try maps.reduce(0) { try $0 + configuration($1).interferogramNetwork().pairs.count }
  }

  /// Number of samples: one for each pair of the typical network and each rate map.
  package var sampleCount: Int { rates.entries.count * network.pairs.count }

  /// A stack that is ready to make its interferograms, and its description.
  struct Prepared {
    var stack: InterferogramStack
    var description: StackDescription
    var configuration: ComposeConfiguration
    /// The pixel to which phases are referenced; `nil` if they are not.
    var referencePixel: Int?
    /// The input files, by name.
    var inputs: [StackManifest.Checksum]
    /// How the unit and the sign of the rate map were determined.
    var reading: RateReading
  }

  /// A rate map and what lies over it, on one grid.
  struct Ground {
    var rate: Raster
    var dem: StackRasters.Plane?
    var demError: [Float]?
    var coherence: StackRasters.Plane?
    /// The delays of dates; `nil`: turbulence is drawn.
    var atmosphere: AtmosphereOfDates?
    /// How the unit and the sign of the rate map were determined.
    var reading: RateReading
  }

  /// Rate map `index` and the rasters at its place.
  /// - Throws: `RasterError`, `StackIOError.gridsDiffer` for one that does not cover the rate map.
  func ground(_ index: Int) throws -> Ground {
    let map = try rates.load(index)
    return try rasters.inPlace(
      over: map.raster, reading: RateReading(rates.reader.options, map.description),
      companions: rates.entries[index].companions)
  }

  /// The stack of rate map `index`.
  /// - Throws: as `ground`, and `InSARPhaseError`.
  func prepare(_ index: Int) throws -> Prepared {
    var configuration = try configuration(index)
    let map = try ground(index)
    let stackSeed = stackSeed(index)
    let scene = try Self.scene(
      map, configuration, rasters: rasters, seed: seed, index: index, stackSeed: stackSeed)
    // All stacks of a composition have one network, unless each has settings of its own.
    if settings.isDrawn { configuration.seed = stackSeed }
    let stack = try Self.stack(
      scene.ground, configuration: configuration,
      network: settings.isDrawn ? configuration.interferogramNetwork() : network, seed: stackSeed)
    let reference = scene.referencePixel(configuration.reference, seed: seed, index: index)
    return Prepared(
      stack: stack,
      description: try Self.description(
        stack, scene.ground, configuration, referencePixel: reference),
      configuration: configuration, referencePixel: reference,
      inputs: try files(rates.entries[index].files).map { path in
        StackManifest.Checksum(
          file: FilePath.name(path), sha256: try SHA256.hex(ofFile: path))
      }, reading: map.reading)
  }

  /// The scene of a rate map, with what its settings change and add.
  static func scene(
    _ map: Ground, _ configuration: ComposeConfiguration, rasters: SceneRasters, seed: UInt64,
    index: Int, stackSeed: UInt64
  ) throws -> SceneSituation {
    try SceneSituation(
      rasters.completed(map, configuration, stackSeed: stackSeed, fields: nil),
      configuration: configuration,
      p995: configuration.rates.p995CMPerYear == nil ? 0 : RateChanges.p995(of: map.rate.values),
      seed: seed, index: index, fields: SharedFields())
  }

  /// The interferograms of a rate map in memory: those that `run` writes for a file with this map and
  /// no raster beside it.
  /// - Parameter rate: in cm/yr, positive toward the satellite.
  /// - Throws: `InSARPhaseError`.
  package static func interferograms(of rate: Raster, configuration: ComposeConfiguration) throws
    -> [Interferogram]
  {
    let seed = configuration.seed
    let scene = try scene(
      Ground(rate: rate, reading: RateReading(RasterReadOptions())), configuration,
      rasters: SceneRasters(Rasters()), seed: seed, index: 0, stackSeed: seed)
    let stack = try stack(
      scene.ground, configuration: configuration, network: configuration.interferogramNetwork(),
      seed: seed)
    let reference = scene.referencePixel(configuration.reference, seed: seed, index: 0)
    var interferograms: [Interferogram] = []
    try stack.forEachInterferogram {
      interferograms.append(try $0.finished(configuration, referencePixel: reference))
    }
    return interferograms
  }

  /// - Parameter fields: of other stacks of the same size; `nil`: the stack makes its own.
  /// - Throws: `InSARPhaseError`.
  static func stack(
    _ ground: Ground, configuration: ComposeConfiguration, network: InterferogramNetwork,
    seed: UInt64, fields: SharedFields? = nil
  ) throws -> InterferogramStack {
    try InterferogramStack(
      rateCMPerYear: ground.rate.values, demMeters: ground.dem?.values,
      demErrorMeters: ground.demError, coherenceMap: ground.coherence?.values,
      geometry: configuration.geometry(of: ground.rate), network: network,
      model: configuration.model, seed: seed, fields: fields,
      delayOfDay: ground.atmosphere?.radians)
  }

  private static func description(
    _ stack: InterferogramStack, _ ground: Ground, _ configuration: ComposeConfiguration,
    referencePixel: Int?
  ) throws -> StackDescription {
    let rate = ground.rate
    var truth = [
      TruthPlane(
        name: "rate", unit: "cm/yr", meaning: "line-of-sight rate, positive toward the satellite",
        values: rate.values)
    ]
    if let values = stack.demErrorMeters {
      truth.append(
        TruthPlane(
          name: "height_error", unit: "m", meaning: "true height minus DEM height", values: values))
    }
    if let dem = ground.dem?.values {
      truth.append(TruthPlane(name: "dem", unit: "m", meaning: "height of the DEM", values: dem))
    }
    let reference =
      referencePixel
      ?? rate.values.indices.filter { rate.values[$0].isFinite }
      .min { abs(rate.values[$0]) < abs(rate.values[$1]) } ?? 0
    var description = StackDescription(
      network: stack.network, geometry: stack.geometry, georeference: rate.georeference,
      sensor: configuration.sensor, equivalentLooks: configuration.model.decorrelation.looks,
      components: stack.components, truth: truth,
      referencePixel: (reference / rate.width, reference % rate.width))
    description.isFiltered = configuration.model.goldstein.alpha > 0
    description.heights = ground.dem?.origin
    description.coherence = ground.coherence?.origin
    description.atmosphere = try ground.atmosphere?.origins(stack.network.dates)
    return description
  }

  /// The files of the rate maps and of the further rasters.
  func files(_ rates: [String]) -> [String] { rates + rasters.files }

  /// The first map uses the seed itself; each other map has its own seed.
  func stackSeed(_ index: Int) -> UInt64 {
    guard index > 0 else { return seed }
    var random = CounterRandom(seed, .stackSeeds, UInt64(index))
    return random.next()
  }
}
