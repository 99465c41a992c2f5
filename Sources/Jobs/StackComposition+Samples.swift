import DurableFiles
import InSARPhase
import RasterIO
import RunSupport
import StackFiles

extension StackComposition {
  /// Writes interferograms as samples for machine learning: sample i is pair i mod P of rate map
  /// i div P, with P pairs. Each holds the rate, the unwrapped and the wrapped phase, the coherence
  /// and every component.
  ///
  /// - Parameter progress: called with the number of finished samples.
  /// - Returns: the number of samples of this process.
  /// - Throws: as `SampleExport.run`, and the errors of reading rates and rasters.
  @discardableResult
  package func exportSamples(
    format: SampleFormat, output: String, shard: JobShard = .whole, shardBytes: Int = 256 << 20,
    progress: (Int) -> Void = { _ in }
  ) throws -> Int {
    struct Job: Encodable {
      var content = "interferograms with their components; " + StackDescription.signConvention
      var configuration: ComposeConfiguration
      var rates: [String]
      var rateReading: RateReading
      /// SHA-256 of the rate maps, then of the given DEM, height error and coherence.
      var inputs: [String]
    }
    var current: (index: Int, prepared: Prepared) = (0, try prepare(0))
    let inputs = try files(rates.entries.map(\.path)).map { try SHA256.hex(ofFile: $0) }
    let job = Job(
      configuration: configuration, rates: rates.entries.map(\.name),
      rateReading: RateReading(rates.reader.options), inputs: inputs)
    let export = SampleExport(
      format: format, output: output, count: interferogramCount, jobShard: shard,
      shardBytes: shardBytes)
    return try export.run(job: job) { index in
      let map = index / network.pairs.count
      if current.index != map { current = (map, try prepare(map)) }
      return try Self.sample(
        current.prepared, pair: index % network.pairs.count, rateName: rates.entries[map].name)
    } progress: {
      progress($0)
    }
  }

  private struct Metadata: Encodable {
    var rate: String
    var pair: String
    var referenceDate: AcquisitionDate
    var secondaryDate: AcquisitionDate
    var days: Int
    var perpendicularBaselineMeters: Double
    var sensor: Sensor
    var radar: RadarGeometry
    var pixelSizeMeters: Double
    var seed: UInt64
    var heights: RasterOrigin?
    var coherence: RasterOrigin?
    /// Fractions of the scene under each ground cover, where it is drawn.
    var coverFractions: GroundCoverFractions?
  }

  private static func sample(_ prepared: Prepared, pair index: Int, rateName: String) throws
    -> SampleRecord
  {
    let stack = prepared.description
    let pair = stack.network.pairs[index]
    let interferogram = try prepared.stack.interferogram(index)
    let shape = [stack.geometry.height, stack.geometry.width]
    let rate = stack.truth[0]
    let arrays =
      [
        SampleArray(
          name: rate.name, unit: rate.unit, meaning: rate.meaning,
          array: NpyArray(shape: shape, values: rate.values))
      ]
      + stack.layers.map { layer in
        SampleArray(
          name: layer.name, unit: layer.unit, meaning: layer.meaning,
          array: NpyArray(shape: shape, values: layer.values(interferogram)))
      }
    return try SampleRecord(
      arrays: arrays,
      metadata: Metadata(
        rate: rateName, pair: stack.network.name(pair),
        referenceDate: stack.network.dates[pair.reference],
        secondaryDate: stack.network.dates[pair.secondary], days: stack.network.days(pair),
        perpendicularBaselineMeters: stack.network.perpendicularBaselineMeters(pair),
        sensor: stack.sensor, radar: stack.geometry.radar,
        pixelSizeMeters: stack.geometry.pixelSizeMeters, seed: prepared.stack.seed,
        heights: stack.heights, coherence: stack.coherence,
        coverFractions: prepared.stack.coverFractions))
  }
}
