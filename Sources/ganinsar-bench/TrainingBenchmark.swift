import Datasets
import GANModel
import GANTraining
import Kernel
import TorchCore
import TorchNN

/// Measures the time of training iterations and generation in one process.
struct TrainingBenchmark: Sendable, Codable {
  /// Median times of iterations without and with CutMix in s, and their mean (half of the
  /// iterations use it).
  let plainSeconds: Double
  let cutmixSeconds: Double
  let seconds: Double
  let plainCpuSeconds: Double
  let cutmixCpuSeconds: Double
  /// Time of one batch in the generator in evaluation mode, in s.
  let generateSeconds: Double
  let peakMemoryMib: Double
  /// Peak memory of the GPU; 0 on a CPU.
  let peakDeviceMemoryMib: Double
  let device: String

  enum CodingKeys: String, CodingKey {
    case plainSeconds = "plain_seconds"
    case cutmixSeconds = "cutmix_seconds"
    case seconds
    case plainCpuSeconds = "plain_cpu_seconds"
    case cutmixCpuSeconds = "cutmix_cpu_seconds"
    case generateSeconds = "generate_seconds"
    case peakMemoryMib = "peak_memory_mib"
    case peakDeviceMemoryMib = "peak_device_memory_mib"
    case device
  }

  /// Runs 2 warm-up iterations and `iterations` timed ones, of each kind.
  init(_ configuration: TrainingConfiguration, dataset: RateDataset, iterations: Int) throws {
    func times(cutMix: Double) throws -> (wall: Double, cpu: Double) {
      var configuration = configuration
      configuration.cutMix.probability = cutMix
      configuration.cutMix.warmUpEpochs = 0
      let trainer = try Trainer(configuration: configuration, dataset: dataset)
      return try Self.medians(iterations, trainer.device) { _ = try trainer.step() }
    }
    let plain = try times(cutMix: 0)
    let cutMix = try times(cutMix: 1)
    let generator = try Generator(
      configuration.architecture, RandomGenerator(seed: 0, .placeholderWeights))
    try generator.setTraining(false)
    let device = try Device(configuration.execution.device)
    try generator.move(to: device)
    let generation = try withoutGradients {
      try Self.medians(iterations, device) {
        let latents = try Latents.samples(
          0..<configuration.batchSize, size: configuration.architecture.latentSize, seed: 0)
        _ = try generator(latents.to(device: device))
      }
    }
    plainSeconds = plain.wall
    cutmixSeconds = cutMix.wall
    seconds = (plain.wall + cutMix.wall) / 2
    plainCpuSeconds = plain.cpu
    cutmixCpuSeconds = cutMix.cpu
    generateSeconds = generation.wall
    peakMemoryMib = Double(ProcessUsage.current().peakMemoryBytes) / 1_048_576
    peakDeviceMemoryMib = Double(try Runtime.memoryBytes(device).peak) / 1_048_576
    self.device = "\(device)"
  }

  private static func medians(
    _ count: Int, _ device: Device, _ body: () throws -> Void
  ) throws -> (wall: Double, cpu: Double) {
    var walls: [Double] = []
    var cpus: [Double] = []
    for index in 0..<(count + 2) {
      var timer = IntervalTimer()
      try body()
      try Runtime.synchronize(device)
      let lap = timer.lap()
      guard index >= 2 else { continue }
      walls.append(lap.wallSeconds)
      cpus.append(lap.cpuSeconds)
    }
    return (Percentile.upperMedian(walls), Percentile.upperMedian(cpus))
  }
}
