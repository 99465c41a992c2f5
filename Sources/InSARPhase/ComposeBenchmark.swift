import Dispatch
import Foundation
import RunSupport
import Synchronization
import TorchCore

/// Times the making of complete samples: rate map of a point source, turbulence of two dates,
/// stratification, ramp, decorrelation, sum and wrapped phase, all kept in memory.
public struct ComposeBenchmark: Sendable, Codable {
  public let size: Int
  public let looks: Double
  public let threads: Int
  public let batch: Int
  public let device: String
  public let samplesPerRepetition: Int
  /// Medians over the repetitions.
  public let samplesPerSecond: Double
  public let wallSeconds: Double
  public let cpuSeconds: Double
  public let peakMemoryMib: Double

  enum CodingKeys: String, CodingKey {
    case size, looks, threads, batch, device
    case samplesPerRepetition = "samples_per_repetition"
    case samplesPerSecond = "samples_per_second"
    case wallSeconds = "wall_seconds"
    case cpuSeconds = "cpu_seconds"
    case peakMemoryMib = "peak_memory_mib"
  }

  /// Every thread makes `batches` batches of `batch` samples, once to warm up and `repetitions` times
  /// more; building the composers is part of what is timed.
  /// - Throws: `InSARPhaseError.settings` for a number below 1 and what `SampleComposer` throws.
  public init(
    settings: SampleSettings, threads: Int, batch: Int, batches: Int, repetitions: Int,
    device: Device = .cpu
  ) throws {
    var check = ParameterCheck()
    for (name, value) in [
      ("threads", threads), ("batch", batch), ("batches", batches), ("repetitions", repetitions),
    ] {
      check.inside(name, Double(value), 1...1_000_000)
    }
    try check.throwFaults()
    var walls: [Double] = []
    var cpus: [Double] = []
    for repetition in 0...repetitions {
      let before = ProcessUsage.current().cpuSeconds
      let clock = ContinuousClock()
      let elapsed = try clock.measure {
        try Self.run(settings, threads: threads, batch: batch, batches: batches, device: device)
      }
      guard repetition > 0 else { continue }
      let (seconds, attoseconds) = elapsed.components
      walls.append(Double(seconds) + Double(attoseconds) * 1e-18)
      cpus.append(ProcessUsage.current().cpuSeconds - before)
    }
    size = settings.size
    looks = settings.model.decorrelation.looks
    self.threads = threads
    self.batch = batch
    self.device = "\(device)"
    samplesPerRepetition = threads * batch * batches
    wallSeconds = walls.sorted()[repetitions / 2]
    cpuSeconds = cpus.sorted()[repetitions / 2]
    samplesPerSecond = Double(samplesPerRepetition) / wallSeconds
    peakMemoryMib = Double(ProcessUsage.current().peakMemoryBytes) / 1_048_576
  }

  private static func run(
    _ settings: SampleSettings, threads: Int, batch: Int, batches: Int, device: Device
  ) throws {
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      do {
        Runtime.threads = 1
        let composer = try SampleComposer(settings, seed: 1, device: device)
        let radar = RadarGeometry(settings.sensor)
        let dem = try Self.dem(settings, device: device)
        for number in 0..<batches {
          let first = (thread * batches + number) * batch
          let rates = try PointSourceRates().maps(
            count: batch, size: settings.size, pixelSizeMeters: settings.pixelSizeMeters,
            radar: radar, seed: 1, firstIndex: first, device: device)
          let samples = try composer.compose(
            rateCMPerYear: rates, demMeters: dem, firstIndex: first)
          _ = samples.wrapped
        }
        try Runtime.synchronize(device)
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Rough hills of some 300 m: what stratification is made from.
  static func dem(_ settings: SampleSettings, device: Device) throws -> Tensor {
    let field = try RandomField(
      width: settings.size, height: settings.size, pixelSizeMeters: settings.pixelSizeMeters,
      spectrum: TurbulenceSpectrum(slopes2D: [3.2], outerScaleMeters: 20_000), deviation: 300,
      padding: 1)
    return try field.fields([CounterRandom(1, .benchmarkInput)], device: device)
      .unsqueeze(1)
  }
}
