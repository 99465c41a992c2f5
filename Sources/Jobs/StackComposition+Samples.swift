import DurableFiles
import InSARPhase
import Kernel
import Pictures
import RasterIO
import RunSupport
import Settings
import StackFiles

extension StackComposition {
  /// Writes interferograms as samples for machine learning: sample i is pair i mod P of rate map
  /// i div P, with P pairs. Each holds the rate, the unwrapped and the wrapped phase, the coherence
  /// and every component.
  ///
  /// Where distributions stand for values, P is that of the typical settings, and each sample has
  /// settings of its own: a situation, as in `DatasetJob`.
  /// - Parameters:
  ///   - arrays: what is written; `nil` for all that are named above.
  ///   - progress: called with the number of finished samples.
  /// - Returns: the number of samples of this process.
  /// - Throws: as `SampleExport.run`, and the errors of reading rates and rasters.
  @discardableResult
  package func exportSamples(
    format: SampleFormat, output: String, arrays: [SampleArrayName]? = nil,
    float16: [SampleArrayName] = [], shard: JobShard = .whole, shardBytes: Int = 256 << 20,
    progress: (Int) -> Void = { _ in }
  ) throws -> Int {
    let done = try writeSamples(
      format: format, output: output, arrays: arrays, float16: float16, shard: shard,
      shardBytes: shardBytes, progress: progress)
    try LayerSheet.writeForDataset(output, to: "\(output)/\(LayerSheet.fileName)")
    return done
  }

  private func writeSamples(
    format: SampleFormat, output: String, arrays: [SampleArrayName]?, float16: [SampleArrayName],
    shard: JobShard, shardBytes: Int, progress: (Int) -> Void
  ) throws -> Int {
    struct Job: Encodable {
      var content = "interferograms with their components; " + StackDescription.signConvention
      var configuration: ValueTree
      var rates: [String]
      var rateReading: RateReading
      /// SHA-256 of the rate maps, then of the given DEM, height error and coherence.
      var inputs: [String]
    }
    var set = SampleSet()
    set.arrays =
      arrays ?? [.rate, .unwrapped, .wrapped]
      + (settings.typical.model.goldstein.alpha > 0 ? [.filtered] : []) + [.coherence]
      + settings.typical.model.inOrder.compactMap { SampleArrayName(rawValue: $0.rawValue) }
    set.float16 = float16
    let faults = set.faults()
    guard faults.isEmpty else { throw RunError.configuration(faults: faults) }
    let inputs = try files(rates.entries.flatMap(\.files)).map { try SHA256.hex(ofFile: $0) }
    let job = Job(
      configuration: settings.given, rates: rates.entries.map(\.name),
      rateReading: RateReading(rates.reader.options), inputs: inputs)
    let export = SampleExport(
      format: format, output: output, count: sampleCount, jobShard: shard,
      shardBytes: shardBytes)
    let pairs = network.pairs.count
    guard settings.isDrawn else {
      var current: (index: Int, prepared: Prepared) = (0, try prepare(0))
      return try export.run(job: job) { index in
        let map = index / pairs
        if current.index != map { current = (map, try prepare(map)) }
        return try SampleMaker.record(
          current.prepared, pair: index % pairs, rateName: rates.entries[map].name, set)
      } progress: {
        progress($0)
      }
    }
    let settings = settings
    let seed = seed
    let size = try rates.load(0).raster
    guard size.width == size.height else {
      throw StackIOError.badJob(
        faults: [
          "\(rates.entries[0].name) has \(size.width) x \(size.height) pixels; samples with settings "
            + "of their own are square: use ganinsar dataset, which takes windows"
        ])
    }
    let maker = SampleMaker(set: set, size: size.width, seed: seed, rasters: rasters) {
      let draw = try settings.draw($0, seed: seed)
      return (draw.value, draw.drawn)
    }
    let source = FileMaps(self)
    let samples = SamplesAhead(count: sampleCount, maker: maker, source: source) { position in
      .init(index: position, map: position / pairs, part: nil)
    }
    return try export.run(job: job) {
      try samples.record($0)
    } progress: {
      progress($0)
    }
  }
}

extension PhaseModel {
  fileprivate var inOrder: [PhaseComponent] { PhaseComponent.allCases.filter(has) }
}

extension SampleMaker {
  /// The sample of one pair of a stack.
  static func record(
    _ prepared: StackComposition.Prepared, pair index: Int, rateName: String, _ set: SampleSet
  ) throws -> SampleRecord {
    struct Metadata: Encodable {
      var rate: String
      var pair: SamplePair
      var scene: SampleScene

      enum CodingKeys: CodingKey { case rate }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rate, forKey: .rate)
        try pair.encode(to: encoder)
        try scene.encode(to: encoder)
      }
    }
    let stack = prepared.description
    let interferogram = try prepared.stack.interferogram(index).finished(
      prepared.configuration, referencePixel: prepared.referencePixel)
    let width = stack.geometry.width
    return try SampleRecord(
      arrays: set.arrays.map {
        array(
          $0, set, shape: [stack.geometry.height, width],
          rates: (stack.truth[0].values, stack.truth[0].values), [interferogram])
      },
      metadata: Metadata(
        rate: rateName, pair: SamplePair(stack.network, stack.network.pairs[index]),
        scene: SampleScene(
          prepared.stack, sensor: stack.sensor, referencePixel: prepared.referencePixel,
          heights: stack.heights, coherence: stack.coherence,
          atmosphere: stack.atmosphere?.filter { origin in
            [stack.network.pairs[index].reference, stack.network.pairs[index].secondary]
              .contains { stack.network.dates[$0] == origin.date }
          })))
  }
}
