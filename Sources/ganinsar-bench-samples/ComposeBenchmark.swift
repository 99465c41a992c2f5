import Foundation
import InSARPhase
import Kernel

/// Measures the time to make complete samples: rate map of a point source, turbulence of two dates,
/// stratification, ramp, decorrelation, sum and wrapped phase, all kept in memory.
struct ComposeBenchmark: Codable {
  let size: Int
  let looks: Double
  let threads: Int
  let samplesPerRepetition: Int
  /// Medians over the repetitions.
  let samplesPerSecond: Double
  let wallSeconds: Double
  let cpuSeconds: Double
  let peakMemoryMib: Double

  enum CodingKeys: String, CodingKey {
    case size, looks, threads
    case samplesPerRepetition = "samples_per_repetition"
    case samplesPerSecond = "samples_per_second"
    case wallSeconds = "wall_seconds"
    case cpuSeconds = "cpu_seconds"
    case peakMemoryMib = "peak_memory_mib"
  }

  /// Every thread makes `samples` samples, once to warm up and `repetitions` times more, all
  /// numbers 1 or more; the time includes building the composers.
  /// - Throws: what `SampleComposer` throws.
  init(settings: SampleSettings, threads: Int, samples: Int, repetitions: Int) throws {
    var walls: [Double] = []
    var cpus: [Double] = []
    for repetition in 0...repetitions {
      let before = ProcessUsage.current().cpuSeconds
      let elapsed = try ContinuousClock().measure {
        try Self.run(settings, threads: threads, samples: samples)
      }
      guard repetition > 0 else { continue }
      walls.append(elapsed / .seconds(1))
      cpus.append(ProcessUsage.current().cpuSeconds - before)
    }
    size = settings.size
    looks = settings.model.decorrelation.looks
    self.threads = threads
    samplesPerRepetition = threads * samples
    wallSeconds = Percentile.upperMedian(walls)
    cpuSeconds = Percentile.upperMedian(cpus)
    samplesPerSecond = Double(samplesPerRepetition) / wallSeconds
    peakMemoryMib = Double(ProcessUsage.current().peakMemoryBytes) / 1_048_576
  }

  private static func run(_ settings: SampleSettings, threads: Int, samples: Int) throws {
    let results = Parallel.results(0..<threads, threads: threads) { thread in
      let composer = try SampleComposer(settings, seed: 1)
      let heights = RelativeHeights(demMeters: try dem(settings))
      var cover: CoherenceMap?
      for index in thread * samples..<(thread + 1) * samples {
        let rate = try rateMap(index, settings)
        // One place gives several interferograms.
        if index % samplesPerCover == 0 || cover == nil {
          cover = try composer.groundCover(index / samplesPerCover, heights: heights)
        }
        _ = try composer.sample(index, rateCMPerYear: rate, heights: heights, cover: cover)
      }
    }
    for result in results { try result.get() }
  }

  /// Samples with the same ground cover.
  static let samplesPerCover = 6

  static func rateMap(_ index: Int, _ settings: SampleSettings) throws -> [Float] {
    try PointSourceRates().map(
      index, size: settings.size, pixelSizeMeters: settings.pixelSizeMeters,
      radar: RadarGeometry(settings.sensor), seed: 1)
  }

  /// Rough hills of about 300 m, for the stratification.
  static func dem(_ settings: SampleSettings) throws -> [Float] {
    try RandomField(
      width: settings.size, height: settings.size, pixelSizeMeters: settings.pixelSizeMeters,
      spectrum: TurbulenceSpectrum(slopes2D: [3.2], outerScaleMeters: 20_000),
      scale: .deviation(300),
      padding: 1
    ).field(CounterRandom(1, .benchmarkInput))
  }
}
